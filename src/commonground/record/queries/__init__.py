"""Reads of the record that pages share."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.conf import settings

from commonground.record.models import Entry, Head, Stamping
from commonground.record.queries.stamps import last_stamp

MOST = 500  # after a long sleep, "much changed" says enough


def where_it_stands() -> dict[str, object]:
    """What the line about the record says: whether it is whole, and who else saw it when."""
    head = Head.objects.first()
    stamp = last_stamp(head.epoch) if head and settings.ENV.stamp_url else None
    stamping = Stamping.objects.first() if settings.ENV.stamp_url else None
    return {"head": head, "stamp": stamp, "stamping": stamping}


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
