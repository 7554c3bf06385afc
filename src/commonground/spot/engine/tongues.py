"""What each resource means in one language: its sense and its spellings, beside the others'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Vectors
from commonground.hear.engine.embedding import Embedder

PIECE = 4  # letters
PIECES_KEPT = 1 << 16

type Pieces = dict[int, float]


class Tongue:
    """`told`: what each resource says in this language, one text a resource."""

    def __init__(self, told: Sequence[str], words: Sequence[Sequence[str]], by: Embedder) -> None:
        rows = by.embed(told)
        self.middle = rows.mean(axis=0)
        # Without what all of them have in common, which is the language more than the matter.
        self.sense: Vectors = rows - self.middle
        self.pieces = [pieces_of(listed) for listed in words]
        self.words = frozenset(word for listed in words for word in listed)

    def fits(self, mean: NDArray[np.float32], said: Mapping[str, int]) -> float:
        """How surely posts with this mean sense and these words are in this language."""
        length = float(np.linalg.norm(self.middle))
        near = float(mean @ self.middle) / length if length else 0.0
        return near + sum(word in self.words for word in said) / max(1, len(said))

    def senses(self, mean: NDArray[np.float32]) -> list[float]:
        """How much nearer the posts' sense comes to each resource than to the others."""
        return [float(near) for near in np.maximum(self.sense @ mean, 0.0)]

    def spellings(self, said: Mapping[str, int]) -> list[float]:
        pieces = pieces_of(said)
        return [likeness(pieces, held) for held in self.pieces]


def pieces_of(words: Sequence[str] | Mapping[str, int]) -> Pieces:
    """Pieces of the words, each by how often it stands there."""
    found: Counter[int] = Counter()
    for word in words:
        padded = f"_{word}_"
        for start in range(max(1, len(padded) - PIECE + 1)):
            piece = padded[start : start + PIECE].encode("utf-8", "replace")
            found[crc32(piece) % PIECES_KEPT] += 1
    return {piece: sqrt(count) for piece, count in found.items()}


def likeness(a: Pieces, b: Pieces) -> float:
    """Cosine of the angle between two bags of pieces."""
    small, large = (a, b) if len(a) < len(b) else (b, a)
    inner = sum(weight * large.get(piece, 0.0) for piece, weight in small.items())
    length = sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return inner / length if length else 0.0
