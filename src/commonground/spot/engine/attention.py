"""How much of a moment's attention is still to come, as earlier moments here went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FEWEST_MOMENTS = 8  # of fewer nobody should conclude anything
LIKELY = (0.1, 0.9)  # the interval leaves out the odd moment at either end

type Curve = Sequence[tuple[float, int]]  # seconds since it opened, posts in that step


def still_ahead(age: float, past: Sequence[Curve]) -> tuple[float, float] | None:
    """The share of all its posts still to come, from and to, between 0 and 1.

    `age`: seconds since the moment opened. `past`: whole curves of moments that are over. The
    interval holds eight in ten of those that were still talked about at that age; None
    while fewer than `FEWEST_MOMENTS` of them were.
    """
    shares = telling(age, past)
    if len(shares) < FEWEST_MOMENTS:
        return None
    low, high = np.quantile(shares, LIKELY)
    return float(low), float(high)


def telling(age: float, past: Sequence[Curve]) -> list[float]:
    """What came after this age in each of those that were still talked about by then."""
    return [share for curve in past if (share := later_share(age, curve))]


def later_share(age: float, curve: Curve) -> float:
    """The share of a curve's posts that came after this age."""
    total = sum(count for _, count in curve)
    return sum(count for at, count in curve if at > age) / total if total else 0.0
