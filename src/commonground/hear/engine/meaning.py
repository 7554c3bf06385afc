"""Which of the agency's topics a post is about, beyond its very words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Coarse, Vectors
from commonground.hear.engine.embedding import Embedder
from commonground.hear.engine.tokens import Texts, Tokens

ALIKE = 0.55  # cosine from which a post is about a topic


@dataclass(frozen=True)
class Meanings:
    """Topics described in words, and how alike a post must be to be about one.

    `goals` float32[topics, dimensions], a row of zeros for a topic without a description.
    """

    coarse: Coarse
    goals: Vectors
    alike: float = ALIKE

    @classmethod
    def of(cls, embedder: Embedder, about: Sequence[str], alike: float = ALIKE) -> Meanings:
        coarse = embedder.coarse(about)
        goals = coarse.embed(about)
        goals[[not text for text in about]] = 0
        return cls(coarse, goals, alike)

    def add_topics(self, joined: Texts, said: Tokens, topics: NDArray[np.uint64]) -> None:
        """Set the bits of topics a post is about, in `topics` uint64[n, t/64]."""
        like = self.coarse.likeness(joined, said, self.goals) >= self.alike
        for topic in np.flatnonzero(like.any(axis=0)).tolist():
            bit = np.uint64(1) << np.uint64(topic % 64)
            topics[like[:, topic], topic // 64] |= bit
