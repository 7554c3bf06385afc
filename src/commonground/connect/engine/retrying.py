"""When a program that did not answer is told again, and when a person must look."""

from __future__ import annotations

from datetime import timedelta

# Quick at first, for most trouble is a restart; then over a night, for the rest waits for people.
WAITS = [
    timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10),
    timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5), timedelta(hours=10),
]  # fmt: skip
LONGEST_ASKED = timedelta(hours=1)  # that a server's own Retry-After is followed
SWING = 0.2  # of a wait, so that all that failed together does not come back together


def wait_after(tries: int, chance: float, asked: float = 0.0) -> timedelta | None:
    """How long after this many tries in vain; None: no more, a person must look.

    `chance` is any number from 0 to 1, `asked` the seconds the other server wants.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1 + SWING * (2 * chance - 1))
    return max(wait, min(timedelta(seconds=asked), LONGEST_ASKED))
