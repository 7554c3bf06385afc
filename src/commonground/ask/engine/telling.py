"""A finding as plain lists and numbers, with nothing told of fewer than ten people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.bridging import counted, lower
from commonground.ask.engine.finding import Finding
from commonground.ask.engine.influence import sways, within_reach
from commonground.ask.engine.notes import notes_of
from commonground.ask.engine.stability import stability
from commonground.ask.engine.style import rows

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

LEAST_CELL = 10  # people: a share of fewer could point at somebody
ELIGIBLE, ELIGIBLE_SHARE = 20, 0.05  # votes a statement needs before it can be said to bridge
UNLIKE = 0.25  # of all statements: two ways of measuring that differ by more are said to differ


@dataclass(frozen=True)
class Cells:
    """n, agree (K x S): people of each group who voted on a statement, and the share agreeing;
    nan where n is below ten. z: how unlike the others, in standard errors. low: lower bounds."""

    n: Ints
    agree: Floats
    z: Floats
    low: Floats


def cells(finding: Finding) -> Cells:
    """Votes by group, each voter in the group they are most in, suspect ballots left out."""
    many, statements = finding.mixture.many, finding.ballots.shape[1]
    group = np.where(finding.suspect, -1, finding.group)
    counts = passes.totals_by_group(*rows(finding.ballots), group, many, statements)
    n, agree = counts.sum(axis=2), counts[:, :, 2]
    rest_n, rest = n.sum(axis=0) - n, agree.sum(axis=0) - agree
    pooled = (agree.sum(axis=0) + 1) / (n.sum(axis=0) + 2)
    gap = (agree + 1) / (n + 2) - (rest + 1) / (rest_n + 2)
    z = gap / np.sqrt(pooled * (1 - pooled) * (1 / (n + 1) + 1 / (rest_n + 1)))
    soft = counted(finding.ballots, finding.weight, finding.member)
    shown = n >= LEAST_CELL
    share = np.where(shown, agree / np.maximum(n, 1), np.nan)
    return Cells(
        n, share, np.where(shown, z, np.nan), np.where(shown, lower(soft.agree, soft.n).T, np.nan)
    )


def eligible(finding: Finding) -> NDArray[np.bool_]:
    """Statements (S) enough people voted on to say anything of them."""
    n = passes.totals(finding.ballots.columns, finding.ballots.votes, finding.ballots.shape[1])
    enough: NDArray[np.bool_] = n.sum(axis=1) >= max(
        ELIGIBLE, ELIGIBLE_SHARE * finding.ballots.shape[0]
    )
    return enough


def told(finding: Finding, *, people: bool = True) -> dict[str, object]:
    """The whole finding, ready to be written down.

    people: whether to say who is in which group and where on the map; the default for the person
    who holds the votes. What is published leaves it out.
    """
    seen, fit = cells(finding), eligible(finding)
    names = [plain(name) for name in finding.ballots.statements]
    by_group, _ = stability(finding)
    told: dict[str, object] = {
        "voters": finding.ballots.shape[0],
        "statements": finding.ballots.shape[1],
        "votes": len(finding.ballots.votes),
        "groups": [group_told(finding, seen, names, g, by_group[g]) for g in range(len(by_group))],
        "members": members(finding) if people else {},
        "common_ground": ground(finding, seen, names, finding.bridge, fit),
        "divides": divides(seen, names, fit),
        "map": places_told(finding) if people else {},
        "integrity": integrity(finding, seen, names, fit),
        "stable": finding.stable,
    }
    return told


def group_told(
    finding: Finding, seen: Cells, names: list[object], g: int, stable: float
) -> dict[str, object]:
    size = int((finding.group == g).sum())
    order = np.argsort(-np.abs(np.nan_to_num(seen.z[g])), kind="stable")
    return {
        "id": g,
        "size": size,
        "share": rounded(size / max(finding.ballots.shape[0], 1)),
        "stability": rounded(stable),
        "statements": [
            {
                "id": names[j],
                "agree": rounded(seen.agree[g, j]),
                "n": int(seen.n[g, j]) if seen.n[g, j] >= LEAST_CELL else None,
                "z": rounded(seen.z[g, j]),
            }
            for j in order
        ],
    }


def members(finding: Finding) -> dict[str, dict[str, object]]:
    share = finding.member.max(axis=1)
    return {
        str(name): {"group": int(g), "share": rounded(s)}
        for name, g, s in zip(finding.ballots.voters, finding.group, share, strict=True)
    }


def places_told(finding: Finding) -> dict[str, list[float]]:
    places = np.round(finding.place, 4).tolist()
    return {str(name): p for name, p in zip(finding.ballots.voters, places, strict=True)}


def ground(
    finding: Finding, seen: Cells, names: list[object], score: Floats, fit: NDArray[np.bool_]
) -> list[dict[str, object]]:
    """Eligible statements by how far they bridge, the furthest first."""
    order = np.argsort(-score, kind="stable")
    return [
        {
            "statement": names[j],
            "score": rounded(score[j], 6),
            "low": rounded(np.nanmin(seen.low[:, j]))
            if np.isfinite(seen.low[:, j]).any()
            else None,
            "agree_by_group": by_group(seen, j),
        }
        for j in order[fit[order]]
    ]


def by_group(seen: Cells, j: int) -> dict[str, float | None]:
    return {str(g): rounded(share) for g, share in enumerate(seen.agree[:, j])}


def divides(seen: Cells, names: list[object], fit: NDArray[np.bool_]) -> list[dict[str, object]]:
    """Statements on which the groups differ most surely, the widest gap first."""
    if len(seen.agree) < 2:
        return []
    width = np.nanmax(np.nan_to_num(seen.agree, nan=-1), axis=0)
    gap = width - np.where(np.isnan(seen.agree), 2, seen.agree).min(axis=0)
    gap = np.where(np.isfinite(seen.agree).sum(axis=0) > 1, gap, 0.0)
    order = np.argsort(-gap, kind="stable")
    return [
        {"statement": names[j], "gap": rounded(gap[j]), "agree_by_group": by_group(seen, j)}
        for j in order[fit[order]]
        if gap[j] > 0
    ]


def integrity(
    finding: Finding, seen: Cells, names: list[object], fit: NDArray[np.bool_]
) -> dict[str, object]:
    """What was left out, what was counted for less, and how far to trust each statement."""
    weight = finding.weight
    other = notes_of(finding.ballots.only(np.repeat(weight > 0, finding.ballots.per_voter)))
    return {
        "straight_lines": int(finding.straight.sum()),
        "copies": int(finding.likeness.copies.sum()),
        "twins": int((finding.likeness.twins > 0).sum()),
        "blank": int(finding.blank.sum()),
        "crowd_with_one_script": int(finding.crowd.sum()),
        "effective_voters": rounded(effective(weight), 1),
        "style_share": rounded(style_share(finding)),
        "halves_agree": rounded(finding.agreement),
        "suppressed_cells": int((seen.n < LEAST_CELL).sum()),
        "common_disagreement": ground(finding, seen, names, finding.against, fit)[:10],
        "methods_differ": [names[j] for j in unlike(finding.bridge, other.bridge, fit)],
        "sensitivity": [
            {
                "voters": round(sway.voters) if sway.voters >= LEAST_CELL else None,
                "bridging_only_because_of": [names[j] for j in sway.carries],
                "blocked_only_by": [names[j] for j in sway.blocks],
            }
            for sway in sways(finding, fit)
        ],
        "within_reach_of_a_crowd": [names[j] for j in within_reach(finding, fit)],
    }


def effective(weight: Floats) -> float:
    """How many equal voters these unequal ones are worth (Kish, 1965)."""
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def style_share(finding: Finding) -> float:
    """How much of what is not said by everybody alike is style rather than opinion."""
    style = finding.style
    own = float((style.own**2 * finding.ballots.per_voter).sum())
    slope = float((style.slope**2).mean())
    left = float(style.spread.mean()) * len(finding.ballots.votes)
    return own * slope / max(own * slope + left, 1e-9)


def unlike(one: Floats, other: Floats, fit: NDArray[np.bool_]) -> Ints:
    """Statements whose rank by two measures differs by more than a quarter of all."""
    place = np.zeros((2, len(one)))
    for row, score in zip(place, (one, other), strict=True):
        row[np.argsort(np.where(fit, score, -np.inf), kind="stable")] = np.arange(len(one))
    return np.flatnonzero(fit & (np.abs(place[0] - place[1]) > UNLIKE * max(int(fit.sum()), 1)))


def rounded(value: float, places: int = 4) -> float | None:
    return round(float(value), places) if np.isfinite(value) else None


def plain(name: np.generic) -> object:
    return name.item() if hasattr(name, "item") else str(name)
