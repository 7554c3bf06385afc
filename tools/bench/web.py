"""Every page of the desk and of the public site, at three sizes of one desk.

./run bench web [--size 1] [--rounds 8] [--database sqlite] [--only NAMES] [--docs] [--json FILE]
./run bench web --live 500

At size 1: a million heard posts, 100,000 conversations, 100,000 posts and their deliveries, 10,000
moments, 300 people, a thousand or more of all else, `--entries` in the record. It is filled to a
hundredth, a tenth and all of it, and each time every page of the journeys is asked for by whoever
sees it there. `processor_ms` is our own process alone; what the database worked is in the times.
With `--live` instead: how soon so many open pages hear of news, of one web process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.peers import peers

PARTS = (0.01, 0.1, 1.0)
# Milliseconds for nineteen of twenty looks, and questions to the database: the bars of a page.
DESK, PUBLIC = (200, 15), (150, 8)
Told = dict[str, dict[str, Any]]


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench web", description=__doc__)
    asked.add_argument("--size", type=float, default=1.0)
    asked.add_argument("--entries", type=int, default=100_000, help="of the record, at size 1")
    asked.add_argument("--rounds", type=int, default=8)
    asked.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked.add_argument("--only", help="names of screens, with commas between them")
    asked.add_argument("--live", type=int, metavar="PEOPLE")
    asked.add_argument("--docs", action="store_true", help="write docs/explanation/speed.md")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="web-") as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/desk.sqlite3"
        if wish.database == "postgresql":
            url = stack.enter_context(peers.postgresql()).url()
        set_up(url, folder)
        told = live(wish, url) if wish.live else sizes(wish)
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")
    if wish.docs:
        from tools.bench import web_docs

        web_docs.write(told)
    return 1 if told.get("over") else 0


def set_up(url: str, folder: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings", "COMMONGROUND_DATABASE_URL": url,
        "COMMONGROUND_RECORD_FOLDER": folder, "COMMONGROUND_HOSTS": "localhost",
        "COMMONGROUND_SITE_URL": "http://localhost", "COMMONGROUND_UNDO_SECONDS": "0",
    }  # fmt: skip
    import django

    django.setup()
    # The practice city has a time of its own, and so has its database.
    import conftest  # noqa: F401
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def live(wish: argparse.Namespace, url: str) -> dict[str, Any]:
    from tools.bench.live import heard

    return heard(wish.live, url) | {"database": wish.database, "load": os.getloadavg()[0]}


def sizes(wish: argparse.Namespace) -> dict[str, Any]:
    import time_machine
    from tests.journeys.stage import NOW
    from tests.town import Town, stage_set

    from tools.bench.web_filling import Filling

    told: dict[str, Any] = {
        "database": wish.database, "size": wish.size, "rounds": wish.rounds, "rows": {},
        "cores": os.cpu_count(), "load": os.getloadavg()[0], "pages": {},
    }  # fmt: skip
    with time_machine.travel(NOW) as clock, stage_set():
        town = Town(clock)
        filling = Filling(town.agency, wish.entries)
        for part in PARTS:
            told["rows"][part] = filling.to(part * wish.size)
            say(f"filled to {part}: {told['rows'][part]}; not grown: {filling.left_out}")
            for name, row in looked(town, wish.rounds, wish.only).items():
                told["pages"].setdefault(name, {})[str(part)] = row
    told["over"] = over(told["pages"])
    return told


def looked(town: Any, rounds: int, only: str | None) -> Told:
    names = {name.strip() for name in only.split(",")} if only else set()
    found: Told = {}
    for look in town.looks:
        if names and look.screen.name not in names:
            continue
        client = town.visitor(look.screen.who)
        row = timed(lambda at=look.at, client=client: client.get(at), rounds)
        found[look.screen.name] = row | {"at": look.at, "public": look.public}
    return found


def timed(ask: Callable[[], Any], rounds: int) -> dict[str, Any]:
    from django.db import connection

    asked: list[float] = []

    def count(execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *how)
        finally:
            asked.append(time.perf_counter() - began)

    ask()
    with connection.execute_wrapper(count):
        answer = ask()
    took, worked = [], []
    for _ in range(rounds):
        began, began_work = time.perf_counter(), time.thread_time()
        ask()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.thread_time() - began_work))
    took.sort()
    return {
        "status": answer.status_code, "queries": len(asked),
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[min(len(took) - 1, int(0.95 * len(took)))], 1),
        "processor_ms": round(statistics.median(worked), 1),
        "longest_question_ms": round(1000 * max(asked, default=0), 1),
    }  # fmt: skip


def over(pages: dict[str, Told]) -> list[str]:
    """What does not keep its bars, at the size where it is asked last."""
    found = []
    for name, by_size in pages.items():
        row = list(by_size.values())[-1]
        most_ms, most_queries = PUBLIC if row["public"] else DESK
        if row["p95_ms"] > most_ms:
            found.append(f"{name}: p95 {row['p95_ms']} ms")
        if row["queries"] > most_queries:
            found.append(f"{name}: {row['queries']} questions")
    return found


def say(words: str) -> None:
    sys.stderr.write(words + "\n")
