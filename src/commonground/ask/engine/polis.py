"""Polis' own pipeline, to compare with: projection, groups, consensus, repness, priority.

Small, C. et al., "Polis: Scaling deliberation by mapping high dimensional opinion spaces" (2021),
as red-dwarf 0.4 computes it. Known faults are kept on purpose: at least two groups are always
claimed, and who is called first decides where k-means begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import nearest, nearest_plain, passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.chart import chart_of
from commonground.ask.engine.compiled import COMPILED
from commonground.ask.engine.style import Style, rows

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

plane: ModuleType = nearest if COMPILED else nearest_plain

LEAST_VOTES = 7
MOST_GROUPS = 5
SURE = 1.2815515655446004  # the normal quantile of 90 %
MANY = 5000  # voters: beyond that groups are sought among cells of a grid
CELLS = 24  # a side; some three hundred cells are filled
TOLERANCE = 1e-4  # of scikit-learn's k-means
EXACT = 1e-4  # correlations with exact components are 1.0000 from here on


@dataclass(frozen=True)
class Polis:
    """place (P x 2); group (P, -1 for those with under seven votes); agree, disagree (S): the
    product over groups of the chances of each; counts (G x S x 3: disagree, pass, agree);
    repness (G x S): z of each group against the rest, of agreeing where positive; priority (S)."""

    place: Floats
    group: Ints
    agree: Floats
    disagree: Floats
    counts: Ints
    repness: Floats
    priority: Floats
    axes: Floats


def polis_of(ballots: Ballots, out: Sequence[object] = ()) -> Polis:
    """Polis' picture of these ballots. out: statements that moderators took out; their votes
    count for who takes part, but not on the map."""
    gone = np.isin(ballots.statements, np.asarray(list(out))) if len(out) else None
    kept = ballots if gone is None else ballots.only(~gone[ballots.columns])
    place, axes, mean = projected(kept, 0 if gone is None else int(gone.sum()))
    many = ballots.per_voter
    clustered = many >= min(LEAST_VOTES, ballots.shape[1])
    group = np.full(len(many), -1)
    group[clustered] = grouped(place[clustered])
    groups = int(group.max()) + 1
    counts = passes.totals_by_group(*rows(ballots), group, max(groups, 1), ballots.shape[1])
    chance = (counts + 1) / (counts.sum(axis=2, keepdims=True) + 2)
    return Polis(
        place, group, chance[:, :, 2].prod(axis=0), chance[:, :, 0].prod(axis=0), counts,
        repness(counts), priority(counts.sum(axis=0), extremity(axes, mean)), axes,
    )  # fmt: skip


def projected(ballots: Ballots, zeroed: int) -> tuple[Floats, Floats, Floats]:
    """Places (P x 2), the two components (S x 2) and the means (S).

    Missing votes at the mean and columns centred leave exact zeros, so the components are those
    of the sparse table. Places are stretched by sqrt(statements / votes cast).
    """
    voters, statements = ballots.shape
    totals = passes.totals(ballots.columns, ballots.votes, statements)
    mean = (totals[:, 2] - totals[:, 0]) / np.maximum(totals.sum(axis=1), 1)
    nothing = np.zeros(voters)
    style = Style(mean, np.zeros(statements), np.ones(statements), nothing, np.ones(voters))
    axes = np.ascontiguousarray(chart_of(ballots, style, exact=EXACT).axes[:, :2])
    inner = np.zeros((voters, 4))
    wide = np.zeros((statements, 4))
    wide[:, : axes.shape[1]] = axes
    passes.model.product_pass(*rows(ballots), mean, wide, inner)
    stretch = np.sqrt(statements / np.maximum(ballots.per_voter + zeroed, 1))
    return inner[:, :2] * stretch[:, None], wide[:, :2], mean


def grouped(points: Floats) -> Ints:
    """Labels by k-means with 2 to 5 groups, whichever has the best silhouette."""
    if len(points) < 3:
        return np.zeros(len(points), np.int64)
    sites, mass, site = points, np.ones(len(points)), None
    if len(points) > MANY:
        sites, mass, site = cells(points)
    most = min(MOST_GROUPS, len(sites) - 1)
    if most < 2:  # thousands of people, and hardly two places they stand at
        return np.zeros(len(points), np.int64)
    starts = first_points(sites, most)
    tries = np.array([settled(sites, mass, starts[:many]) for many in range(2, most + 1)])
    labels: Ints = tries[int(np.argmax(scores(sites, mass, tries)))]
    return labels if site is None else labels[site]


def first_points(points: Floats, many: int) -> Floats:
    """Polis begins with the first points; red-dwarf with the first in the order of the plane."""
    few = min(4 * many, len(points) - 1)
    least = np.partition(points[:, 0], few)[few]
    return np.unique(points[points[:, 0] <= least], axis=0)[:many]


def settled(points: Floats, mass: Floats, centres: Floats) -> Ints:
    """k-means from these centres, to the tolerance at which scikit-learn stops."""
    around = points - np.average(points, axis=0, weights=mass)
    tolerance = TOLERANCE * float(np.average(around**2, axis=0, weights=mass).mean())
    return nearest.lloyd(points, mass, np.ascontiguousarray(centres), tolerance)


def scores(points: Floats, mass: Floats, tries: Ints) -> Floats:
    """The mean silhouette of each try (T x n: labels)."""
    together = np.zeros(tries.shape[1], np.int64)
    for labels in tries:
        together = together * MOST_GROUPS + labels
    parts, part = np.unique(together, return_inverse=True)
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(len(parts) + 1))
    x, y = np.ascontiguousarray(points[order].T, dtype=np.float32)  # eight at a time, not four
    cluster = np.ascontiguousarray(tries[:, order[ends[:-1]]])
    told: Floats = plane.silhouettes(x, y, mass[order].astype(np.float32), ends, cluster)
    return told


def cells(points: Floats) -> tuple[Floats, Floats, Ints]:
    """The points by cells of a grid: their centres of mass, their masses, and each point's cell."""
    spread = np.maximum(points.std(axis=0), 1e-12)
    at = ((points - points.mean(axis=0)) / spread * (CELLS / 6) + CELLS / 2).clip(0, CELLS - 1)
    cell = at.astype(np.int64) @ np.array([CELLS, 1])
    mass = np.bincount(cell, minlength=CELLS**2).astype(np.float64)
    filled = np.flatnonzero(mass)
    sums = [np.bincount(cell, x, CELLS**2)[filled] for x in points.T]
    number = np.cumsum(mass > 0) - 1
    return np.stack(sums, axis=1) / mass[filled, None], mass[filled], number[cell]


