"""Posts that are the same words again: forwarded, copied, or one template for many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

type Sketch = NDArray[np.uint32]

PLACES = 16
BANDS = 8  # two places a band: posts half alike meet in one of them nearly always
ALIKE = 0.5  # share of places, which estimates the share of words and pairs in common
REMEMBERED = 36 * 3600.0  # seconds; twice that at most
# Odd multipliers from the golden ratio: fixed, so that the same words always give the same sketch.
MULTIPLIERS = (
    (np.arange(1, PLACES + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
)[:, None]


def sketch(words: Sequence[str]) -> Sketch:
    """Sixteen numbers; two posts agree in about the share of words and pairs they share.

    Minwise hashing: Broder, "On the resemblance and containment of documents", 1997.
    """
    features = [*words, *(f"{a} {b}" for a, b in pairwise(words))]
    hashes = np.array([crc32(f.encode("utf-8", "replace")) for f in features], dtype=np.uint64)
    mixed: NDArray[np.uint64] = (hashes * MULTIPLIERS) >> np.uint64(32)
    least: Sketch = mixed.min(axis=1).astype(np.uint32)
    return least


class Sameness:
    """Remembers what was said in the last day and a half, and knows it when it comes again."""

    def __init__(self) -> None:
        self.fresh: dict[bytes, Sketch] = {}
        self.fading: dict[bytes, Sketch] = {}
        self.turned_at = 0.0

    def again(self, words: Sequence[str], at: float) -> bool:
        """Whether nearly these words were said before; they are remembered either way."""
        if not words:
            return True
        self.turn(at)
        mine = sketch(words)
        keys = [bytes((band,)) + mine[2 * band : 2 * band + 2].tobytes() for band in range(BANDS)]
        if self.met(keys, mine):
            return True
        for key in keys:
            self.fresh.setdefault(key, mine)
        return False

    def met(self, keys: Sequence[bytes], mine: Sketch) -> bool:
        for book in (self.fresh, self.fading):
            for key in keys:
                old = book.get(key)
                if old is not None and int((old == mine).sum()) >= ALIKE * PLACES:
                    return True
        return False

    def turn(self, at: float) -> None:
        """Forget in two steps, so that forgetting costs nothing."""
        if at - self.turned_at > REMEMBERED:
            self.fresh, self.fading, self.turned_at = {}, self.fresh, at
