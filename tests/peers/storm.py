"""Many deliveries, workers that are killed and frozen at random, a server that lies, and
databases that fail. Prints one JSON line: what was lost, repeated, or told to nobody.

    python -m tests.peers.storm '{"deliveries": 240, "kills": 35}' FOLDER

Time is shortened: each span of the rules - deadline, lease, pauses - lasts a tenth of what it
lasts on a desk, and the server's delays with it; or as small a part as "shorter" says, for a
machine that others use as well. Nothing else is changed.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

WISH: dict[str, Any] = {
    "deliveries": 240, "kills": 35, "faulty": 0.35, "seed": 1, "workers": 2, "url": "",
    "troubles": [], "only": {}, "limit": 170, "batch": 12, "kill_every": [0.4, 2.2], "frozen": 0.2,
    "queue": "", "shorter": 10, "spread": 0, "accounts": 1,
}  # fmt: skip
ROOT = Path(__file__).parents[2]


def shorten(times: float) -> None:
    """Every span of the rules, so many times shorter: before anything that reads them is loaded."""
    from commonground.say.engine import delivering, telling

    for module in (delivering, telling):
        for name, value in list(vars(module).items()):
            if isinstance(value, timedelta):
                setattr(module, name, value / times)
    delivering.TOLD_WITHIN = tuple(span / times for span in delivering.TOLD_WITHIN)  # type: ignore[assignment]
    from commonground.say.actions import shifts
    from commonground.say.models import deliveries

    deliveries.CALL_AGAIN /= times
    for name in ("SILENT_FOR", "SEEN_EVERY", "WATCH_LASTS"):
        setattr(shifts, name, getattr(shifts, name) / times)


def set_up(folder: Path, url: str, queue: str, shorter: float) -> None:
    os.environ["COMMONGROUND_QUEUE"] = queue
    os.environ["COMMONGROUND_DATABASE_URL"] = url or f"sqlite:///{folder}/desk.sqlite3"
    os.environ |= {"COMMONGROUND_UNDO_SECONDS": "0", "COMMONGROUND_HANDS": "12",
                   "DJANGO_SETTINGS_MODULE": "tests.settings"}  # fmt: skip
    import django

    django.setup()
    shorten(shorter)
    # Each network's own chores are looked for in its folder, and the two made below have none.
    import commonground.channels.tasks
    from commonground.channels.contract import Settles
    from commonground.channels.networks import networks

    known = networks()
    for name, settles in (("looking", Settles.BY_LOOKING), ("blind", Settles.NEVER)):
        known[name] = replace(known["mastodon"], name=name, settles=settles)
    # What is slow to load is loaded once, here, and not in each worker.
    import mastodon  # noqa: F401

    import commonground.channels.networks.bluesky.repo
    import commonground.say.tasks  # noqa: F401
    from commonground.say.engine import coach

    coach.get_ready()


def die_with_parent() -> None:
    """However this harness ends, no worker of it is left behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def in_a_fork(work: Callable[[], object], *, wait: bool = True) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            die_with_parent()
            work()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    if wait and os.waitpid(child, 0)[1]:
        raise SystemExit("the desk could not be set up")
    return child


KINDS = {"A": "mastodon", "B": "bluesky", "C": "looking", "D": "blind"}


def found(address: str, accounts: int) -> Callable[[], None]:
    def work() -> None:
        from django.core.management import call_command

        from tests import given

        call_command("migrate", verbosity=0)
        agency = given.an_agency()
        author = given.a_member(agency=agency)
        given.a_member(agency=agency, roles=["approver"])
        for kind, network in KINDS.items():
            for name in (f"{kind}{n}" for n in range(1, accounts + 1)):
                secrets = {"app_password": "x"} if kind == "B" else {"token": name}
                given.a_channel(
                    agency=agency, network=network, address=address, secrets=secrets, name=name,
                    handle=f"{name}.test" if kind == "B" else "", authorised=[author],
                )  # fmt: skip

    return work


