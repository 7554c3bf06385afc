"""Statements that say nearly the same, and what groups said to words like these.

Likeness is of words, not of meaning turned round: "more patrols" and "no more patrols" are alike.
So nothing here decides; a person reads both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

type Vectors = NDArray[np.float32]

SAME = 0.75  # cosine from which two statements are shown to a moderator as perhaps the same
LIKE = 0.5  # and from which a group's votes on one tell something of the other, at the least
BY_CHANCE = 0.95  # nor is it likeness if one pair in twenty of the question's own is as alike
MOST = 3
SURE = 1.96  # standard errors: 95 of 100
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
SHORTEST = 20  # characters: "Thank you." is like everything


class Embedder(Protocol):
    def embed(self, texts: Sequence[str]) -> Vectors: ...


def nearly_same(text: str, others: Mapping[int, str], embedder: Embedder) -> list[int]:
    """The numbers of the others that may say the same, the likest first; three at most."""
    if not others:
        return []
    numbers = list(others)
    rows = embedder.embed([text, *others.values()])
    alike = rows[1:] @ rows[0]
    order = np.argsort(-alike, kind="stable")[:MOST]
    return [numbers[at] for at in order if alike[at] >= SAME]


@dataclass(frozen=True)
class Take:
    """How one group took a statement like these words: from, to (95 of 100), and of how many."""

    agree: float
    low: float
    high: float
    people: int

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


@dataclass(frozen=True)
class Reception:
    """A sentence of a draft, the statement it is most like, and each group's take; None where
    fewer than ten of a group have voted."""

    sentence: str
    number: int
    likeness: float
    takes: Sequence[Take | None]


def receptions(
    text: str, statements: Mapping[int, str], counts: Mapping[int, Sequence[Sequence[int] | None]],
    embedder: Embedder,
) -> list[Reception]:  # fmt: skip
    """What the groups said to statements like the sentences of a draft; nothing where none is
    like enough. counts: disagree, not sure, agree, by statement and group."""
    said = [s.strip() for s in SENTENCE.split(text) if len(s.strip()) >= SHORTEST]
    if not said or not statements:
        return []
    numbers = list(statements)
    theirs = embedder.embed(list(statements.values()))
    alike = embedder.embed(said) @ theirs.T
    least = max(LIKE, by_chance(theirs))
    return [
        Reception(
            sentence, numbers[at], float(row[at]),
            [take(cell) for cell in counts.get(numbers[at], [])],
        )
        for sentence, row in zip(said, alike, strict=True)
        if row[at := int(row.argmax())] >= least
    ]  # fmt: skip


def by_chance(rows: Vectors) -> float:
    """How alike one pair in twenty of these is."""
    if len(rows) < 3:
        return 0.0
    pairs = (rows @ rows.T)[np.triu_indices(len(rows), 1)]
    return float(np.quantile(pairs, BY_CHANCE))


def take(cell: Sequence[int] | None) -> Take | None:
    """The share that agrees with its interval (Wilson, 1927)."""
    if not cell or not sum(cell):
        return None
    n, agree = sum(cell), cell[2] / sum(cell)
    middle = (agree + SURE**2 / (2 * n)) / (1 + SURE**2 / n)
    wide = SURE * math.sqrt(agree * (1 - agree) / n + SURE**2 / (4 * n * n)) / (1 + SURE**2 / n)
    return Take(agree, max(middle - wide, 0.0), min(middle + wide, 1.0), n)