def repness(counts: Ints) -> Floats:
    """z of the difference between each group and the rest, in agreeing or, below 0, disagreeing."""
    told = []
    for kind in (2, 0):
        said, n = counts[:, :, kind], counts.sum(axis=2)
        a, b = said + 1, said.sum(axis=0) - said + 1
        n, m = n + 1, n.sum(axis=0) - n + 1
        pooled = (a + b) / (n + m)
        spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / m))
        told.append(np.where(spread > 0, (a / n - b / m) / np.maximum(spread, 1e-300), 0.0))
    return np.where(told[0] > told[1], told[0], -told[1])


def extremity(axes: Floats, mean: Floats) -> Floats:
    """How far a single vote of agreement alone would carry somebody (S)."""
    return np.asarray(np.linalg.norm(one_vote(axes, mean), axis=1))


def one_vote(axes: Floats, mean: Floats) -> Floats:
    """Where somebody stands who cast one vote only (S x 2)."""
    result: Floats = axes * ((1.0 - mean) * np.sqrt(len(mean)))[:, None]
    return result


def priority(counts: Ints, far: Floats) -> Floats:
    """How urgently a statement should be shown (S), as Polis routes: new, engaging, telling."""
    n = counts.sum(axis=1)
    agree, passed = (counts[:, 2] + 1) / (n + 2), (counts[:, 1] + 1) / (n + 2)
    importance = agree * (1 - passed) * (1 + far)
    result: Floats = (importance * (1 + 8 * 2.0 ** (-n / 5))) ** 2
    return result