def approve_some(numbers: range, accounts: int) -> Callable[[], None]:
    """Each post goes to one account of each class: a look reaches back 165 posts of one."""

    def work() -> None:
        from commonground.channels.models import Channel
        from commonground.say.actions import approve, submit
        from tests import given

        for n in numbers:
            names = [f"{kind}{n % accounts + 1}" for kind in KINDS]
            channels = list(Channel.objects.filter(name__in=names))
            author = channels[0].authorisations.get().member
            approver = author.agency.members.get(role_rows__role="approver")
            post = given.a_post(by=author, channels=channels, text=f"Post number {n}.")
            submit(post, by=author)
            approve(post, read=post.digest, by=approver)

    return work


def work(disk: int | None = None) -> Callable[[], None]:
    """A worker as `commonground work` runs it. `disk`: no file may grow beyond this."""

    def run() -> None:
        import logging
        from threading import Event

        from commonground.kit.clock import keep_running

        logging.disable(logging.CRITICAL)
        if disk is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        keep_running(stop)

    return run


class Storm:
    def __init__(self, wish: dict[str, Any], folder: Path, address: str) -> None:
        self.wish, self.folder, self.address = wish, folder, address
        self.rng = random.Random(wish["seed"])  # noqa: S311
        self.workers = {in_a_fork(work(), wait=False): 0.0 for _ in range(wish["workers"])}
        self.kills = self.freezes = self.made = self.numbered = 0
        self.troubles = list(wish["troubles"])
        self.began = time.monotonic()

    def blow(self) -> None:
        """Until every delivery is settled or told, and as many workers died as was wished."""
        lowest, highest = self.wish["kill_every"]
        next_kill = time.monotonic() + self.rng.uniform(lowest, highest)
        while time.monotonic() - self.began < self.wish["limit"]:
            self.make_more()
            if time.monotonic() >= next_kill and not self.is_over():
                self.strike()
                next_kill = time.monotonic() + self.rng.uniform(lowest, highest)
            self.thaw()
            if self.is_over() and self.pending() == 0:
                return
            time.sleep(0.2)

    def is_over(self) -> bool:
        """Leave the last ones in peace: the desk must be given a chance to end."""
        return self.kills >= self.wish["kills"] and self.made >= self.wish["deliveries"]

    def make_more(self) -> None:
        spread = self.wish["spread"] or self.wish["limit"] * 0.45
        should = self.wish["deliveries"] * (time.monotonic() - self.began) / spread
        if self.made < self.wish["deliveries"] and self.made <= should:
            # Numbers are never used again: some of a batch that failed may have been approved.
            numbers = range(self.numbered, self.numbered + self.wish["batch"] // 4)
            self.numbered = numbers.stop
            accounts = self.wish["accounts"]
            if with_luck(lambda: in_a_fork(approve_some(numbers, accounts))):
                self.made += len(numbers) * 4

    def strike(self) -> None:
        """Kill one, or freeze it for longer than its leases last."""
        running = [pid for pid, until in self.workers.items() if not until]
        if not running:
            return
        pid = self.rng.choice(running)
        if self.troubles and self.kills > 5:
            self.trouble(self.troubles.pop(0))
        if self.rng.random() < self.wish["frozen"]:
            nap = self.rng.uniform(80, 120) / self.wish["shorter"]
            os.kill(pid, signal.SIGSTOP)
            # Whoever is frozen may hold the lock we wait for: somebody else must thaw it.
            subprocess.Popen(["sh", "-c", f"sleep {nap:.1f}; kill -CONT {pid} 2>/dev/null"])
            self.workers[pid] = time.monotonic() + nap
            self.freezes += 1
        else:
            self.end(pid)
            self.kills += 1
        self.workers[in_a_fork(work(), wait=False)] = 0.0

    def end(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        del self.workers[pid]

    def thaw(self) -> None:
        for pid, until in list(self.workers.items()):
            if until and time.monotonic() > until:
                os.kill(pid, signal.SIGCONT)
                self.workers[pid] = 0.0
                if len(self.workers) > self.wish["workers"] + 1:
                    self.end(pid)

    def trouble(self, name: str) -> None:
        """What may befall a database."""
        if name == "busy":  # longer than a lease
            line = sqlite3.connect(self.folder / "desk.sqlite3", isolation_level=None, timeout=30)
            line.execute("BEGIN EXCLUSIVE")
            time.sleep(90 / self.wish["shorter"])
            line.execute("ROLLBACK")
            line.close()
        elif name == "full":
            size = (self.folder / "desk.sqlite3").stat().st_size
            pid = in_a_fork(work(disk=size), wait=False)
            time.sleep(6)
            self.workers[pid] = 0.0
            self.end(pid)

    def pending(self) -> int:
        return int(self.asked(count_pending))

    def asked(self, question: Callable[[], object]) -> Any:
        reader, writer = os.pipe()

        def tell() -> None:
            os.write(writer, json.dumps(question()).encode())

        child = in_a_fork(tell, wait=False)
        os.close(writer)
        with os.fdopen(reader, "rb") as said:
            answer = said.read()
        os.waitpid(child, 0)
        return json.loads(answer) if answer else 1

    def close(self) -> None:
        for pid in list(self.workers):
            with_luck(lambda pid=pid: self.end(pid))


def with_luck(act: Callable[[], object]) -> bool:
    """A database that is down refuses whoever approves, too: then nothing was promised."""
    with suppress(SystemExit, OSError):
        act()
        return True
    return False


def count_pending() -> int:
    """Unsettled, and more may come of it soon; not what somebody was told of whose network wants
    to be left alone for an hour."""
    from django.utils import timezone

    from commonground.say.models import Delivery

    left = Delivery.objects.unfinished().filter(handed_over_at=None)
    soon = timezone.now() + timedelta(minutes=5)
    return left.exclude(told_at__isnull=False, next_at__gt=soon).count()


def outcome() -> list[dict[str, Any]]:
    from commonground.record.actions import verify
    from commonground.say.models import Delivery

    rows = Delivery.objects.values(
        "variant__text", "variant__channel__name", "state", "raised_at", "handed_over_at", "attempt"
    )
    broken = verify()
    return [
        {"text": f"{r['variant__channel__name']} {r['variant__text']}", "state": r["state"],
         "told": bool(r["raised_at"]), "handed": bool(r["handed_over_at"]),
         "attempts": r["attempt"], "record": broken.why if broken else "whole"}
        for r in rows
    ]  # fmt: skip


def judged(rows: list[dict[str, Any]], seen: dict[str, Any], storm: Storm) -> dict[str, Any]:
    """What a person would find who compared the desk with the networks, post by post."""
    there = Counter(f"{e['who']} {e['text']}" for e in seen["effects"])
    ends = Counter(r["state"] + (", handed over" if r["handed"] else "") for r in rows)
    return {
        "deliveries": len(rows), "kills": storm.kills, "freezes": storm.freezes,
        "troubles": [t for t in storm.wish["troubles"] if t not in storm.troubles],
        "replies": seen["replies"], "faulty": round(seen["faulty"] / max(seen["replies"], 1), 2),
        "seconds": round(time.monotonic() - storm.began),
        "ends": dict(ends), "attempts": sum(r["attempts"] for r in rows),
        "lost": [r for r in rows if r["state"] == "sent" and not there[r["text"]]],
        "duplicated": [r for r in rows if there[r["text"]] > 1],
        "untold": [r for r in rows if r["state"] != "sent" and not r["told"]],
        "denied": [r for r in rows if r["state"] in ("declined", "late") and there[r["text"]]],
        "record": rows[0]["record"] if rows else "",
    }  # fmt: skip


def ready(address: str) -> dict[str, Any]:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{address}/effects", timeout=5) as answer:
                seen: dict[str, Any] = json.loads(answer.read())
                return seen
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the unfriendly server did not start")


def main() -> None:
    wish, folder = {**WISH, **json.loads(sys.argv[1])}, Path(sys.argv[2])
    from tests.peers.starting import free_port

    port = free_port()
    ways = {k: wish[k] for k in ("seed", "faulty", "only")} | {"deadline": 30 / wish["shorter"]}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.peers.unfriendly", str(port), json.dumps(ways)], cwd=ROOT
    )
    try:
        address = f"http://127.0.0.1:{port}"
        ready(address)
        set_up(folder, wish["url"], wish["queue"], wish["shorter"])
        in_a_fork(found(address, wish["accounts"]))
        storm = Storm(wish, folder, address)
        try:
            storm.blow()
        finally:
            storm.close()
        time.sleep(70 / wish["shorter"])  # whatever is still on its way arrives now, to be counted
        sys.stdout.write(json.dumps(judged(storm.asked(outcome), ready(address), storm)) + "\n")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
