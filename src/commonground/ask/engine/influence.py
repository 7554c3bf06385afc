"""What a small crowd could have done: who carries a statement, and who alone stands against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.bridging import CROWD, bridge, counted
from commonground.ask.engine.chart import chart_of, places
from commonground.ask.engine.finding import Finding
from commonground.ask.engine.groups import LARGE, camps
from commonground.ask.engine.loops import WIDTH

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

TOP = 10
FAR = 0.12  # of all statements: a place that a crowd moves further than this is said to be unsure


@dataclass(frozen=True)
class Sway:
    """What one camp of `voters` voters alone changes among the ten most bridging statements."""

    voters: float
    carries: Ints
    blocks: Ints


def sways(finding: Finding, eligible: NDArray[np.bool_]) -> list[Sway]:
    """Each camp's sway: the statements (columns) that bridge only because of it, and those that
    only it keeps from bridging. Camps that change nothing are left out."""
    found, weight = [], finding.weight
    for member in divisions(finding):
        counts, share = counted(finding.ballots, weight, member), (member * weight[:, None]).sum(0)
        before = best(bridge(counts.agree, counts.n, share), eligible)
        for g in range(len(share)) if len(share) > 1 else ():
            rest = np.arange(len(share)) != g
            after = best(bridge(counts.agree[:, rest], counts.n[:, rest], share[rest]), eligible)
            sway = Sway(float(share[g]), np.setdiff1d(before, after), np.setdiff1d(after, before))
            found += [sway] if len(sway.carries) or len(sway.blocks) else []
    return found


def divisions(finding: Finding) -> list[Floats]:
    """One division into camps, on everybody; for very many votes the groups themselves."""
    if len(finding.ballots.votes) > LARGE:
        return [finding.member]
    chart = chart_of(finding.ballots, finding.style)
    points = places(finding.ballots, finding.style, chart, WIDTH)
    return [next(camps(finding.ballots, finding.style, points))]


def best(score: Floats, eligible: NDArray[np.bool_]) -> Ints:
    order = np.argsort(-np.where(eligible, score, -np.inf), kind="stable")
    return order[: min(TOP, int(eligible.sum()))]


def within_reach(finding: Finding, eligible: NDArray[np.bool_]) -> Ints:
    """Statements (columns) that a crowd of 5 % could have lifted by more than 12 places in 100.

    Had such a crowd agreed to one statement only, each voting otherwise like somebody real, no
    test on votes alone could tell. What can be told is where it would have mattered.
    """
    counts = counted(finding.ballots, finding.weight, finding.member)
    share = (finding.member * finding.weight[:, None]).sum(axis=0)
    crowd = np.minimum(CROWD * share, counts.agree)
    now = bridge(counts.agree, counts.n, share)
    without = bridge(counts.agree - crowd, counts.n - crowd, share)
    others = np.sort(now[eligible])
    rank = [np.searchsorted(others, x) / max(len(others), 1) for x in (now, without)]
    return np.flatnonzero(eligible & (rank[0] - rank[1] > FAR))
