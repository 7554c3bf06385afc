"""What is past its time, and what must stay all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from commonground.record.models import Entry, Erased, LegalHold, RetentionClass

NEVER = ("erase", "dispose", "reconcile")  # what tells of a loss is not lost


def class_of(entry: Entry, classes: Sequence[RetentionClass]) -> RetentionClass | None:
    """The first class that fits; None keeps the entry for good."""
    return next((c for c in classes if not c.verbs or entry.verb in c.verbs), None)


def days_kept(agency_id: object, verb: str) -> int | None:
    """For how long facts of such an act stay. None: for good."""
    classes = RetentionClass.objects.filter(agency=str(agency_id)).order_by("place")
    kept = class_of(Entry(verb=verb), list(classes))
    return kept.days if kept else None


def is_due(entry: Entry, classes: Sequence[RetentionClass], now: datetime) -> bool:
    kept = class_of(entry, classes)
    if kept is None or kept.days is None or entry.verb in NEVER:
        return False
    return entry.at < now - timedelta(days=kept.days)


def covers(hold: LegalHold, entry: Entry) -> bool:
    day = timezone.localdate(entry.at)
    return (
        hold.agency == entry.agency
        and hold.subject in ("", entry.subject)
        and (hold.since is None or hold.since <= day)
        and (hold.until is None or day <= hold.until)
    )


def held_back(entries: Sequence[Entry], holds: Sequence[LegalHold]) -> list[Entry]:
    return [entry for entry in entries if any(covers(hold, entry) for hold in holds)]


def standing_over(entry: Entry, holds: Sequence[LegalHold]) -> str:
    return ", ".join(hold.name for hold in holds if covers(hold, entry))


def past_their_time(agency_id: object, now: datetime, most: int) -> tuple[list[Entry], list[Entry]]:
    """The dry run: what could be erased now, oldest first, and what a legal hold keeps of it."""
    classes = list(RetentionClass.objects.filter(agency=str(agency_id)).order_by("place"))
    days = [kept.days for kept in classes if kept.days is not None]
    if not days:
        return [], []
    old = Entry.objects.filter(agency=str(agency_id), at__lt=now - timedelta(days=min(days)))
    old = old.exclude(number__in=Erased.objects.values("number")).order_by("number")
    due = list(islice((e for e in old.iterator(1000) if is_due(e, classes, now)), most))
    holds = list(LegalHold.objects.standing().filter(agency=str(agency_id)))
    kept = held_back(due, holds)
    return [entry for entry in due if entry not in kept], kept
