"""When so much goes out in one name that somebody else may be using it."""

from __future__ import annotations

from datetime import timedelta

# The Metropolitan Police's own publishing tool was used by others on 19 July 2019: a burst of
# posts within minutes, on every channel at once. People who serve the public seldom have three
# different things to say in five minutes; in an emergency they may.
WITHIN = timedelta(minutes=5)
MORE_IF_URGENT = 2  # times as many: a warning that waits does harm


def brakes(before: int, most: int, *, urgent: bool) -> bool:
    """Whether the next post waits for a person. `before`: how many different ones went out just
    now; `most`: how many may, 0 for any number."""
    return bool(most) and before >= most * (MORE_IF_URGENT if urgent else 1)
