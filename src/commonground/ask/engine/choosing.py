"""How many groups: as many as help to foresee votes that were held back, and often that is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.chart import chart_of, places
from commonground.ask.engine.hashing import marks_of, mixed, spread
from commonground.ask.engine.loops import WIDTH
from commonground.ask.engine.mixture import QUICK, Mixture, mixture_of, wide
from commonground.ask.engine.style import rows, style_of

type Floats = NDArray[np.float64]

MOST = 8
FOLDS = 4
CERTAIN = 2.33  # one chance in a hundred that a gain so clear is luck
LOOSE = 0.3  # two halves of the votes that agree less have not found the same groups
FIRM = 0.5
ENOUGH = 4  # votes in a half; with fewer nobody's group is known well enough to compare
SAMPLE, SAMPLE_VOTES = 3000, 100_000  # voters and votes: enough to tell how many groups there are
WIDE, WIDE_VOTES = 6000, 3_000_000  # beyond so many voters it is asked of so many votes, once
WIDE_STEPS = 8


def folds(ballots: Ballots) -> NDArray[np.int64]:
    """One of four parts for every vote (V), by the votes themselves: the same every time."""
    voters, statements = marks_of(*rows(ballots), ballots.shape[1])
    pair = mixed(spread(voters)[ballots.rows] ^ mixed(spread(statements))[ballots.columns])
    return (pair >> np.uint64(33)).astype(np.int64) % FOLDS


def chosen(ballots: Ballots, weight: Floats, most: int = MOST) -> tuple[int, float]:
    """How many groups (1 to `most`) the votes bear out, and how well half the votes find them.

    Another group must foresee held-out votes better, voter by voter, than luck would (paired,
    z > 2.33). Of the numbers that do, the largest is taken whose groups two halves of the votes
    agree on firmly, or two groups if they agree at all: a finer division that the next hundred
    votes redraw is no help to anybody. Where no number is found again, the one that foresees
    best is given, and the second number, the adjusted Rand index between the halves, is below
    `LOOSE`: there are groups, but these votes do not yet say who is in them.
    """
    sample = sampled(ballots)
    weight = weight[: sample.shape[0]]
    part = folds(sample)
    asked = range(1 if ballots.shape[0] > WIDE else FOLDS)
    trials = [Trial(sample, part, fold, weight) for fold in asked]
    halves = [Half(sample, (part % 2 == side), weight) for side in (0, 1)]
    agreement, before = {1: 0.0}, sum_of(trials, 1)
    for many in range(2, most + 1):
        after = sum_of(trials, many)
        if certainty(before - after, weight) <= CERTAIN:
            break
        agreement[many] = alike(halves[0].groups(many), halves[1].groups(many), halves)
        before = after
    return preferred(agreement)


def preferred(agreement: dict[int, float]) -> tuple[int, float]:
    firm = [many for many, again in agreement.items() if many > 1 and again >= FIRM]
    many = max(firm) if firm else max(agreement)
    if not firm and agreement.get(2, 0.0) >= LOOSE:
        many = 2
    return many, agreement[many]


def sampled(ballots: Ballots) -> Ballots:
    """Enough voters to tell how many groups there are."""
    if ballots.shape[0] > WIDE:  # of ten thousand statements more must be seen than of a hundred
        return ballots.first(int(np.searchsorted(ballots.starts, WIDE_VOTES)))
    return ballots.first(min(SAMPLE, int(np.searchsorted(ballots.starts, SAMPLE_VOTES))))


def certainty(gain: Floats, weight: Floats) -> float:
    """How many standard errors the mean gain per voter stands above nothing."""
    mass = max(weight.sum(), 1e-9)
    mean = float((weight * gain).sum() / mass)
    error = float(np.sqrt((weight**2 * (gain - mean) ** 2).sum()) / mass)
    return mean / error if error > 0 else 0.0


def sum_of(trials: list[Trial], many: int) -> Floats:
    """Squared error on held-out votes per voter (P), all folds together."""
    result: Floats = np.sum([trial.errors(many) for trial in trials], axis=0)
    return result


class Half:
    """The groups that a part of everybody's votes would give."""

    def __init__(self, ballots: Ballots, kept: NDArray[np.bool_], weight: Floats) -> None:
        self.seen = ballots.only(kept)
        self.style = style_of(self.seen, weight)
        self.points = places(self.seen, self.style, chart_of(self.seen, self.style), WIDTH)

    def groups(self, many: int) -> NDArray[np.int64]:
        labels: NDArray[np.int64] = self.mixture(many).member.argmax(axis=1)
        return labels

    def mixture(self, many: int) -> Mixture:
        if self.seen.shape[0] > WIDE and many > 1:
            return next(wide(self.seen, self.style, self.points, many, WIDE_STEPS))
        return mixture_of(self.seen, self.style, self.points, many, QUICK)


class Trial(Half):
    """Groups from three quarters of the votes, asked about the last quarter."""

    def __init__(
        self, ballots: Ballots, part: NDArray[np.int64], fold: int, weight: Floats
    ) -> None:
        super().__init__(ballots, part != fold, weight)
        self.unseen = ballots.only(part == fold)

    def errors(self, many: int) -> Floats:
        mix, out = self.mixture(many), np.zeros(self.seen.shape[0])
        passes.model.error_pass(
            *rows(self.unseen), self.style.mean, self.style.slope, self.style.own,
            np.ascontiguousarray(mix.deviation), mix.member, out,
        )  # fmt: skip
        return out


def alike(one: NDArray[np.int64], other: NDArray[np.int64], halves: list[Half]) -> float:
    """Agreement of two groupings over the voters of whom each half saw enough."""
    known = np.all([half.seen.per_voter >= ENOUGH for half in halves], axis=0)
    return adjusted_rand(one[known], other[known])


def adjusted_rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Agreement of two groupings, 1 for the same and 0 for luck (Hubert and Arabie, 1985)."""
    if len(one) < 2:
        return 0.0
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    pairs = [float((x * (x - 1) / 2).sum()) for x in (table, table.sum(1), table.sum(0))]
    luck = pairs[1] * pairs[2] / (len(one) * (len(one) - 1) / 2)
    most = (pairs[1] + pairs[2]) / 2
    return (pairs[0] - luck) / (most - luck) if most > luck else 1.0
