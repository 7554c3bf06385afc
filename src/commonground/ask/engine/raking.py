"""Weights that make those who voted as old, as settled, as mixed as the place they live in.

Raking (Deming and Stephan, 1940): the weights are scaled to one margin after the other until all
of them hold. Weights are kept between a fifth of their mean and five times it, as election
studies do (DeBell and Krosnick, 2009): nobody speaks for twenty others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

UNTOLD = -1
LEAST_CLASS = 10  # people: fewer would each weigh too much, and could be told from the result
MOST = 5.0  # times the mean weight, and its inverse the least
ROUNDS = 200
NEAR = 1e-9  # of a margin's share


@dataclass(frozen=True)
class Raked:
    """weight (P): mean 1 over those who told everything, 0 for the others. off: the furthest a
    share of the weighed crowd lies from its margin. absent: (trait, class) pairs that too few
    told, left out of their margin."""

    weight: Floats
    people: int
    off: float
    absent: tuple[tuple[int, int], ...]

    @property
    def effective(self) -> float:
        """How many equal people these unequal ones are worth (Kish, 1965)."""
        squares = float((self.weight**2).sum())
        return float(self.weight.sum()) ** 2 / squares if squares else 0.0


def raked(traits: Ints, margins: Sequence[Floats]) -> Raked:
    """Weights (P) under which each trait is shared out as its margin says.

    traits (P x D): each person's class by trait, -1 untold. margins: for each trait the shares of
    its classes in the population, in any unit. Raises ValueError for a margin without a share,
    or a class it does not know.
    """
    wanted = [np.asarray(m, np.float64) for m in margins]
    check(traits, wanted)
    told = (traits != UNTOLD).all(axis=1)
    held, absent = traits[told], []
    for d, margin in enumerate(wanted):
        many = np.bincount(held[:, d], minlength=len(margin))
        absent += [(d, int(c)) for c in np.flatnonzero((many < LEAST_CLASS) & (margin > 0))]
        wanted[d] = np.where(many < LEAST_CLASS, 0.0, margin)
    whole = all(margin.sum() > 0 for margin in wanted) and len(held) > 0
    weight = fitted(held, wanted) if whole else np.ones(len(held))
    out = np.zeros(len(traits))
    out[told] = weight
    return Raked(out, len(held), furthest(held, wanted, weight) if whole else 0.0, tuple(absent))


def check(traits: Ints, margins: Sequence[Floats]) -> None:
    if traits.ndim != 2 or traits.shape[1] != len(margins):
        raise ValueError("One column of traits for each margin.")
    for column, margin in zip(traits.T, margins, strict=True):
        if not np.isfinite(margin).all() or (margin < 0).any() or margin.sum() <= 0:
            raise ValueError("A margin is made of shares, at least one of them above zero.")
        if column.size and (column.min() < UNTOLD or column.max() >= len(margin)):
            raise ValueError("A class that the margin does not know.")


def fitted(held: Ints, wanted: Sequence[Floats]) -> Floats:
    """Scale to each margin in turn. Classes too few people told keep the weight they have."""
    weight = np.ones(len(held))
    for _ in range(ROUNDS):
        for column, margin in zip(held.T, wanted, strict=True):
            now = np.bincount(column, weight, len(margin))
            share = margin / margin.sum() * now[margin > 0].sum()
            scale = np.divide(share, now, out=np.ones_like(share), where=(margin > 0) & (now > 0))
            weight *= scale[column]
        weight = held_in(weight)
        if furthest(held, wanted, weight) < NEAR:
            break
    return weight


def held_in(weight: Floats) -> Floats:
    """Weights of mean 1, none above the most nor below the least. Cutting one moves the mean, so
    this goes on until it stands."""
    for _ in range(ROUNDS):
        weight = np.clip(weight / weight.mean(), 1 / MOST, MOST)
        if abs(weight.mean() - 1) < NEAR:
            break
    return weight


def furthest(held: Ints, wanted: Sequence[Floats], weight: Floats) -> float:
    """The widest gap between a margin and the share that the weights give it."""
    gaps = [0.0]
    for column, margin in zip(held.T, wanted, strict=True):
        now = np.where(margin > 0, np.bincount(column, weight, len(margin)), 0.0)
        gaps.append(float(np.abs(now / now.sum() - margin / margin.sum()).max()))
    return max(gaps)
