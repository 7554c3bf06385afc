"""When many say the same, they say it one after the other: all at once looks like machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

# Two echoes of one post are never closer. Colleagues who pass something on by themselves are
# seldom nearer; a network of machines posts within seconds.
APART = timedelta(minutes=5)
SPREAD = 7  # minutes more, by chance or by name: a beat of five minutes would look like a machine
FIRST = timedelta(minutes=15)  # somebody has to read it before


def slot(now: datetime, taken: Iterable[datetime], chance: int) -> datetime:
    """The first minute that is far enough from every other. `chance` is any whole number."""
    more = timedelta(minutes=chance % SPREAD)
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    at = minute + FIRST + more
    for other in sorted(taken):
        if abs(at - other) < APART:
            at = other + APART + more
    return at


def echo_of(headline: str, address: str, sentence: str) -> str:
    """A sentence of one's own, if one wants, and where the whole is to be read."""
    leads_on = f"{headline}\n{address}" if headline else address
    return f"{sentence}\n\n{leads_on}" if sentence else leads_on
