"""A desk under load for hours: is anything lost, doubled or untold, and does memory grow?

./run soak [--minutes 120] [--deliveries 10000] [--burst 7] [--database postgresql] [--json FILE]

Web server, worker and database are a desk's own; the networks are mastodon-mock and our newsroom.
Each post goes to both. For a tenth of the time one author says `--burst` times as much as before.
Pages are looked at meanwhile, and every ten seconds the memory of each process is written down. It
ends by itself: when the time is over it waits at most ten minutes for what is still on its way.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.peers import peers
from tests.peers.starting import answers_on, free_port, running, stop

from tools.bench.live import used_by

ROOT = Path(__file__).parents[1]
SAMPLE_EVERY, LOOK_EVERY = 10.0, 1.0  # seconds
ACCOUNTS = 20  # on Mastodon, in turn
NETWORKS = 2  # each post goes to the newsroom and to one of the accounts
BURST_FROM, BURST_LASTS = 0.45, 0.1  # of the time
WAIT_AT_MOST = 600.0
TOLD_WITHIN = 300.0  # seconds from when it was due: else it is untold
LOOKED_AT = ("/newsroom/", "/", "/say/", "/record/", "/answer/", "/spot/")


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run soak", description=__doc__)
    asked.add_argument("--minutes", type=float, default=120)
    asked.add_argument("--deliveries", type=int, default=10_000)
    asked.add_argument("--burst", type=float, default=7)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and all that we started ends with us
    with ExitStack() as stack:
        told = Soak(wish, stack).run()
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0 if told["kept"] else 1


class Soak:
    def __init__(self, wish: argparse.Namespace, stack: ExitStack) -> None:
        self.wish, self.stack = wish, stack
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        self.server = stack.enter_context(peers.mastodon_mock(ACCOUNTS))
        self.over, self.samples = threading.Event(), []
        self.looks: list[float] = []
        self.failed_looks: list[str] = []
        self.set_up(self.database())
        self.cookie = self.people_and_channels()
        self.processes = self.start()

    def database(self) -> str:
        if self.wish.database == "sqlite":
            return f"sqlite:///{self.folder}/desk.sqlite3"
        return self.stack.enter_context(peers.postgresql()).url()

    def servers(self) -> dict[str, int]:
        """The database's own process, where it has one: the parent of whoever serves us."""
        from django.db import connection

        if connection.vendor != "postgresql":
            return {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            serving = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
        return {"database": int(serving.rpartition(")")[2].split()[1])}

    def set_up(self, url: str) -> None:
        self.port = free_port()
        os.environ |= {
            "COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_UNDO_SECONDS": "0",
            "DJANGO_SETTINGS_MODULE": "tests.settings", "COMMONGROUND_HOSTS": "localhost",
            "COMMONGROUND_SITE_URL": f"http://localhost:{self.port}",
            "COMMONGROUND_RECORD_FOLDER": str(self.folder),
        }  # fmt: skip
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)

    def people_and_channels(self) -> str:
        from django.test import Client
        from tests import given

        agency = given.an_agency()
        self.author = given.a_member(agency=agency)
        self.approver = given.a_member(agency=agency, roles=["approver"])
        ours = {"agency": agency, "authorised": [self.author]}
        self.site = given.a_channel(network="site", **ours)
        self.accounts = [
            given.a_channel(network="mastodon", address=self.server.url,
                            secrets={"token": f"person{n}"}, **ours)
            for n in range(ACCOUNTS)
        ]  # fmt: skip
        client = Client()
        client.force_login(self.author)
        return client.cookies["sessionid"].value

    def start(self) -> dict[str, int]:
        """The desk's processes, and the database's if it has any; by what they are called."""
        web = self.stack.enter_context(running(
            str(Path(sys.executable).with_name("granian")), "--interface", "asginl", "--host",
            "127.0.0.1", "--port", str(self.port), "--workers", "1", "--log-level", "warning",
            "commonground.asgi:application",
            ready=lambda: answers_on(self.port), log=self.folder / "web.log", cwd=str(ROOT),
        ))  # fmt: skip
        with (self.folder / "worker.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "commonground", "work"], cwd=ROOT, stdout=log, stderr=log
            )
        self.stack.callback(stop, worker, 15)
        return {"web": web.pid, "worker": worker.pid, **self.servers()}

    def run(self) -> dict[str, Any]:
        threads = [threading.Thread(target=act, daemon=True) for act in (self.sample, self.look)]
        for thread in threads:
            thread.start()
        began, before = time.monotonic(), self.processor()
        self.speak()
        spoken = time.monotonic() - began
        self.wait_for_the_rest()
        after = self.processor()
        self.over.set()
        for thread in threads:
            thread.join(60)
        used = {name: round(after[name] - before[name], 1) for name in after}
        return self.judged(spoken) | {"processor_s": used}

    def processor(self) -> dict[str, float]:
        return {name: used_by(pid)["cpu_s"] for name, pid in self.processes.items()}

    def speak(self) -> None:
        """Posts at an even pace, but for the burst; each approved by a second person."""
        many, seconds = self.wish.deliveries // NETWORKS, 60 * self.wish.minutes
        began = time.monotonic()
        for n, at in enumerate(times(many, seconds, self.wish.burst)):
            time.sleep(max(0.0, began + at - time.monotonic()))
            self.say_one(n)

    def say_one(self, n: int) -> None:
        from tests import given

        from commonground.say.actions import approve, submit

        channels = [self.site, self.accounts[n % ACCOUNTS]]
        post = given.a_post(by=self.author, channels=channels, text=text_of(n))
        submit(post, by=self.author)
        approve(post, read=post.digest, by=self.approver)

    def wait_for_the_rest(self) -> None:
        from commonground.say.models import Delivery

        until = time.monotonic() + WAIT_AT_MOST
        while Delivery.objects.unfinished().exists() and time.monotonic() < until:
            time.sleep(1)

    def sample(self) -> None:
        began = time.monotonic()
        while True:
            self.samples.append(
                {"at_s": round(time.monotonic() - began)}
                | {name: used_by(pid)["mb"] for name, pid in self.processes.items()}
            )
            if self.over.wait(SAMPLE_EVERY):
                return

    def look(self) -> None:
        n = 0
        while not self.over.wait(LOOK_EVERY):
            at, began = LOOKED_AT[n % len(LOOKED_AT)], time.perf_counter()
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}{at}",
                headers={"Host": "localhost", "Cookie": f"sessionid={self.cookie}"},
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    answer.read()
                self.looks.append(1000 * (time.perf_counter() - began))
            except OSError as why:
                self.failed_looks.append(f"{at}: {why}")
            n += 1

    def judged(self, spoken: float) -> dict[str, Any]:
        from django.utils import timezone

        from commonground.channels.networks.site.models import Page
        from commonground.record.actions import verify
        from commonground.record.models import Entry
        from commonground.say.models import Delivery

        rows = list(Delivery.objects.values(
            "variant__text", "variant__channel_id", "variant__channel__network", "state", "due_at",
            "seen_at", "raised_at",
        ))  # fmt: skip
        seen = Counter(f"{n} {text}" for n, text in self.on_mastodon())
        seen.update(f"{self.site.pk} {t}" for t in Page.objects.values_list("text", flat=True))
        names = {one.pk: n for n, one in enumerate(self.accounts)} | {self.site.pk: self.site.pk}
        there = [seen[f"{names[r['variant__channel_id']]} {r['variant__text']}"] for r in rows]
        late = timezone.now().timestamp() - TOLD_WITHIN
        lost = sum(r["state"] == "sent" and not n for r, n in zip(rows, there, strict=True))
        untold = sum(
            r["state"] != "sent" and not r["raised_at"] and r["due_at"].timestamp() < late
            for r in rows
        )
        waits = sorted((r["seen_at"] - r["due_at"]).total_seconds() for r in rows if r["seen_at"])
        self.looks.sort()
        told = {
            "minutes": self.wish.minutes, "database": self.wish.database, "cores": os.cpu_count(),
            "load": os.getloadavg()[0], "deliveries": len(rows), "posts": len(rows) // NETWORKS,
            "entries": Entry.objects.count(), "spoken_in_s": round(spoken),
            "ends": dict(Counter(r["state"] for r in rows)), "lost": lost,
            "duplicated": sum(n > 1 for n in there), "untold": untold,
            "seen_after_s": at_shares(waits), "record": "whole" if verify() is None else "broken",
            "looks": len(self.looks), "failed_looks": self.failed_looks,
            "look_ms": at_shares(self.looks), "growth_percent": growth(self.samples),
            "samples": self.samples,
        }  # fmt: skip
        wanted = self.wish.deliveries // NETWORKS * NETWORKS
        told["kept"] = (lost, told["duplicated"], untold, len(rows)) == (0, 0, 0, wanted)
        return told

    def on_mastodon(self) -> list[tuple[int, str]]:
        """What stands there, of each account, page by page."""
        found = []
        for n in range(ACCOUNTS):
            person = peers.MastodonServer(self.server.url, f"person{n}")
            me, older = person.say("GET", "/api/v1/accounts/verify_credentials")["id"], ""
            while page := person.say("GET", f"/api/v1/accounts/{me}/statuses?limit=40{older}"):
                found += [(n, plain(one["content"])) for one in page]
                older = f"&max_id={page[-1]['id']}"
        return found


