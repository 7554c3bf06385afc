"""What people say altogether, were they as mixed as the place they live in.

Told once, of a question that is over: between two pictures of a running one, the step that a
newcomer makes would say who they are and what they voted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.bridging import counted
from commonground.ask.engine.finding import found
from commonground.ask.engine.raking import LEAST_CLASS, Raked, raked
from commonground.ask.engine.telling import LEAST_CELL, eligible
from commonground.kit.raking import UNTOLD

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

FEWEST = 50  # equal people: of fewer a weighed share says less than the bare one
NEAR = 0.02  # of a margin: further off, the crowd is not as mixed as the place
SURE = 1.96  # standard errors of a 95 % interval
LONGEST = 10  # statements in the list


def weighed(
    ballots: Ballots, traits: Mapping[Any, Sequence[int]], margins: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Weighed shares of statements, and what bridges under these weights.

    traits: by the name of a voter, the class in each margin, -1 untold. Ballots that the finding
    counts for nothing (straight lines, copies, blanks, scripted crowds) are left out first.

    `statements`: by name disagree, not sure and agree in per cent, the 95 % interval of agree,
    and agree among the same people unweighed. It is empty, and `why` says so, where no trait can
    be weighed by ("few_told"), all are worth fewer than fifty equal ones ("few_worth"), or the
    place is out of reach within the limits of weights ("far_off"). A statement is told only where
    thirty of every class voted on it and no answer but none is that of fewer than ten.
    """
    counts = found(ballots).weight > 0
    rows = told_by(ballots, traits, len(margins))
    rows[~counts] = UNTOLD
    rake = raked(rows, [np.array(m) for m in margins])
    said = {
        "people": rake.people, "effective": round(rake.effective, 1),
        "off": round(100 * rake.off, 1), "used": list(rake.used), "why": trouble_with(rake),
        "statements": {}, "shared": [],
    }  # fmt: skip
    if said["why"]:
        return said
    kept = rake.weight > 0
    told = ballots.of(kept)
    weight = matched(told, ballots, rake.weight)
    classes = told_by(told, traits, len(margins))[:, np.array(rake.used)]
    shares = shares_of(told, weight, classes)
    return said | {"statements": shares, "shared": shared(told, weight, shares)}


def told_by(ballots: Ballots, traits: Mapping[Any, Sequence[int]], many: int) -> Ints:
    untold = [UNTOLD] * many
    rows = [traits.get(name, untold) for name in ballots.voters.tolist()]
    return np.array(rows, np.int64).reshape(-1, many)


def trouble_with(rake: Raked) -> str:
    if not any(rake.used):
        return "few_told"
    if rake.effective < FEWEST:
        return "few_worth"
    return "far_off" if rake.off > NEAR else ""


def matched(told: Ballots, ballots: Ballots, weight: Floats) -> Floats:
    """The weights in the order of those who told: leaving people out may move rows."""
    by_name = dict(zip(ballots.voters.tolist(), weight.tolist(), strict=True))
    return np.array([by_name[name] for name in told.voters.tolist()])


def shares_of(told: Ballots, weight: Floats, classes: Ints) -> dict[str, dict[str, float]]:
    everybody = np.ones((told.shape[0], 1))
    counts = counted(told, weight, everybody)
    bare = passes.totals(told.columns, told.votes, told.shape[1])
    squares = counted(told, weight**2, everybody).n
    out = {}
    for j in np.flatnonzero(may_be_told(told, bare, classes)):
        n = float(counts.n[j, 0])
        agree, disagree = float(counts.agree[j, 0]) / n, float(counts.disagree[j, 0]) / n
        worth = n**2 / float(squares[j, 0])
        half = SURE * np.sqrt(max(agree * (1 - agree), 1 / worth) / worth)
        row = {
            "disagree": disagree, "unsure": max(0.0, 1 - agree - disagree), "agree": agree,
            "low": max(0.0, agree - half), "high": min(1.0, agree + half),
            "bare": float(bare[j, 2] / bare[j].sum()),
        }  # fmt: skip
        out[str(told.statements[j])] = {k: round(100 * float(x), 1) for k, x in row.items()}
    return out


def may_be_told(told: Ballots, bare: Ints, classes: Ints) -> NDArray[np.bool_]:
    """Statements (S) whose weighed shares give nobody away: weighed and bare shares together say
    of which class the few are who answered otherwise."""
    few = ((bare > 0) & (bare < LEAST_CELL)).any(axis=1)
    enough = ~few
    for column in classes.T:
        voted = np.zeros((told.shape[1], int(column.max()) + 1), np.int64)
        np.add.at(voted, (told.columns, column[told.rows]), 1)
        enough &= (voted >= LEAST_CLASS).all(axis=1)
    return enough


def shared(told: Ballots, weight: Floats, shares: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What bridges furthest once everybody weighs as much as the place asks, more than half of
    everybody behind it."""
    finding = found(told, weight)
    fit = eligible(finding)
    order = np.argsort(-finding.bridge, kind="stable")
    names = [str(finding.ballots.statements[j]) for j in order[fit[order]]]
    return [name for name in names if name in shares and shares[name]["agree"] > 50][:LONGEST]
