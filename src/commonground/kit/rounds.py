"""Writes down how the chores of this worker went, so that whoever watches the desk can read it.

Some chores run five times a second. A row for each run would cost more than the run: what is
remembered here is written every few seconds, for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from commonground.kit.clock import CHORES, Chore
from commonground.kit.models import Round

EVERY = 15.0  # seconds
TOLD: dict[str, int] = {}  # how many failures of each chore stand in the table already


def write_down(chores: Iterable[Chore] = CHORES) -> int:
    """The last run of each chore that ran; how many those are."""
    last = newest(chores)
    rows = [
        Round(
            chore=name[:120], seconds=one.seconds, ended_at=one.ended_at, took=one.took,
            failed_at=one.failed_at, trouble=one.trouble[:80],
        )
        for name, one in sorted(last.items())  # two workers take the rows in one order
    ]  # fmt: skip
    always = ["seconds", "ended_at", "took"]
    well = [row for row in rows if row.failed_at is None]
    badly = [row for row in rows if row.failed_at is not None]
    for some, fields in ((well, always), (badly, [*always, "failed_at", "trouble"])):
        Round.objects.bulk_create(
            some, update_conflicts=True, unique_fields=["chore"], update_fields=fields
        )
    count(chores)
    return len(rows)


def newest(chores: Iterable[Chore]) -> dict[str, Chore]:
    """A chore may be there several times, to be done by several at once: the last of them."""
    found: dict[str, Chore] = {}
    for one in sorted((c for c in chores if c.ended_at), key=lambda c: str(c.ended_at)):
        found[one.name] = one
    return found


def count(chores: Iterable[Chore]) -> None:
    """Add the failures since the last time: other workers count in the same row."""
    seen: dict[str, int] = {}
    for one in chores:
        seen[one.name] = seen.get(one.name, 0) + one.failures
    for name, failures in sorted(seen.items()):
        if more := failures - TOLD.get(name, 0):
            Round.objects.filter(chore=name[:120]).update(failures=F("failures") + more)
            TOLD[name] = failures
