"""The inbox: how long its pages take, and how often they ask the database.

./run bench inbox [--conversations 100000] [--rounds 40] [--database postgresql] [--json FILE]

On a database that is filled with so many conversations, and deleted afterwards. `processor_ms`:
what a page takes of our own process, on a busy machine too; the database's part is not in it.
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
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.peers import peers

LIST_MS, QUERIES = 200, 15  # the bars of a page

WORDS = [
    "bridge", "road", "closed", "harbour", "office", "stolen", "bicycle",
    "noise", "neighbour", "parade", "officer", "grateful", "question", "report",
    "number", "answer", "call", "street", "light", "dog", "school",
    "winter", "flood", "meeting", "permit",
]  # fmt: skip
AT_ONCE = 2_000
HOST = "127.0.0.1"  # as browsers of this desk would ask


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench inbox", description=__doc__)
    asked.add_argument("--conversations", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=40)
    asked.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    shown = pages_of(wish)
    told = {"load": os.getloadavg()[0], "database": wish.database,
            "conversations": wish.conversations, "pages": shown}  # fmt: skip
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")
    slow = any(row["p95_ms"] > LIST_MS or row["queries"] > QUERIES for row in shown.values())
    return 1 if slow else 0


def pages_of(wish: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="inbox-") as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/desk.sqlite3"
        if wish.database == "postgresql":
            url = stack.enter_context(peers.postgresql()).url()
        return pages(url, folder, wish.conversations, wish.rounds)


def pages(url: str, folder: str, many: int, rounds: int) -> dict[str, Any]:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings", "COMMONGROUND_SECRET_KEY": "for tools",
        "COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_RECORD_FOLDER": folder,
        "COMMONGROUND_HOSTS": HOST,
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    member = filled(many)
    client = Client(headers={"host": HOST})
    client.force_login(member)
    shown = {
        "unclaimed": "/answer/", "mine": "/answer/?view=mine", "waiting": "/answer/?view=waiting",
        "all": "/answer/?view=all", "search, one word": "/answer/?view=all&q=harbour",
        "search, three words": "/answer/?view=all&q=harbour+bicycle+flood",
        "search, a rare word": "/answer/?view=all&q=zebra",
        "search, no such word": "/answer/?view=all&q=giraffe",
    }  # fmt: skip
    shown["unclaimed, the 20th page"] = the_20th(member)
    return {name: timed(lambda at=at: client.get(at), rounds) for name, at in shown.items()}


def the_20th(member: Any) -> str:
    """Where whoever pressed "Older" so often arrives."""
    from django.utils import timezone

    from commonground.answer import queries

    before = ""
    for _ in range(20):
        before = queries.page_of("unclaimed", member, timezone.now(), before=before).older
    return f"/answer/?{urlencode({'before': before})}"


def timed(ask: Callable[[], Any], rounds: int) -> dict[str, float]:
    from django.db import connection

    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        asked.append(sql)
        return execute(sql, *how)

    with connection.execute_wrapper(count):
        assert ask().status_code == 200
    took, worked = [], []
    for _ in range(rounds):
        began, began_work = time.perf_counter(), time.thread_time()
        ask()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.thread_time() - began_work))
    took.sort()
    return {
        "p50_ms": statistics.median(took), "p95_ms": took[int(0.95 * (len(took) - 1))],
        "processor_ms": statistics.median(worked), "queries": len(asked),
    }  # fmt: skip


def filled(many: int) -> Any:
    """An agency to which so many people wrote, a third of them done, some waiting, some had."""
    from django.utils import timezone
    from tests import given

    from commonground.answer.models import Conversation, Word, mark_of, word_marks

    channel = given.a_channel(network="mastodon")
    member = given.a_member(agency=channel.agency, roles=["author", "approver"])
    now, states = timezone.now(), ("open", "open", "done", "waiting", "done", "open")
    marks = {word: word_marks(channel.agency_id, word)[0] for word in [*WORDS, "zebra"]}
    for start in range(0, many, AT_ONCE):
        made, words = [], []
        for n in range(start, min(start + AT_ONCE, many)):
            said = {WORDS[n * k % len(WORDS)] for k in (1, 3, 7, 11, 13)}
            said |= {"zebra"} if n % 20_000 == 7 else set()
            row = Conversation(
                agency=channel.agency, channel=channel, thread=mark_of(1, f"t{n}"),
                person=mark_of(1, f"p{n}"), state=states[n % 6], rank=(2, 2, 1, 2, 0)[n % 5],
                shown={"name": f"Person {n}", "handle": f"@p{n}@town.example",
                       "line": " ".join(sorted(said))},
                first_at=now - timedelta(minutes=n), last_at=now - timedelta(minutes=n),
                due_at=now + timedelta(minutes=240 - n % 10_000),
                owner=member if n % 50 == 0 else None, proposed="question" if n % 4 else "",
            )  # fmt: skip
            made.append(row)
            words += [Word(conversation=row, mark=marks[word]) for word in said]
        Conversation.objects.bulk_create(made)
        Word.objects.bulk_create(words)
        print(f"{start + len(made):,} written to us", file=sys.stderr, flush=True)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return member
