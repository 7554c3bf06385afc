"""Whether posts that share a word speak of one thing, or of many that sound alike.

"Crash" is said of trains, of markets and of phones. Posts about one event resemble each other
as only few pairs of alarming posts do by chance; how few is learnt from the stream itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Vectors
from commonground.hear.engine.embedding import Embedder, unit
from commonground.spot.engine.screen import BINS, HIGHEST, LOWEST, places

BY_CHANCE = 0.05  # the share of chance pairs so alike that a group need be no more so
FEWEST_PAIRS = 300  # before chance is known
BESIDE = 4  # each post is compared with so many before it
MOST_COMPARED = 12  # posts of a group, the newest; more would say the same
MEMORY = 20_000.0


class Likeness:
    """Learns how alike posts are by chance, and says how a group stands against that."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.mean: NDArray[np.float64] = np.zeros(embedder.size)
        self.heard = 0.0
        self.bins: NDArray[np.float64] = np.zeros(BINS)
        self.lately: deque[NDArray[np.float32]] = deque(maxlen=BESIDE)

    def learn(self, vectors: Vectors, alarming: Sequence[bool]) -> None:
        """The posts of one slice: all for the mean, the alarming ones for chance pairs."""
        if not len(vectors):
            return
        self.heard = self.heard * max(0.0, 1 - len(vectors) / MEMORY) + len(vectors)
        self.mean += (vectors.mean(axis=0) - self.mean) * min(1.0, len(vectors) / self.heard)
        self.bins *= max(0.0, 1 - sum(alarming) / MEMORY)
        for vector, counts in zip(self.centred(vectors), alarming, strict=True):
            if counts:
                self.pair(vector)

    def pair(self, vector: NDArray[np.float32]) -> None:
        if self.lately:
            np.add.at(self.bins, places(np.stack(self.lately) @ vector), 1.0)
        self.lately.append(vector)

    def centred(self, vectors: Vectors) -> Vectors:
        """Without what all talk here has in common, such as its language."""
        return unit((vectors - self.mean).astype(np.float32))

    @property
    def rare(self) -> float:
        """How alike only few pairs are by chance; 0 while that is not known."""
        total = float(self.bins.sum())
        if total < FEWEST_PAIRS:
            return 0.0
        from_top = np.cumsum(self.bins[::-1])
        place = BINS - int(np.searchsorted(from_top, BY_CHANCE * total)) - 1
        return max(0.0, LOWEST + (place + 1) * (HIGHEST - LOWEST) / BINS)

    def of(self, texts: Sequence[str]) -> float:
        """From 0, no more alike than chance, to 1, as alike as few are; 1 while unknown."""
        rare = self.rare
        count = min(len(texts), MOST_COMPARED)
        if not rare or count < 2:
            return 1.0
        rows = self.rows(texts)
        together = rows.sum(axis=0)
        mean = (float(together @ together) - float((rows * rows).sum())) / (count * (count - 1))
        return round(min(1.0, max(0.0, mean / rare)), 4)

    def between(self, some: Sequence[str], others: Sequence[str]) -> float:
        """How alike the posts of two groups are to each other: 1 as few pairs are by chance."""
        rare = self.rare
        if not rare or not some or not others:
            return 1.0
        mean = float(self.rows(some).mean(axis=0) @ self.rows(others).mean(axis=0))
        return round(max(0.0, mean / rare), 4)

    def rows(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return self.centred(self.embedder.embed(texts[-MOST_COMPARED:])).astype(np.float64)
