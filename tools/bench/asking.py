"""Votes over HTTP at the pace of a full hour, and how far behind a hall's page is.

./run bench ask --http [--seconds 60] [--database postgresql] [--json FILE]

20,000 voters with 12 votes each within an hour are 67 votes a second. The run begins with the
ballots of the voters before, written straight into the tables, and then plays so many seconds of
that hour at its own pace through the real web server, pages and redirects included, with the real
worker beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.peers import peers
from tests.peers.starting import free_port

VOTERS, EACH, HOUR = 20_000, 12, 3600
PACE = VOTERS * EACH / HOUR  # votes a second
STATEMENTS = 40
HANDS = 32  # browsers at the same time
LOOK_EVERY = 0.1


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench ask --http", description=__doc__)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--before", type=int, default=VOTERS, help="voters before the run begins")
    asked.add_argument("--workers", type=int, default=2, help="processes of the web server")
    asked.add_argument("--hands", type=int, default=HANDS, help="browsers at the same time")
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-ask-")))
        url = f"sqlite:///{folder}/desk.sqlite3"
        if wish.database == "postgresql":
            url = stack.enter_context(peers.postgresql()).url()
        port = free_port()
        env = set_up(folder, url, port)
        word = a_question(wish.before)
        served = serve(stack, env, port, folder, wish)
        figures = {
            "pace": f"{PACE:.0f} votes a second: {VOTERS} voters with {EACH} votes each in an hour",
            "seconds played": wish.seconds, "voters before": wish.before,
            "votes before": wish.before * EACH, "database": wish.database,
            "web processes": wish.workers, "browsers": wish.hands, "cores": os.cpu_count(),
        }  # fmt: skip
        before = {name: cpu_of(pid) for name, pid in served.items()}
        figures |= play(port, word, wish.seconds, wish.hands)
        spent = {name: cpu_of(pid) - before[name] for name, pid in served.items()}
        figures["web processor ms a vote"] = round(spent["web"] / figures["votes"] * 1000, 1)
        figures["worker processor s"] = round(spent["worker"], 1)
        figures["one vote, no web"] = alone(word)
        figures["load"] = os.getloadavg()[0]
    print(json.dumps(figures, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


def set_up(folder: Path, url: str, port: int) -> dict[str, str]:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "commonground.settings",
        "COMMONGROUND_SITE_URL": f"http://localhost:{port}", "COMMONGROUND_HOSTS": "localhost",
        "COMMONGROUND_STATIC_ROOT": str(folder / "static"), "COMMONGROUND_PROXIES": "1",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return dict(os.environ)


def a_question(before: int) -> str:
    """Open to anybody, with so many voters already."""
    import numpy as np
    from tests import given

    from commonground.ask import actions, queries
    from commonground.ask.models import Ballot, Vote

    author = given.a_member()
    second = given.a_member(agency=author.agency, roles=["approver"])
    question = actions.draft(
        author.agency, by=author, seeds=[f"Statement {n}." for n in range(STATEMENTS)],
        word="harbour", title="How should we police the harbour?", purpose="The plan.",
        languages=["en"], tiers=["open"],
    )  # fmt: skip
    actions.open(question, read=queries.digest_of(question), by=second)
    chance = np.random.default_rng(0)
    leans = chance.normal(0, 1.5, (2, STATEMENTS)) + chance.normal(0.3, 0.8, STATEMENTS)
    keys = list(question.statements.order_by("number").values_list("pk", flat=True))
    ballots = Ballot.objects.bulk_create(
        (Ballot(question=question, tier="open", person=f"before {n}", cast=EACH, sealed=EACH)
         for n in range(before)), batch_size=2000,
    )  # fmt: skip
    votes = (
        Vote(ballot=ballot, statement_id=keys[s],
             value=1 if chance.random() < 1 / (1 + np.exp(-leans[n % 2, s])) else -1)
        for n, ballot in enumerate(ballots)
        for s in chance.choice(STATEMENTS, EACH, replace=False)
    )  # fmt: skip
    Vote.objects.bulk_create(votes, batch_size=5000)
    return question.word


def serve(
    stack: ExitStack, env: dict[str, str], port: int, folder: Path, wish: argparse.Namespace
) -> dict[str, int]:
    """The web server and the worker, by their process numbers."""
    served: dict[str, int] = {}
    granian = str(Path(sys.executable).with_name("granian"))
    web = [
        granian, "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port),
        "--no-ws", "--workers", str(wish.workers),
        "commonground.asgi:application",
    ]  # fmt: skip
    for name, command in (("web", web), ("worker", [sys.executable, "-m", "commonground", "work"])):
        log = stack.enter_context((folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        stack.callback(ended, process)
        served[name] = process.pid
    wait_until_drawn(port)
    return served


def cpu_of(pid: int) -> float:
    """Processor seconds of a process and its children so far."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if stat.parent.name == str(pid) or fields[1] == str(pid):
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def wait_until_drawn(port: int) -> None:
    """The worker reads a quarter of a million votes and draws them once before the run begins."""
    import httpx2

    from commonground.ask.models import Picture

    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            httpx2.get(f"http://localhost:{port}/ask/harbour/")
            if Picture.objects.exists():
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.3)
    sys.exit("the desk did not come up")


