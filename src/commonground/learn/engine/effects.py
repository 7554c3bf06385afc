"""A fair experiment: chance says which unit gets which of two ways, and what difference it made.

Areas are split in two halves and compared as two samples (Neyman, 1923, whose variance is never too
small for the units at hand; Welch, 1947, for its degrees of freedom). Weeks go in pairs of
neighbours, so that summer is not compared with winter: of each pair one week gets the one way and
one the other, and the differences are what is looked at (Student, 1908). Whether chance alone
would have done it is asked of chance itself: the draw is repeated in every way it could have
fallen (Fisher, 1935), or twenty thousand of them. Pure: the seed is an argument.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np

from commonground.kit.raking import Floats

LEVEL = 0.975  # of an interval that holds the truth 95 times in 100
WANTED = 0.8  # of the chance to find a difference that is there: what trials are planned for
MOST_DRAWS = 20_000
FEWEST = 6  # units: with four a difference would have to be enormous
NEAR = 1e-9


class Kind(StrEnum):
    APART = "apart"  # areas: one half against the other
    PAIRS = "pairs"  # weeks, two neighbours each


@dataclass(frozen=True)
class Effect:
    """The other way less the one way: the difference of means, its 95 % interval, and the share of
    all draws that would have shown as large a one by chance alone. None where too few units have
    an outcome. units: those that count; left_out: those without an outcome, or whose pair has
    none."""

    units: int
    left_out: int
    one: float | None = None
    other: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    by_chance: float | None = None

    def told(self) -> dict[str, Any]:
        return dict(self.__dict__)


def commitment(seed: str) -> str:
    """What is shown before: nobody can choose another seed afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(seed: str, units: Sequence[str], kind: Kind) -> list[int]:
    """By unit, in their order, 0 for the one way and 1 for the other. Anybody with the seed draws
    the same: units are sorted by the SHA-256 of "seed/place/unit", places counted from 0, and the
    first half (rounded down) gets the other way; of each pair it is the one that comes first."""
    marks = [
        hashlib.sha256(f"{seed}/{at}/{unit}".encode()).digest() for at, unit in enumerate(units)
    ]
    out = [0] * len(units)
    if kind == Kind.PAIRS:
        for at in range(0, len(units) - 1, 2):
            out[min((at, at + 1), key=marks.__getitem__)] = 1
        return out
    for at in sorted(range(len(units)), key=marks.__getitem__)[: len(units) // 2]:
        out[at] = 1
    return out


# Before


def power(usual: Floats, effect: float, kind: Kind) -> float:
    """The chance to find a true difference of `effect` (in the outcome's unit), two-sided at 5 %,
    if units spread as `usual` (N) says they did before. From the noncentral t distribution
    (Johnson and Welch, 1940). nan where nothing can be said."""
    from scipy.special import nctdtr, stdtrit  # half a second of every start, and seldom needed

    spread, freedom = error_of(usual, kind)
    if not freedom:
        return math.nan
    if spread <= NEAR:
        return 1.0 if effect else 0.05
    bound, off = float(stdtrit(freedom, LEVEL)), abs(effect) / spread
    return float(1 - nctdtr(freedom, off, bound) + nctdtr(freedom, off, -bound))


def smallest(usual: Floats, kind: Kind, wanted: float = WANTED) -> float:
    """The smallest true difference found with this chance. nan where nothing can be said."""
    spread, freedom = error_of(usual, kind)
    if not freedom:
        return math.nan
    low, high = 0.0, spread * 50
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if power(usual, middle, kind) < wanted else (low, middle)
    return high


def error_of(usual: Floats, kind: Kind) -> tuple[float, int]:
    """The standard error that a difference would have, and its degrees of freedom."""
    n = len(usual)
    if n < FEWEST or not np.isfinite(usual).all():
        return 0.0, 0
    if kind == Kind.PAIRS:
        apart = usual[: n // 2 * 2].reshape(-1, 2)
        # Which of two neighbours was larger was chance: their differences stand around zero.
        return float(np.sqrt(((apart[:, 1] - apart[:, 0]) ** 2).mean() / (n // 2))), n // 2 - 1
    half = n // 2
    return float(usual.std(ddof=1)) * math.sqrt(1 / half + 1 / (n - half)), n - 2


# After


def effect(outcomes: Floats, ways: Sequence[int], kind: Kind, seed: int = 0) -> Effect:
    """outcomes (N): what was measured, nan where nothing was. ways (N): 0 or 1, as drawn. seed: for
    the draws that are tried where there are too many to try all."""
    arm = np.asarray(ways, np.int64)
    from scipy.special import stdtrit  # see above

    counts = np.isfinite(outcomes)
    if kind == Kind.PAIRS:
        whole = counts[: len(arm) // 2 * 2].reshape(-1, 2).all(axis=1)
        counts = np.zeros(len(arm), bool)  # a week without a neighbour counts for nothing
        counts[: 2 * len(whole)] = np.repeat(whole, 2)
    y, arm = outcomes[counts], arm[counts]
    units, left = len(y), int((~counts).sum())
    if units < FEWEST or min((arm == 0).sum(), (arm == 1).sum()) < 2:
        return Effect(units, left)
    one, other = float(y[arm == 0].mean()), float(y[arm == 1].mean())
    error, freedom = spread_of(y, arm, kind)
    half = float(stdtrit(freedom, LEVEL)) * error
    found = other - one
    return Effect(
        units, left, one, other, found, found - half, found + half, by_chance(y, arm, kind, seed)
    )


def spread_of(y: Floats, arm: np.ndarray[Any, Any], kind: Kind) -> tuple[float, float]:
    """The standard error of the difference, and its degrees of freedom."""
    if kind == Kind.PAIRS:
        apart = differences(y, arm)
        return float(apart.std(ddof=1)) / math.sqrt(len(apart)), len(apart) - 1
    parts = [
        (float(y[arm == a].var(ddof=1)) / n, n) for a in (0, 1) if (n := int((arm == a).sum()))
    ]
    whole = sum(part for part, _n in parts)
    if whole <= NEAR**2:
        return 0.0, len(y) - 2
    return math.sqrt(whole), whole**2 / sum(part**2 / (n - 1) for part, n in parts)


def differences(y: Floats, arm: np.ndarray[Any, Any]) -> Floats:
    """By pair, the other way less the one way."""
    signs = np.where(arm == 1, 1.0, -1.0)
    return (y * signs).reshape(-1, 2).sum(axis=1)


def by_chance(y: Floats, arm: np.ndarray[Any, Any], kind: Kind, seed: int) -> float:
    """The share of draws whose difference is as far from zero as the one that was seen, itself
    counted: never too small, however few units (Phipson and Smyth, 2010)."""
    if kind == Kind.PAIRS:
        apart = differences(y, arm)
        seen, tried = abs(apart.mean()), signs_of(len(apart), seed) @ apart / len(apart)
    else:
        seen = abs(y[arm == 1].mean() - y[arm == 0].mean())
        n = int(arm.sum())
        sums = picks_of(len(y), n, seed) @ y
        tried = sums / n - (y.sum() - sums) / (len(y) - n)
    far = int((np.abs(tried) >= seen * (1 - NEAR) - NEAR**2).sum())
    every = 2 ** (len(y) // 2) if kind == Kind.PAIRS else math.comb(len(y), int(arm.sum()))
    return far / len(tried) if every <= MOST_DRAWS else (far + 1) / (len(tried) + 1)


@lru_cache(maxsize=4)
def signs_of(pairs: int, seed: int) -> Floats:
    """Every way in which pairs can be turned, or many of them."""
    if 2**pairs <= MOST_DRAWS:
        return np.array(list(itertools.product((1.0, -1.0), repeat=pairs)))
    chance = np.random.default_rng(seed).integers(0, 2, (MOST_DRAWS, pairs))
    return 1.0 - 2.0 * chance.astype(np.float64)


@lru_cache(maxsize=4)
def picks_of(units: int, picked: int, seed: int) -> Floats:
    """Every way to pick so many of them, or many of them, as rows of 0 and 1."""
    rows = np.zeros((min(math.comb(units, picked), MOST_DRAWS), units))
    for row, pick in zip(rows, ways_to_pick(units, picked, seed), strict=True):
        row[list(pick)] = 1
    return rows


def ways_to_pick(units: int, picked: int, seed: int) -> Iterator[Sequence[int]]:
    if math.comb(units, picked) <= MOST_DRAWS:
        yield from itertools.combinations(range(units), picked)
        return
    chance = np.random.default_rng(seed)
    for _ in range(MOST_DRAWS):
        yield chance.permutation(units)[:picked].tolist()
