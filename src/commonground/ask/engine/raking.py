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
LEAST_CLASS = 30  # people: fewer would each weigh too much, and could be told from the result
MOST = 5.0  # times the mean weight, and its inverse the least
ROUNDS = 200
NEAR = 1e-9  # of a margin's share


@dataclass(frozen=True)
class Raked:
    """weight (P): mean 1 over those who told all traits that are used, 0 for the others. off: the
    furthest a share of the weighed crowd lies from its margin. used: the traits (D) weighed by;
    the others had a class that too few told."""

    weight: Floats
    people: int
    off: float
    used: tuple[bool, ...]

    @property
    def effective(self) -> float:
        """How many equal people these unequal ones are worth (Kish, 1965)."""
        squares = float((self.weight**2).sum())
        return float(self.weight.sum()) ** 2 / squares if squares else 0.0


def raked(traits: Ints, margins: Sequence[Floats]) -> Raked:
    """Weights (P) under which each trait is shared out as its margin says.

    traits (P x D): each person's class by trait, -1 untold. margins: for each trait the shares of
    its classes in the population, each above zero, in any unit. A trait with a class that fewer
    than thirty told is left out whole: part of a margin is no margin. Raises ValueError for
    shares that are none, and for a class that the margin does not know.
    """
    wanted = [np.asarray(m, np.float64) for m in margins]
    check(traits, wanted)
    used = tuple(
        bool((np.bincount(column[column != UNTOLD], minlength=len(m)) >= LEAST_CLASS).all())
        for column, m in zip(traits.T, wanted, strict=True)
    )
    kept = [m for m, use in zip(wanted, used, strict=True) if use]
    told = (traits[:, np.array(used, np.bool_)] != UNTOLD).all(axis=1) & any(used)
    held = traits[told][:, np.array(used, np.bool_)]
    out = np.zeros(len(traits))
    if not told.any():
        return Raked(out, 0, 0.0, used)
    out[told] = weight = fitted(held, kept)
    return Raked(out, len(held), furthest(held, kept, weight), used)


def check(traits: Ints, margins: Sequence[Floats]) -> None:
    if traits.ndim != 2 or traits.shape[1] != len(margins):
        raise ValueError("One column of traits for each margin.")
    for column, margin in zip(traits.T, margins, strict=True):
        if not np.isfinite(margin).all() or not margin.size or (margin <= 0).any():
            raise ValueError("A margin is made of shares above zero.")
        if column.size and (column.min() < UNTOLD or column.max() >= len(margin)):
            raise ValueError("A class that the margin does not know.")


def fitted(held: Ints, wanted: Sequence[Floats]) -> Floats:
    """Scale to each margin in turn, as often as it takes."""
    weight = np.ones(len(held))
    for _ in range(ROUNDS):
        for column, margin in zip(held.T, wanted, strict=True):
            now = np.bincount(column, weight, len(margin))
            share = margin / margin.sum() * now.sum()
            weight *= np.divide(share, now, out=np.ones_like(share), where=now > 0)[column]
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
    gaps = [
        np.abs(np.bincount(column, weight, len(m)) / weight.sum() - m / m.sum()).max()
        for column, m in zip(held.T, wanted, strict=True)
    ]
    return float(max(gaps))
