"""Votes as they come: a few additions each, and the whole picture anew when it is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.ballots import Ballots, gathered
from commonground.ask.engine.chart import RIDGE, Chart, chart_of
from commonground.ask.engine.finding import Finding, found
from commonground.ask.engine.loops import PASS
from commonground.ask.engine.mixture import Mixture, alone, grown
from commonground.ask.engine.style import style_of

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

    `vote` costs the same however many votes there are. It moves the voter's membership and place
    and the statement's counters, against leans and axes that stand still until `refresh` (warm,
    a pass or two from where they were) or `settle` (cold: the same as a batch of the same votes,
    whatever the order they came in).
    """

    def __init__(self, ballots: Ballots) -> None:
        self.people: dict[object, Standing] = {}
        self.since: list[tuple[object, object, int]] = []
        self.take(ballots)

    def take(self, ballots: Ballots) -> None:
        """Begin again from these ballots: one group, until a finding says more."""
        self.ballots = ballots
        self.style = style_of(ballots)
        self.chart = chart_of(ballots, self.style)
        self.learn(alone(ballots))

    def learn(self, mixture: Mixture) -> None:
        """Hold these leans and axes still for the votes to come."""
        self.mixture = mixture
        self.since = []
        self.people = {}
        self.rows = {name: i for i, name in enumerate(self.ballots.voters.tolist())}
        axes = self.chart.axes[:, :2] * math.sqrt(max(self.ballots.shape[1], 1))
        wide = np.zeros((len(axes), 2))
        wide[:, : axes.shape[1]] = axes
        pull = 1.0 / self.style.spread
        known = np.column_stack([self.style.mean, self.style.slope, pull, wide, mixture.deviation])
        self.known = dict(zip(self.ballots.statements.tolist(), known.tolist(), strict=True))
        self.shares = np.log(mixture.share).tolist()
        self.counts: dict[object, list[int]] = {}

    def vote(self, voter: object, statement: object, value: int) -> None:
        """One vote, or a change of mind; value is 1 (agree), -1 (disagree) or 0 (pass)."""
        if value not in (-1, 0, 1):
            raise ValueError("A vote is 1 (agree), -1 (disagree) or 0 (pass).")
        person = self.people.get(voter) or self.standing(voter)
        before = person.votes.get(statement)
        row = self.known.get(statement)
        if row is not None:
            own = self.own(voter)
            if before is not None:
                self.move(person, row, own, before, -1.0)
            self.move(person, row, own, value, 1.0)
        person.votes[statement] = value
        tally = self.counts.setdefault(statement, [0, 0, 0])
        if before is not None:
            tally[before + 1] -= 1
        tally[value + 1] += 1
        self.since.append((voter, statement, value))

    def own(self, voter: object) -> float:
        at = self.rows.get(voter)
        return float(self.style.own[at]) if at is not None else 0.0

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

    def standing(self, voter: object) -> Standing:
        """Somebody as their votes so far leave them; taken up at their first new one."""
        person = self.people[voter] = Standing({}, list(self.shares))
        at = self.rows.get(voter)
        if at is not None:
            part = slice(self.ballots.starts[at], self.ballots.starts[at + 1])
            names = self.ballots.statements[self.ballots.columns[part]].tolist()
            own = self.own(voter)
            for name, value in zip(names, self.ballots.votes[part].tolist(), strict=True):
                person.votes[name] = value
                self.move(person, self.known[name], own, value, 1.0)
        return person

    def member(self, voter: object) -> list[float]:
        """The voter's share in each group, now."""
        told = (self.people.get(voter) or self.standing(voter)).told
        most = max(told)
        odds = [math.exp(x - most) for x in told]
        return [x / sum(odds) for x in odds]

    def place(self, voter: object) -> tuple[float, float]:
        """Where the voter stands on the map, now."""
        person = self.people.get(voter) or self.standing(voter)
        (u, v), (a, b, c) = person.inner, person.squares
        a, c = a + RIDGE, c + RIDGE
        around = a * c - b * b
        return (c * u - b * v) / around, (a * v - b * u) / around

    def whole(self) -> Ballots:
        """All votes so far; the same table whatever the order in which they came."""
        if not self.since:
            return self.ballots
        old = self.ballots
        voters, statements, votes = zip(*self.since, strict=True)
        return gathered(
            np.concatenate([old.voters[old.rows], np.array(voters)]),
            np.concatenate([old.statements[old.columns], np.array(statements)]),
            np.concatenate([old.votes, np.array(votes, np.int8)]),
        )

    def refresh(self, steps: int = 2) -> Mixture:
        """Leans and memberships with the votes since, from where they were: approximate, quick."""
        before, deviation = self.ballots.statements, self.mixture.deviation
        axes = self.chart.axes
        self.ballots = self.whole()
        self.style = style_of(self.ballots)
        order = np.argsort(before)
        at = order[np.searchsorted(before[order], self.ballots.statements).clip(0, len(order) - 1)]
        there = (before[at] == self.ballots.statements)[:, None]
        self.chart = Chart(np.where(there, axes[at], 0.0), self.chart.strength)
        warm = np.where(there, deviation[at], 0.0)
        many = deviation.shape[1]
        self.learn(
            grown(self.ballots, self.style, warm, steps) if many > 1 else alone(self.ballots)
        )
        return self.mixture

    def settle(self) -> Finding:
        """The finding of all votes so far, as a batch would give it."""
        finding = found(self.whole())
        self.ballots, self.style, self.chart = finding.ballots, finding.style, finding.chart
        self.learn(finding.mixture)
        return finding
