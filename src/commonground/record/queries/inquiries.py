"""What fits a request for records, and what of it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from commonground.record.engine.outsider.verify import REASONS
from commonground.record.engine.words import asked, words_of
from commonground.record.models import Entry, EntryQuerySet, Inquiry
from commonground.record.models.inquiries import SOON
from commonground.record.queries.exporting import EVERYTHING

GIVEN = {code: words for code, words in REASONS.items() if code != "erased"}


def due_soon(agency_id: object, today: date) -> list[Inquiry]:
    """Requests whose last day is near or over, the most pressing first."""
    ours = Inquiry.objects.pending().filter(agency=str(agency_id), due_on__lte=today + SOON)
    return list(ours.order_by("due_on")[:5])


def in_scope(inquiry: Inquiry) -> EntryQuerySet:
    """The entries between its days, before any is opened."""
    scope, rows = inquiry.scope, Entry.objects.filter(agency=inquiry.agency)
    if since := scope.get("since"):
        rows = rows.filter(at__gte=morning(date.fromisoformat(since)))
    if until := scope.get("until"):
        rows = rows.filter(at__lt=morning(date.fromisoformat(until) + timedelta(days=1)))
    return rows


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def span(rows: EntryQuerySet) -> tuple[int, int, int]:
    """The lowest and the highest number, and how many there are."""
    ends = rows.aggregate(low=Min("number"), high=Max("number"))
    return ends["low"] or 0, ends["high"] or 0, rows.count()


def fits(entry: Entry, scope: Mapping[str, Any]) -> bool:
    """Whether an opened entry is what was asked for: every word stands somewhere in it."""
    if entry.is_erased:
        return True  # what it said nobody can tell any more; that it was there is told
    wanted = asked(str(scope.get("who", "")), str(scope.get("words", "")))
    return wanted <= words_of(entry.facts)


def withholding(inquiry: Inquiry) -> Any:
    """For an export: what of each entry is not shown, and why."""
    found = set(inquiry.found)

    def withhold(entry: Entry) -> Mapping[str, str]:
        if entry.agency != inquiry.agency:
            return {EVERYTHING: "other-agency"}
        if entry.number not in found:
            return {EVERYTHING: "not-asked"}
        return inquiry.withheld(entry.number)

    return withhold
