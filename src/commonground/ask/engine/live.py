"""Votes as they come: a few additions each, and the whole picture anew when it is asked for."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, gathered
from commonground.ask.engine.chart import RIDGE, Chart, chart_of
from commonground.ask.engine.compiled import PASS
from commonground.ask.engine.finding import Finding, found
from commonground.ask.engine.mixture import Mixture, alone
from commonground.ask.engine.style import style_of
from commonground.ask.engine.warm import again, warmed

type Floats = NDArray[np.float64]


@dataclass
class Standing:
    """One voter while votes come in: told[g] is the log odds of each group, up to a constant;
    the rest are sums from which a place on the map is solved."""

    votes: dict[object, int]
    told: list[float]
    inner: list[float] = field(default_factory=lambda: [0.0, 0.0])
    squares: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])


class Live:
    """A conversation in progress.

    `vote` costs the same however many votes there are. It moves the statement's counters, and the
    membership and place of a voter somebody has asked about, against leans and axes that stand
    still until `refresh` (warm: those who voted since move, and the leans with them) or `settle`
    (cold: the same as a batch of the same votes, whatever the order they came in).

    ballots, mixture: as of the last refresh or settling; row i of one is row i of the other.
    """

    def __init__(self, ballots: Ballots) -> None:
        self.people: dict[object, Standing] = {}
        self.take(ballots)

    def take(self, ballots: Ballots) -> None:
        """Begin again from these ballots: one group, until a finding says more."""
        self.ballots = ballots
        self.style = style_of(ballots)
        self.chart = chart_of(ballots, self.style)
        self.learn(alone(ballots))

    def learn(self, mixture: Mixture) -> None:
        """Hold these leans and axes still for the votes to come."""
        self.rows = {name: i for i, name in enumerate(self.ballots.voters.tolist())}
        self.columns = {name: j for j, name in enumerate(self.ballots.statements.tolist())}
        self.warm = warmed(self.ballots, self.style, mixture)
        self.mixture = mixture
        self.hold()

    def hold(self) -> None:
        self.since = array("q"), array("q"), array("b")  # rows, columns and votes
        self.people = {}
        self.said: dict[object, dict[object, int]] = {}
        axes = self.chart.axes[:, :2] * math.sqrt(max(self.ballots.shape[1], 1))
        wide = np.zeros((len(axes), 2))
        wide[:, : axes.shape[1]] = axes
        pull = 1.0 / self.style.spread
        lean = self.mixture.deviation
        table = np.column_stack([self.style.mean, self.style.slope, pull, wide, lean])
        self.known = dict(zip(self.columns, table.tolist(), strict=True))
        self.shares = np.log(self.mixture.share).tolist()
        self.counts: dict[object, list[int]] = {}

    def vote(self, voter: object, statement: object, value: int) -> None:
        """One vote, or a change of mind; value is 1 (agree), -1 (disagree) or 0 (pass)."""
        if value not in (-1, 0, 1):
            raise ValueError("A vote is 1 (agree), -1 (disagree) or 0 (pass).")
        row = self.rows.setdefault(voter, len(self.rows))
        column = self.columns.setdefault(statement, len(self.columns))
        said = self.said.setdefault(voter, {})
        before = said.get(statement)
        if before is None:
            before = self.earlier(row, column)
        said[statement] = value
        tally = self.counts.setdefault(statement, [0, 0, 0])
        if before is not None:
            tally[before + 1] -= 1
        tally[value + 1] += 1
        for kept, new in zip(self.since, (row, column, value), strict=True):
            kept.append(new)
        if voter in self.people:
            self.change(self.people[voter], voter, statement, before)

    def change(
        self, person: Standing, voter: object, statement: object, before: int | None
    ) -> None:
        """Moves somebody who was asked about to where their newest vote puts them."""
        row, own, value = self.known.get(statement), self.own(voter), self.said[voter][statement]
        person.votes[statement] = value
        if row is not None:
            if before is not None:
                self.move(person, row, own, before, -1.0)
            self.move(person, row, own, value, 1.0)

    def own(self, voter: object) -> float:
        at = self.rows.get(voter, len(self.style.own))
        return float(self.style.own[at]) if at < len(self.style.own) else 0.0

    def move(self, person: Standing, row: list[float], own: float, value: int, sign: float) -> None:
        """Adds (or, sign -1, takes back) what a vote tells of somebody."""
        mean, slope, pull, x, y, *leans = row
        left = value - mean - own * slope
        weight = sign * pull * (PASS if value == 0 else 1.0)
        for g, lean in enumerate(leans):
            person.told[g] += weight * lean * (left - 0.5 * lean)
        person.inner[0] += sign * left * x
        person.inner[1] += sign * left * y
        person.squares[0] += sign * x * x
        person.squares[1] += sign * x * y
        person.squares[2] += sign * y * y

    def earlier(self, row: int, column: int) -> int | None:
        """What was said before all that is held here."""
        if row >= self.ballots.shape[0] or column >= self.ballots.shape[1]:
            return None
        start, end = int(self.ballots.starts[row]), int(self.ballots.starts[row + 1])
        place = bisect_left(self.ballots.columns, column, start, end)
        there = place < end and self.ballots.columns[place] == column
        return int(self.ballots.votes[place]) if there else None

    def standing(self, voter: object) -> Standing:
        """Somebody as all their votes leave them; taken up when they are first asked about."""
        person = self.people.get(voter)
        if person is None:
            person = self.people[voter] = Standing(self.earliest(voter), list(self.shares))
            person.votes |= self.said.get(voter, {})
            self.take_up(person, self.own(voter))
        return person

    def earliest(self, voter: object) -> dict[object, int]:
        """A voter's votes as of the last refresh."""
        at = self.rows.get(voter, self.ballots.shape[0])
        if at >= self.ballots.shape[0]:
            return {}
        part = slice(self.ballots.starts[at], self.ballots.starts[at + 1])
        names = self.ballots.statements[self.ballots.columns[part]].tolist()
        return dict(zip(names, self.ballots.votes[part].tolist(), strict=True))

    def take_up(self, person: Standing, own: float) -> None:
        for name, value in person.votes.items():
            if name in self.known:
                self.move(person, self.known[name], own, value, 1.0)

    def member(self, voter: object) -> list[float]:
        """The voter's share in each group, now."""
        told = self.standing(voter).told
        most = max(told)
        odds = [math.exp(x - most) for x in told]
        return [x / sum(odds) for x in odds]

    def place(self, voter: object) -> tuple[float, float]:
        """Where the voter stands on the map, now."""
        person = self.standing(voter)
        (u, v), (a, b, c) = person.inner, person.squares
        a, c = a + RIDGE, c + RIDGE
        around = a * c - b * b
        return (c * u - b * v) / around, (a * v - b * u) / around

    def whole(self) -> Ballots:
        """All votes so far; the same table whatever the order in which they came."""
        old, (rows, columns, votes) = self.ballots, self.since
        voters, statements = self.names()
        return gathered(
            voters[np.concatenate([old.rows, np.array(rows)])],
            statements[np.concatenate([old.columns, np.array(columns)])],
            np.concatenate([old.votes, np.array(votes)]),
        )

    def names(self) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        """Voters and statements by row and column, those who came since the last."""
        old = self.ballots
        voters, statements = list(self.rows), list(self.columns)
        return (
            joined(old.voters, voters[len(old.voters) :]),
            joined(old.statements, statements[len(old.statements) :]),
        )

    def refresh(self, steps: int = 2) -> Mixture:
        """Leans and memberships with the votes since, from where they were: approximate, quick.

        Rows and columns stay where they are and new ones come last, until `settle`.
        """
        if not self.since[0]:
            return self.mixture
        ballots, who = self.with_since()
        self.warm = again(self.warm, ballots, who, steps)
        self.ballots, self.style, self.mixture = ballots, self.warm.style, self.warm.mixture
        room = ((0, ballots.shape[1] - len(self.chart.axes)), (0, 0))
        self.chart = Chart(np.pad(self.chart.axes, room), self.chart.strength)
        self.hold()
        return self.mixture

    def with_since(self) -> tuple[Ballots, NDArray[np.int64]]:
        """The ballots with the votes since, and the rows of those who cast them."""
        old = self.ballots
        row, column, value = (np.array(kept) for kept in self.since)
        key = row * len(self.columns) + column
        order = np.argsort(key, kind="stable")
        order = order[np.append(key[order[1:]] != key[order[:-1]], True)]  # the last of each
        row, column, value = row[order], column[order], value[order]
        new = passes.put_in(old.starts, old.columns, old.votes, row, column, value,
                            len(self.rows), len(self.columns))  # fmt: skip
        names = self.names()
        return Ballots(names[0], names[1], *new), row[np.append(True, row[1:] != row[:-1])]

    def settle(self) -> Finding:
        """The finding of all votes so far, as a batch would give it."""
        finding = found(self.whole())
        self.ballots, self.style, self.chart = finding.ballots, finding.style, finding.chart
        self.learn(finding.mixture)
        return finding


def joined(names: NDArray[np.generic], more: Sequence[object]) -> NDArray[np.generic]:
    return np.concatenate([names, np.array(more)]) if more else names
