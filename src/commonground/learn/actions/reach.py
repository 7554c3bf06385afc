"""Asking networks what came of our posts. It is their word, so the record need not hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from commonground.channels.contract.reach import Reach
from commonground.channels.models import Channel
from commonground.kit.clock import database_now
from commonground.learn import queries
from commonground.learn.models import Reached

AT_ONCE = 5  # where each is a question of its own, a network allows about one a second
FIRST = timedelta(minutes=10)  # after it was seen
LONGEST_WAIT = timedelta(days=2)


@transaction.atomic
def take_to_ask(channel: Channel) -> list[Reached]:
    """Those whose turn has come, each in one pair of hands. The next turn comes after as long
    again as the post has stood: most of what comes of one comes soon."""
    now = database_now()
    begin_asking(channel, now)
    due = Reached.objects.filter(delivery__variant__channel=channel, next_at__lte=now)
    due = due.exclude(delivery__network_id="").select_related("delivery")
    found = list(due.order_by("next_at")[:AT_ONCE])
    return [one for one in found if put_off(one, now)]


def begin_asking(channel: Channel, now: datetime) -> None:
    """Of what was seen lately and never asked about."""
    seen = queries.never_asked(now).filter(variant__channel=channel)
    Reached.objects.bulk_create(
        (Reached(delivery=one, next_at=(one.seen_at or now) + FIRST) for one in seen[:100]),
        ignore_conflicts=True,
    )


def put_off(one: Reached, now: datetime) -> bool:
    age = now - (one.delivery.seen_at or now)
    later = now + min(max(age, FIRST), LONGEST_WAIT) if age < queries.ASKED_FOR else None
    ours = Reached.objects.filter(pk=one.pk, next_at=one.next_at)
    return bool(ours.update(next_at=later))


@transaction.atomic
def keep_reach(asked: Sequence[Reached], told: Mapping[str, Reach]) -> None:
    """Keep what was said. Of what the network does not name the older figures stay."""
    now = database_now()
    for one in asked:
        if found := told.get(one.delivery.network_id):
            Reached.objects.filter(pk=one.pk).update(told_at=now, trouble="", **asdict(found))


def note_unknown(asked: Sequence[Reached], why: str) -> None:
    """It did not say. The page tells so, and what it said before stays."""
    Reached.objects.filter(pk__in=[one.pk for one in asked]).update(trouble=why[:200])
