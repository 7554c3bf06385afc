"""What the clock does for the desk itself: writes down how its chores went, and forgets."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonground.kit import rounds
from commonground.kit.clock import Lane, every, last
from commonground.kit.models import AtWork, Remembered, Round

LONG_DEAD = timedelta(days=1)
NEVER_AGAIN = timedelta(days=30)  # a chore of a version that is gone


# Alone: it must be told in time that the lanes of the others are full.
@every(seconds=rounds.EVERY, lane=Lane.ALONE)
def write_down_rounds() -> None:
    rounds.write_down()


@every(seconds=600)
def forget_what_is_over() -> None:
    now = timezone.now()
    Remembered.objects.filter(until__lte=now).delete()
    AtWork.objects.filter(seen_at__lte=now - LONG_DEAD).delete()
    Round.objects.filter(ended_at__lte=now - NEVER_AGAIN).delete()


last(rounds.write_down)
