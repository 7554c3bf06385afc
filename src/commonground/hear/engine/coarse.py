"""What a post is roughly about, a thousand times as fast: for screening a whole network.

Each embedder (`embedding`) has such a coarse one beside it, which reads posts as the screen
has them, many at once. `HashedGrams` needs no weights and knows every language as well as any
other: it sees spelling. `StaticWords` sees that a blast is a bomb, mostly in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine import grams
from commonground.hear.engine.compiled import COMPILED, compiled
from commonground.hear.engine.folding import folding
from commonground.hear.engine.hashing import word_number
from commonground.hear.engine.tables import Table, found, table
from commonground.hear.engine.tokens import Texts, Tokens, texts, tokenise

type Vectors = NDArray[np.float32]

TINY = np.float32(1e-9)


class Coarse(Protocol):
    """Texts as vectors of length one (zero for a text it knows nothing of)."""

    @property
    def dimensions(self) -> int: ...

    def embed(self, said: Sequence[str]) -> Vectors:
        """float32[n, dimensions]; the same text always gives the same vector."""
        ...

    def likeness(self, joined: Texts, said: Tokens, goals: Vectors) -> Vectors:
        """`embed(texts) @ goals.T`, but for many posts at once. float32[n, goals]."""
        ...


@dataclass(frozen=True)
class HashedGrams:
    """Counts of three signs in a row, hashed with a sign (Weinberger et al., ICML 2009)."""

    dimensions: int = 256

    def embed(self, said: Sequence[str]) -> Vectors:
        return np.array([grams.plain(text, self.dimensions) for text in said], np.float32).reshape(
            -1, self.dimensions
        )

    def likeness(self, joined: Texts, said: Tokens, goals: Vectors) -> Vectors:
        if not COMPILED:
            return self.embed([joined[n] for n in range(len(joined))]) @ goals.T
        f, out = folding(), np.zeros((len(joined), goals.shape[0]), np.float32)
        asked = np.zeros(len(joined), np.bool_)
        grams.likeness(
            joined.joined, joined.offsets, f.kind, f.to, f.more, f.more_kind, goals, out, asked
        )
        for place in np.flatnonzero(asked).tolist():
            out[place] = self.embed([joined[place]])[0] @ goals.T
        return out


@dataclass(frozen=True)
class StaticWords:
    """The sum of the vectors of the words it knows. `vectors` float32[words, dimensions]."""

    vectors: Vectors
    places: Table
    dimensions: int

    @classmethod
    def of(cls, vectors: Mapping[str, Vectors]) -> StaticWords:
        """From folded words to vectors of equal length."""
        numbers = {word_number(word): n for n, word in enumerate(vectors)}
        rows = np.array(list(vectors.values()), np.float32)
        return cls(rows, table(numbers), rows.shape[1])

    def embed(self, said: Sequence[str]) -> Vectors:
        tokens = tokenise(texts(said))
        sums = np.zeros((len(said), self.dimensions), np.float32)
        places = self.places.look_up(tokens.numbers)
        posts = np.repeat(np.arange(len(said)), np.diff(tokens.starts))
        np.add.at(sums, posts[places >= 0], self.vectors[places[places >= 0]])
        lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True) + TINY)
        return (sums / lengths).astype(np.float32)

    def likeness(self, joined: Texts, said: Tokens, goals: Vectors) -> Vectors:
        if not COMPILED:
            return self.embed([joined[n] for n in range(len(joined))]) @ goals.T
        out = np.zeros((len(said), goals.shape[0]), np.float32)
        like_words(
            said.numbers, said.starts, self.places.keys, self.places.values, self.vectors,
            goals, out,
        )  # fmt: skip
        return out


@compiled
def like_words(
    numbers: NDArray[np.uint64], starts: NDArray[np.int64], keys: NDArray[np.uint64],
    values: NDArray[np.int32], vectors: Vectors, goals: Vectors, out: Vectors,
) -> None:  # fmt: skip
    dimensions = vectors.shape[1]
    sums = np.zeros(dimensions, np.float32)
    for i in range(starts.size - 1):
        sums[:] = np.float32(0)
        for j in range(starts[i], starts[i + 1]):
            row = found(numbers[j], keys, values)
            if row >= 0:
                for d in range(dimensions):
                    sums[d] += vectors[row, d]
        length = TINY
        for d in range(dimensions):
            length += sums[d] * sums[d]
        length = np.float32(1) / np.sqrt(length)
        for goal in range(goals.shape[0]):
            product = np.float32(0)
            for d in range(dimensions):
                product += sums[d] * goals[goal, d]
            out[i, goal] = product * length
