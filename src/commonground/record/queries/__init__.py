"""Reads of the record that pages share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from commonground.kit.paging import Page, by_number
from commonground.record.models import Entry, EntryQuerySet, Head

MOST = 500  # after a long sleep, "much changed" says enough
LOOKED_THROUGH = 2000  # sealed entries a page opens before it asks whether to go on


def looked_through(
    entries: EntryQuerySet, before: str, fits: Callable[[Entry], bool], size: int = 50
) -> Page[Entry]:
    """Newest first, those that fit among the next so many; a page may hold none and go on."""
    seen = by_number(entries, before, size=LOOKED_THROUGH)
    found = [entry for entry in seen.rows if fits(entry)]
    older = str(found[size - 1].number) if len(found) > size else seen.older
    return Page(found[:size], older, first=seen.first)


def news_since(mark: int) -> tuple[int, dict[str, Counter[str]]]:
    """What was written since entry number `mark`: agency -> kind of thing -> how many.

    One row is read when nothing happened. The first look (-1) only finds where we are.
    """
    count = Head.objects.values_list("count", flat=True).first() or 0
    news: dict[str, Counter[str]] = defaultdict(Counter)
    if 0 <= mark < count:
        fresh = Entry.objects.filter(number__gt=max(mark, count - MOST))
        for agency, subject in fresh.values_list("agency", "subject"):
            news[agency][subject.partition(":")[0]] += 1
    return count, news
