"""Who is told of trouble, and when again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

TELL_AGAIN = timedelta(minutes=15)
TRY_AGAIN = timedelta(seconds=60)  # when nobody could be reached at all


def whom[T](chain: Sequence[T], rounds: int) -> Sequence[T]:
    """The first on the first round, and one more on each after it, until somebody takes it.

    `chain`: who is responsible, nearest first; `rounds`: how often people were told before.
    """
    return list(dict.fromkeys(chain))[: rounds + 1]
