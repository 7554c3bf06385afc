"""Groups as a mixture: each has its own lean on every statement, and everybody a share in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.kmeans import clusters
from commonground.ask.engine.style import Style, rows

type Floats = NDArray[np.float64]

PULL = 4.0  # votes' worth of pull of a group's lean towards none
TRIES = 10  # beginnings; the likeliest of as many is nearly always the same one
QUICK = 3  # where many mixtures are only compared with each other
STEPS = 60
STILL = 1e-5  # of the log likelihood: below that another step changes hardly anybody's group
SEED = 7
MOST_STARTING = 4000  # voters: k-means only finds where to begin


@dataclass(frozen=True)
class Mixture:
    """deviation (S x K): each group's lean. share (K): of voters. member (P x K): soft membership,
    rows summing to 1. likelihood: log, up to a constant; greater is better."""

    deviation: Floats
    share: Floats
    member: Floats
    likelihood: float

    @property
    def many(self) -> int:
        return len(self.share)


def alone(ballots: Ballots) -> Mixture:
    """Everybody in one group."""
    voters, statements = ballots.shape
    return Mixture(np.zeros((statements, 1)), np.ones(1), np.ones((voters, 1)), 0.0)


def mixture_of(
    ballots: Ballots, style: Style, points: Floats, many: int, tries: int = TRIES
) -> Mixture:
    """The most likely of several mixtures of `many` groups, begun from k-means on the map.

    points (P x d): places on the map. Missing votes are missing: they say nothing.
    """
    return alone(ballots) if many == 1 else mixtures(ballots, style, points, many, tries)[0]


def mixtures(
    ballots: Ballots, style: Style, points: Floats, many: int, tries: int = TRIES
) -> list[Mixture]:
    """Several mixtures of `many` groups, the most likely first."""
    sure = ballots.per_voter / (ballots.per_voter + 12.0) * style.weight
    first = slice(0, MOST_STARTING)
    labels = clusters(points[first], sure[first], many, tries, SEED)
    found = [grown(ballots, style, begun(ballots, style, one, many)) for one in labels]
    return sorted(found, key=lambda mixture: -mixture.likelihood)


def wide(
    ballots: Ballots, style: Style, points: Floats, many: int, steps: int, tries: int = QUICK,
    members_last: bool = False,
) -> Iterator[Mixture]:  # fmt: skip
    """Mixtures for so many voters that some thousands tell where they stand on the map, but not
    what each group says on each of ten thousand statements: everybody is put with the nearest
    centre first, and all their votes say what the leans are."""
    sure = ballots.per_voter / (ballots.per_voter + 12.0) * style.weight
    first = slice(0, MOST_STARTING)
    for labels in clusters(points[first], sure[first], many, tries, SEED):
        nearest = nearest_centre(points, centres_of(points[first], sure[first], labels, many))
        begin = begun(ballots, style, nearest, many)
        yield grown(ballots, style, begin, steps, members_last=members_last)


def centres_of(points: Floats, weight: Floats, labels: NDArray[np.int64], many: int) -> Floats:
    mass = np.maximum(np.bincount(labels, weight, many), 1e-12)
    return np.stack([np.bincount(labels, weight * x, many) / mass for x in points.T], axis=1)


def nearest_centre(points: Floats, centres: Floats) -> NDArray[np.int64]:
    apart = (centres**2).sum(axis=1) - 2 * points @ centres.T  # the rest is the same for all
    result: NDArray[np.int64] = apart.argmin(axis=1)
    return result


def begun(ballots: Ballots, style: Style, labels: NDArray[np.int64], many: int) -> Floats:
    """The leans (S x K) of groups drawn by hand around the first voters."""
    part, voters = ballots.first(len(labels)), slice(0, len(labels))
    n, total = np.zeros((ballots.shape[1], many)), np.zeros((ballots.shape[1], many))
    passes.model.own_pass(
        *rows(part), style.weight[voters], style.mean, style.slope, style.own[voters], labels,
        n, total,
    )  # fmt: skip
    n, total = (0.9 * x + 0.1 / many * x.sum(axis=1, keepdims=True) for x in (n, total))
    return total / (n + PULL)


def shares(mass: Floats) -> Floats:
    """Each group's share of voters, drawn a little towards equal shares so that none dies out."""
    voters, many = max(float(mass.sum()), 1e-9), len(mass)
    result: Floats = (mass + voters / 50) / (voters + many * voters / 50)
    return result


def grown(
    ballots: Ballots, style: Style, deviation: Floats, steps: int = STEPS,
    share: Floats | None = None, members_last: bool = False,
) -> Mixture:  # fmt: skip
    """Expectation and maximisation from these leans until nothing moves any more.

    With one step only the memberships are found, and the leans stay as they were. members_last:
    so it is in the last of several steps too, for those who ask who is where and not what it says.
    """
    if share is None:
        share = np.full(deviation.shape[1], 1.0 / deviation.shape[1])
    member = np.zeros((ballots.shape[0], deviation.shape[1]))
    precision, old, likelihood = 1.0 / style.spread, -np.inf, -np.inf
    for step in range(1, steps + 1):
        n, total = np.zeros_like(deviation), np.zeros_like(deviation)
        last = step == steps and members_last
        weight = np.zeros_like(style.weight) if last else style.weight  # of none the sums are made
        told = passes.model.group_pass(
            *rows(ballots), weight, style.mean, style.slope, style.own, precision,
            np.ascontiguousarray(deviation), np.log(share), member, n, total,
        )  # fmt: skip
        if last:
            break
        likelihood = told - 0.5 * PULL * float((deviation**2 * precision[:, None]).sum())
        if likelihood - old < STILL * abs(likelihood) or steps == 1:
            break
        old, deviation = likelihood, total / (n + PULL)
        share = shares(style.weight @ member)
    return Mixture(deviation, share, member, likelihood)
