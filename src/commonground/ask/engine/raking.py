"""Who of those who voted is weighed, and by what: only by traits of which every class was told by
enough, and only those who told all of them. How weights are found stands in kit.raking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonground.kit.raking import UNTOLD, Floats, Ints, check, weighed

LEAST_CLASS = 30  # people: fewer would each weigh too much, and could be told from the result


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
    found = weighed(held, kept)
    out[told] = found.weight
    return Raked(out, len(held), found.off, used)
