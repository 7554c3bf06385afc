"""A question's votes as they come, and the picture of them that anybody may see.

The picture holds sums of ten people and more, and what places somebody who holds their own votes
on the map; of others it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, gathered
from commonground.ask.engine.chart import RIDGE
from commonground.ask.engine.finding import Finding, found
from commonground.ask.engine.live import Live
from commonground.ask.engine.style import SHRINK, rows
from commonground.ask.engine.telling import LEAST_CELL, told

type Floats = NDArray[np.float64]

ACROSS = 8  # cells of the map from side to side
APART = 0.3  # between the shares of two groups that agree: less divides nobody
LONGEST = 10  # statements in a list


@dataclass(frozen=True)
class Settled:
    """What a batch of some votes gives: the finding that is shown, and the lists drawn from it."""

    finding: Finding
    lists: dict[str, Any]


def settled(ballots: Ballots) -> Settled:
    """The finding of these ballots; this is what takes long. Unstable groups are not shown."""
    finding = found(ballots)
    if not finding.stable:  # a page that says so must not show groups all the same
        alone = found(finding.ballots, groups=1)
        finding = replace(alone, agreement=finding.agreement)
    return Settled(finding, lists(finding))


class Following:
    """One tier of one question. `settle` is what a batch of the same votes gives; between two
    of them `refresh` keeps groups and counts up to date, and the order of statements stands.

    Settling may also go on elsewhere while votes come in: `snapshot`, `settled`, `adopt`.
    """

    def __init__(self, voters: ArrayLike, statements: ArrayLike, votes: ArrayLike) -> None:
        """The votes so far (V each), in the order they came; at least one."""
        self.live = Live(gathered(voters, statements, votes))
        self.finding: Finding | None = None
        self.lists: dict[str, Any] = {}
        self.after: list[tuple[object, object, int]] = []  # votes since the last snapshot

    def add(self, votes: Iterable[tuple[object, object, int]]) -> None:
        """More votes, in the order they came."""
        for voter, statement, value in votes:
            self.live.vote(voter, statement, value)
            self.after.append((voter, statement, value))

    def snapshot(self) -> Ballots:
        """All votes so far, which nothing changes any more."""
        self.after = []
        return self.live.whole()

    def adopt(self, whole: Settled) -> dict[str, Any]:
        """The picture once a snapshot was settled, with the votes that came meanwhile."""
        finding, meanwhile = whole.finding, self.after
        self.finding, self.lists = finding, dict(whole.lists)
        self.live.ballots, self.live.style = finding.ballots, finding.style
        self.live.chart = finding.chart
        self.live.learn(finding.mixture)
        left_out = finding.ballots.voters[finding.suspect]
        told = self.picture(finding.group, left_out, finding.place)
        for vote in meanwhile:
            self.live.vote(*vote)
        return self.refresh() if meanwhile else told

    def settle(self) -> dict[str, Any]:
        """The picture of all votes so far, nothing approximate."""
        return self.adopt(settled(self.snapshot()))

    def refresh(self) -> dict[str, Any]:
        """The picture with the votes since, from where it was."""
        if self.finding is None:
            return self.settle()
        mixture = self.live.refresh()
        left_out = self.finding.ballots.voters[self.finding.suspect]
        return self.picture(mixture.member.argmax(axis=1), left_out, None)

    def picture(
        self, group: NDArray[np.int64], left_out: NDArray[np.generic], place: Floats | None
    ) -> dict[str, Any]:
        ballots, many = self.live.ballots, self.live.mixture.many
        counted = np.where(np.isin(ballots.voters, left_out), -1, group)
        cells = passes.totals_by_group(*rows(ballots), counted, many, ballots.shape[1])
        names = [str(name) for name in ballots.statements.tolist()]
        if place is not None:
            self.lists |= {"map": dots(place, group), "axes": self.axes(names)}
        return {
            **self.lists,
            "sizes": np.bincount(group, minlength=many).tolist(),
            "seen": dict(zip(names, cells.sum(axis=(0, 2)).tolist(), strict=True)),
            "groups": {
                name: [shown(cells[g, j]) for g in range(many)] for j, name in enumerate(names)
            },
            "all": {name: shown(cells[:, j].sum(axis=0)) for j, name in enumerate(names)},
        }

    def axes(self, names: list[str]) -> dict[str, list[float]]:
        """What each statement adds to a place on the map: mean, slope, and along both axes."""
        style, chart = self.live.style, self.live.chart
        wide = np.zeros((len(names), 2))
        along = chart.axes[:, :2] * np.sqrt(max(len(names), 1))
        wide[:, : along.shape[1]] = along
        table = np.column_stack([style.mean, style.slope, wide]).round(5)
        return dict(zip(names, table.tolist(), strict=True))


def shown(counts: NDArray[np.int64]) -> list[int] | None:
    """Disagree, not sure, agree; nothing of fewer than ten people."""
    return counts.tolist() if counts.sum() >= LEAST_CELL else None


def lists(finding: Finding) -> dict[str, Any]:
    """Which statements the groups share, in which order, what divides them, how far to trust it."""
    whole: dict[str, Any] = told(finding, people=False)
    trust = whole["integrity"]
    return {
        "stable": whole["stable"],
        "stability": [group["stability"] for group in whole["groups"]],
        "halves_agree": trust["halves_agree"],
        "shared": [str(r["statement"]) for r in whole["common_ground"] if over_half(r)][:LONGEST],
        "refused": [str(r["statement"]) for r in trust["common_disagreement"]][:LONGEST],
        "divides": [
            str(row["statement"]) for row in whole["divides"] if row["gap"] >= APART
        ][:LONGEST],
        "left_out": trust["straight_lines"] + trust["copies"],
        "unsure": [str(name) for name in trust["methods_differ"]],
        "within_reach": [str(name) for name in trust["within_reach_of_a_crowd"]],
    }  # fmt: skip


def over_half(row: Mapping[str, Any]) -> bool:
    shares = [share for share in row["agree_by_group"].values() if share is not None]
    return bool(shares) and min(shares) > 0.5


def dots(place: Floats, group: NDArray[np.int64]) -> dict[str, Any]:
    """The map as a grid: how many stand in each cell, ten and more, and most of which group."""
    place = np.pad(place, ((0, 0), (0, 2 - place.shape[1])))  # one statement has one direction
    far = float(np.abs(place).max()) if place.size else 0.0
    if not far:
        return {"far": 1.0, "cells": []}
    at = np.minimum((place / far + 1) / 2 * ACROSS, ACROSS - 1).astype(np.int64)
    found_at = {}
    for x, y in {(int(x), int(y)) for x, y in at}:
        here = (at[:, 0] == x) & (at[:, 1] == y)
        if here.sum() >= LEAST_CELL:
            found_at[x, y] = [x, y, int(here.sum()), int(np.bincount(group[here]).argmax())]
    return {"far": far, "cells": [found_at[key] for key in sorted(found_at)]}


def here(votes: Mapping[str, int], picture: Mapping[str, Any]) -> tuple[int, int] | None:
    """The cell of the map in which somebody with these votes stands; None before there is a map."""
    axes, chart = picture.get("axes", {}), picture.get("map", {})
    known = [(axes[name], value) for name, value in votes.items() if name in axes]
    if not known or not chart.get("cells"):
        return None
    table = np.array([row for row, _ in known])
    left = np.array([value for _, value in known]) - table[:, 0]
    own = float((table[:, 1] * left).sum() / (SHRINK + (table[:, 1] ** 2).sum()))
    left -= own * table[:, 1]
    squares = table[:, 2:].T @ table[:, 2:] + RIDGE * np.eye(2)
    place = np.linalg.solve(squares, table[:, 2:].T @ left)
    cell = np.clip((place / chart["far"] + 1) / 2 * ACROSS, 0, ACROSS - 1).astype(int)
    return int(cell[0]), int(cell[1])
