"""How long the inbox's pages take, with many conversations in it.

./run bench inbox [--conversations 100000] [--rounds 40] [--json FILE]

On a SQLite database of its own, in a folder that is deleted afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

WORDS = [
    "bridge", "road", "closed", "harbour", "office", "stolen", "bicycle",
    "noise", "neighbour", "parade", "officer", "thanks", "question", "report",
    "number", "answer", "call", "street", "light", "dog", "school",
    "winter", "flood", "meeting", "permit",
]  # fmt: skip
AT_ONCE = 2_000


def main(words: Sequence[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench inbox", description=__doc__)
    asked.add_argument("--conversations", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=40)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="inbox-") as folder:
        told = measured(Path(folder), wish.conversations, wish.rounds)
    for name, row in told.items():
        print(f"{name:32} p50 {row['p50_ms']:7.1f} ms  p95 {row['p95_ms']:7.1f} ms"
              f"  {row['queries']} queries")  # fmt: skip
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")


def measured(folder: Path, many: int, rounds: int) -> dict[str, Any]:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "COMMONGROUND_SECRET_KEY": "for tools",
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    member = filled(many)
    client = Client()
    client.force_login(member)
    pages = {
        "unclaimed": "/answer/", "mine": "/answer/?view=mine", "waiting": "/answer/?view=waiting",
        "all": "/answer/?view=all", "search, one word": "/answer/?view=all&q=harbour",
        "search, three words": "/answer/?view=all&q=harbour+bicycle+flood",
        "search, a rare word": "/answer/?view=all&q=zebra",
    }  # fmt: skip
    deep = "/answer/"
    for _ in range(20):
        older = client.get(deep).context["page"].older
        deep = f"/answer/?before={older}"
    pages["unclaimed, the 20th page"] = deep
    return {name: timed(lambda at=at: client.get(at), rounds) for name, at in pages.items()}


def timed(ask: Callable[[], Any], rounds: int) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        assert ask().status_code == 200
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return {
        "p50_ms": statistics.median(took), "p95_ms": took[int(0.95 * (len(took) - 1))],
        "queries": len(seen),
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
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return member
