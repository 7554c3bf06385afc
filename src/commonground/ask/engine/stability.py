"""Would we find the same groups again? Asked by looking at half of everybody's votes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.choosing import ENOUGH, FOLDS, Half, folds, sampled
from commonground.ask.engine.finding import Finding

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


def stability(finding: Finding) -> tuple[Floats, Floats]:
    """Per group (K) and per voter (P) how often half the votes lead to the same place, 0 to 1.

    Six halves are tried. A group counts by its overlap (Jaccard) with the group of a half that
    shares most with it; a voter by how often they are in that group. Voters of whom a half shows
    too little, and those beyond the sample, are judged by their membership alone.
    """
    many = finding.mixture.many
    voter = finding.member.max(axis=1)
    if many == 1:
        return np.ones(1), voter
    sample = sampled(finding.ballots)
    size, part = sample.shape[0], folds(sample)
    group, weight = finding.group[:size], finding.weight[:size]
    met, seen, overlaps = np.zeros(size), np.zeros(size), []
    for pair in combinations(range(FOLDS), 2):
        half = Half(sample, np.isin(part, pair), weight)
        known = (half.seen.per_voter >= ENOUGH) & (weight > 0)
        again, overlap = renamed(group, half.groups(many), known, many)
        overlaps.append(overlap)
        seen += known
        met += known & (again == group)
    voter[:size] = np.where(seen > 0, met / np.maximum(seen, 1), voter[:size])
    return np.mean(overlaps, axis=0), voter


def renamed(group: Ints, other: Ints, known: NDArray[np.bool_], many: int) -> tuple[Ints, Floats]:
    """The other grouping under the names of the first, and each group's overlap (K)."""
    table = np.zeros((many, many))
    np.add.at(table, (group[known], other[known]), 1)
    either = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    overlap = table / np.maximum(either, 1)
    result: Ints = overlap.argmax(axis=0)[other]
    return result, overlap.max(axis=1)