def text_of(n: int) -> str:
    return f"Road works, part {n}: one lane is open until six."


def plain(content: str) -> str:
    return content.removeprefix("<p>").removesuffix("</p>")


def times(many: int, seconds: float, burst: float) -> list[float]:
    """When each is said: evenly, and so many times as often during the burst."""
    whole = 1 - BURST_LASTS + burst * BURST_LASTS  # of what is said, in units of the even pace
    pace = many / (whole * seconds)
    said, at = [], 0.0
    for _ in range(many):
        said.append(at)
        inside = BURST_FROM * seconds <= at < (BURST_FROM + BURST_LASTS) * seconds
        at += 1 / (pace * (burst if inside else 1))
    return said


def growth(samples: list[dict[str, Any]]) -> dict[str, float | None]:
    """Of each process's memory, from the first quarter of the time to the last, in percent."""
    quarter = len(samples) // 4
    if not quarter:
        return {}
    found = {}
    for name in samples[0].keys() - {"at_s"}:
        first, last = (statistics.mean(s[name] for s in some)
                       for some in (samples[:quarter], samples[-quarter:]))  # fmt: skip
        found[name] = round(100 * (last / first - 1), 1) if first else None
    return found


def at_shares(values: list[float]) -> dict[str, float]:
    """Of sorted values."""
    at = lambda share: round(values[min(len(values) - 1, int(share * len(values)))], 1)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95), "most": at(1)} if values else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
