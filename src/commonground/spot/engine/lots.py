"""Drawing lots among posts, so that every worker draws the same.

By a post's time scrambled, and not by time itself, because in a great flood yesterday's event
would stand before today's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.hashing import mixed, mixed_all


def lot(at: float) -> int:
    """A number by a post's time that has nothing to do with when it was; the same everywhere."""
    return mixed(round(at * 1e6))


def lots(at: NDArray[np.float64]) -> NDArray[np.uint64]:
    return mixed_all(np.round(at * 1e6).astype(np.uint64))


def drawn(lots: NDArray[np.uint64], share: float) -> NDArray[np.bool_]:
    """Which lots fall on so large a share of all."""
    return lots < np.uint64(min(share, 1 - 2**-53) * 2**64)