class Browser:
    """Somebody who votes: opens the page, presses a button, and is led to the next statement.

    The standard library's client: two cores are shared with the server that is measured.
    """

    def __init__(self, port: int, word: str, number: int) -> None:
        network = f"10.{number // 256 % 256}.{number % 256}.7"  # each from a /24 of their own
        self.line = HTTPConnection("localhost", port, timeout=60)
        self.headers = {"X-Forwarded-For": network}
        self.at, self.page = f"/ask/{word}/", ""

    def open(self) -> None:
        self.page = self.asked("GET", self.at)[1]

    def asked(self, how: str, path: str, body: str = "") -> tuple[HTTPResponse, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.line.request(how, path, body or None, self.headers | form)
        answer = self.line.getresponse()
        if cookie := answer.headers.get("Set-Cookie"):
            self.headers["Cookie"] = cookie.partition(";")[0]
        return answer, answer.read().decode()

    def vote(self) -> tuple[float, float]:
        """Seconds for the press, and for the press with the page it leads to."""
        typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        began = time.perf_counter()
        answer, text = self.asked("POST", f"{self.at}vote/", urlencode({**typed, "vote": "1"}))
        pressed = time.perf_counter() - began
        if answer.status != 302:
            raise RuntimeError(f"{answer.status}: {text[:300]}")
        self.page = self.asked("GET", answer.headers["Location"].partition("#")[0])[1]
        return pressed, time.perf_counter() - began


def play(port: int, word: str, seconds: int, hands_at_once: int) -> dict[str, Any]:
    """So many seconds of the hour. A vote that is due while all hands are busy waits, and its
    waiting counts."""
    from commonground.ask.models import Vote

    due = int(PACE * seconds)
    took: list[tuple[float, float]] = []
    late: list[float] = []
    failed: list[str] = []
    start = Vote.objects.count()
    watcher = Watcher()
    began = time.perf_counter() + 0.5

    def one_voter(number: int) -> None:
        browser = Browser(port, word, number)
        opened = False
        for n in range(EACH):
            at = began + (number * EACH + n) / PACE
            time.sleep(max(0.0, at - time.perf_counter()))
            try:
                if not opened:
                    browser.open()
                    opened = True
                begun = time.perf_counter()
                took.append(browser.vote())
                late.append(max(0.0, begun - at))
            except Exception as why:
                failed.append(repr(why)[:200])
        browser.line.close()

    with ThreadPoolExecutor(hands_at_once) as hands:
        list(hands.map(one_voter, range(due // EACH)))
    played = time.perf_counter() - began
    behind = watcher.stop()
    press, whole = ([t[i] for t in took] for i in (0, 1))
    return {
        "votes": len(took), "failed": len(failed), "why": failed[:3],
        "votes in the table": Vote.objects.count() - start,
        "votes a second": round(len(took) / played, 1),
        "a vote, ms": spread(press), "a vote and the next page, ms": spread(whole),
        "begun later than due, ms": spread(late), "picture behind the votes, s": behind,
    }  # fmt: skip


class Watcher:
    """How old the newest vote is that the hall's page does not show yet: looked at ten times a
    second, from the tables both read."""

    def __init__(self) -> None:
        self.over, self.behind = threading.Event(), []
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        from django.db import connection
        from django.utils import timezone

        from commonground.ask.models import Picture, Vote

        while not self.over.wait(LOOK_EVERY):
            shown = Picture.objects.values_list("votes", flat=True).first() or 0
            missing = Vote.objects.order_by("pk").values_list("at", flat=True)[shown : shown + 1]
            oldest = next(iter(missing), None)
            gap = (timezone.now() - oldest).total_seconds() if oldest else 0.0
            self.behind.append(max(gap, 0.0))
        connection.close()

    def stop(self) -> dict[str, float]:
        self.over.set()
        self.thread.join()
        return spread(self.behind, 1.0)


def alone(word: str) -> dict[str, float]:
    """Processor milliseconds of one vote without the web, and of one entry in the record: what
    an entry for each vote would add."""
    from commonground.ask import actions
    from commonground.ask.models import Ballot, Question
    from commonground.record.actions import THE_DESK, witness

    question = Question.objects.get(word=word)
    statements = list(question.statements.select_related("question")[:12])
    ballot = Ballot.objects.create(question=question, tier="open", person="alone")
    wall, cpu = time.perf_counter(), time.process_time()
    for n in range(240):
        actions.vote(ballot, statements[n % 12], n // 12 % 3 - 1)
    vote = (time.process_time() - cpu, time.perf_counter() - wall)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(240):
        witness("seal", question, by=THE_DESK, root="0" * 64)
    entry = (time.process_time() - cpu, time.perf_counter() - wall)
    names = ("vote cpu ms", "vote wall ms", "entry cpu ms", "entry wall ms")
    return dict(zip(names, (round(x / 240 * 1000, 2) for x in (*vote, *entry)), strict=True))


def spread(values: list[float], times: float = 1000.0) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = lambda share: round(ordered[int(share * (len(ordered) - 1))] * times, 2)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "most": at(1.0)}
