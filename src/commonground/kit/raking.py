"""Weights that make those who answered as mixed as the place they live in.

Raking (Deming and Stephan, 1940) scales the weights to one census margin after the other until
all hold. Weights far from the usual are trimmed, so that nobody speaks for a street: five times
the mean at most and a fifth of it at least, as election studies do (DeBell and Krosnick, 2009).
People are gathered into cells first, in a fixed order: the same people get the same weights bit
by bit, in whatever order they came. Pure: no Django, no clock, no chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

UNTOLD = -1
MOST = 5.0  # times the mean weight, and its inverse the least
ROUNDS = 2000
NEAR = 1e-13  # of the whole: as close as numbers of this kind come
HELD = 1e-9  # of the whole: a margin as near as this holds
TRIMS = 100


class Unweighable(ValueError):
    """These margins and these people do not go together; the words say why."""


@dataclass(frozen=True)
class Weights:
    """weight (P): mean 1. off: the furthest a share of the weighed sample lies from its margin,
    0 unless weights were trimmed or the margins cannot all hold. settled: whether scaling came to
    rest before anything was trimmed; where it did not, the margins contradict each other among
    these people. trimmed: people whose weight was cut. absent: by trait, the classes of the margin
    of which nobody answered: nothing here speaks for them."""

    weight: Floats
    off: float
    settled: bool
    trimmed: int
    absent: tuple[tuple[int, ...], ...]

    @property
    def design_effect(self) -> float:
        """How much unequal weights widen an interval, as a factor of the variance (Kish, 1965)."""
        return design_effect(self.weight)

    @property
    def effective(self) -> float:
        """How many equal people these unequal ones are worth."""
        return len(self.weight) / self.design_effect if len(self.weight) else 0.0


def design_effect(weight: Floats) -> float:
    total = float(weight.sum())
    return len(weight) * float((weight**2).sum()) / total**2 if total else 1.0


def weighed(
    traits: Ints, margins: Sequence[Sequence[float] | Floats], base: Floats | None = None,
    most: float = MOST,
) -> Weights:  # fmt: skip
    """Weights (P) under which each trait is shared out as its margin says.

    traits (P x D): the class of each person, -1 where it was not told: these keep the share they
    have in the sample. margins: by trait, the shares of its classes, in any unit. base (P): what
    each counts before, 1 if not given. most: how often the mean a weight may be; infinity trims
    nothing. Raises Unweighable.
    """
    shares = [np.asarray(m, np.float64) for m in margins]
    check(traits, shares)
    if not len(traits):
        return Weights(np.zeros(0), 0.0, True, 0, tuple(() for _ in shares))
    start = np.ones(len(traits)) if base is None else np.asarray(base, np.float64)
    rows, home = np.unique(np.column_stack([traits, start]), axis=0, return_inverse=True)
    home = home.ravel()
    cells, each = rows[:, :-1].astype(np.int64), rows[:, -1]
    many = np.bincount(home, minlength=len(rows))
    wanted = [targets(column, many, share) for column, share in zip(cells.T, shares, strict=True)]
    free = raked(cells, many, each, wanted)
    whole = trimmed(cells, many, free, wanted, most)
    return Weights(
        whole[home], furthest(cells, many * whole, wanted),
        furthest(cells, many * free, wanted) < HELD,
        int(many[at_the_edge(whole, most)].sum()),
        tuple(
            tuple(np.flatnonzero(np.bincount(c[c >= 0], minlength=len(s)) == 0).tolist())
            for c, s in zip(cells.T, shares, strict=True)
        ),
    )  # fmt: skip


def check(traits: Ints, shares: Sequence[Floats]) -> None:
    if traits.ndim != 2 or traits.shape[1] != len(shares):
        raise Unweighable("One column of traits for each margin.")
    for column, share in zip(traits.T, shares, strict=True):
        if not share.size or not np.isfinite(share).all() or (share <= 0).any():
            raise Unweighable("A margin is made of shares above zero.")
        if column.size and (column.min() < UNTOLD or column.max() >= share.size):
            raise Unweighable("A class that the margin does not know.")


def targets(column: Ints, many: Ints, share: Floats) -> Floats:
    """The wanted share of each class, of those who did not tell last, adding up to 1."""
    told = np.bincount(column[column >= 0], many[column >= 0], len(share))
    untold = float(many[column < 0].sum()) / float(many.sum())
    kept = np.where(told > 0, share, 0.0)
    scaled = kept / kept.sum() * (1 - untold) if kept.any() else kept
    return np.append(scaled, untold)


def raked(cells: Ints, many: Ints, each: Floats, wanted: Sequence[Floats]) -> Floats:
    """A person's weight in each cell, scaled to each margin in turn until all hold."""
    weight = each * (many.sum() / (many * each).sum())
    for _ in range(ROUNDS):
        weight = scaled(cells, many, weight, wanted)
        if furthest(cells, many * weight, wanted) < NEAR:
            break
    return weight


def trimmed(
    cells: Ints, many: Ints, weight: Floats, wanted: Sequence[Floats], most: float
) -> Floats:
    """Where a weight is too much for one person: trimmed and scaled in turn until both hold, or as
    nearly as they can."""
    for _ in range(TRIMS):
        held = held_in(weight, many, most)
        if np.abs(held - weight).max() < NEAR:
            break
        weight = scaled(cells, many, held, wanted)
    return held_in(weight, many, most)


def scaled(cells: Ints, many: Ints, weight: Floats, wanted: Sequence[Floats]) -> Floats:
    """Scale to each margin once."""
    for column, want in zip(cells.T, wanted, strict=True):
        now = np.bincount(column % len(want), many * weight, len(want))
        factor = np.divide(want * many.sum(), now, out=np.ones_like(now), where=now > 0)
        weight = weight * factor[column % len(want)]
    return weight


def held_in(weight: Floats, many: Ints, most: float) -> Floats:
    """Mean 1, none above the most nor below the least. Cutting one moves the mean, so this goes on
    until it stands; what is within is not touched."""
    if weight.max() <= most and weight.min() >= 1 / most:
        return weight
    for _ in range(TRIMS):
        held = np.clip(weight, 1 / most, most)
        mean = (many * held).sum() / many.sum()
        if abs(mean - 1) < NEAR:
            break
        weight = held / mean
    return held


def at_the_edge(weight: Floats, most: float) -> NDArray[np.bool_]:
    near = 1e-9
    return (weight >= most * (1 - near)) | (weight <= (1 + near) / most)


def furthest(cells: Ints, weight: Floats, wanted: Sequence[Floats]) -> float:
    """The widest gap between a margin and the share that the weights give it."""
    gaps = [
        np.abs(np.bincount(column % len(want), weight, len(want)) / weight.sum() - want).max()
        for column, want in zip(cells.T, wanted, strict=True)
    ]
    return float(max(gaps, default=0.0))
