"""Who is told of trouble, and when again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

TELL_AGAIN = timedelta(minutes=15)
TRY_AGAIN = timedelta(seconds=60)  # when nobody could be reached at all


# A post waits for a reader: after the first round, and after each of the next. No later round is
# closer than the last of these, or a draft left on Friday would fill everybody's Saturday.
READ_AGAIN = [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4)]
READ_AGAIN_URGENT = [timedelta(minutes=5), timedelta(minutes=15)]
SOON = timedelta(hours=1)  # what goes out so soon is asked for like what is urgent


def ask_again(rounds: int, left: timedelta | None, *, urgent: bool) -> timedelta:
    """How long after a round the next one is due.

    `rounds`: how often people were asked, this one included; `left`: until it should go out, None
    for at once.
    """
    steps = READ_AGAIN_URGENT if urgent or (left is not None and left <= SOON) else READ_AGAIN
    return steps[min(rounds, len(steps)) - 1]


def whom[T](chain: Sequence[T], rounds: int) -> Sequence[T]:
    """The first on the first round, and one more on each after it, until somebody takes it.

    `chain`: who is responsible, nearest first; `rounds`: how often people were told before.
    """
    return list(dict.fromkeys(chain))[: rounds + 1]
