"""What people say altogether, were they as mixed as the place they live in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.bridging import counted
from commonground.ask.engine.finding import found
from commonground.ask.engine.raking import UNTOLD, Raked, raked
from commonground.ask.engine.telling import LEAST_CELL, eligible

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

FEWEST = 50  # equal people: of fewer a weighed share says less than the bare one
SURE = 1.96  # standard errors of a 95 % interval


def weighed(
    ballots: Ballots, traits: Mapping[Any, Sequence[int]], margins: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Weighed shares of every statement, and what bridges under these weights.

    traits: by the name of a voter, the class in each margin, -1 untold; only who told everything
    is weighed. Shares are in per cent with the half width of their 95 % interval, and rest on ten
    people and more; `statements` is empty where all are worth fewer than fifty equal ones.
    """
    untold = [UNTOLD] * len(margins)
    rows = np.array([traits.get(name, untold) for name in ballots.voters.tolist()], np.int64)
    rake = raked(rows.reshape(-1, len(margins)), [np.array(m) for m in margins])
    said = {
        "people": rake.people, "effective": round(rake.effective),
        "off": round(100 * rake.off, 1), "absent": [list(pair) for pair in rake.absent],
        "statements": {}, "shared": [],
    }  # fmt: skip
    if rake.effective < FEWEST:
        return said
    kept = rake.weight > 0
    told = ballots.of(kept)
    weight = matched(told, ballots, rake)
    return said | {"statements": shares(told, weight), "shared": shared(told, weight)}


def matched(told: Ballots, ballots: Ballots, rake: Raked) -> Floats:
    """The weights in the order of those who told: leaving people out may move rows."""
    by_name = dict(zip(ballots.voters.tolist(), rake.weight.tolist(), strict=True))
    return np.array([by_name[name] for name in told.voters.tolist()])


def shares(told: Ballots, weight: Floats) -> dict[str, list[float]]:
    """By statement: disagree, not sure, agree in per cent, and the half width for agree."""
    everybody = np.ones((told.shape[0], 1))
    counts = counted(told, weight, everybody)
    people = passes.totals(told.columns, told.votes, told.shape[1]).sum(axis=1)
    squares = counted(told, weight**2, everybody).n
    out = {}
    for j in np.flatnonzero(people >= LEAST_CELL):
        n = float(counts.n[j, 0])
        agree, disagree = float(counts.agree[j, 0]) / n, float(counts.disagree[j, 0]) / n
        worth = n**2 / float(squares[j, 0])
        half = SURE * np.sqrt(max(agree * (1 - agree), 1 / worth) / worth)
        row = [disagree, 1 - agree - disagree, agree, half]
        out[str(told.statements[j])] = [round(100 * float(x), 1) for x in row]
    return out


def shared(told: Ballots, weight: Floats) -> list[str]:
    """Statements by how far they bridge once everybody weighs as much as the place asks."""
    finding = found(told, weight)
    fit = eligible(finding)
    order = np.argsort(-finding.bridge, kind="stable")
    return [str(finding.ballots.statements[j]) for j in order[fit[order]]]
