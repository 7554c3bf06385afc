"""Fitting groups to everybody: directly where that is quick, by way of a fair sample elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.chart import Chart, chart_of, places
from commonground.ask.engine.mixture import (
    QUICK,
    STEPS,
    TRIES,
    Mixture,
    alone,
    grown,
    mixture_of,
    mixtures,
    wide,
)  # fmt: skip
from commonground.ask.engine.style import Style, style_of

type Floats = NDArray[np.float64]

CAMPS = (5, 8)  # divisions that bridging asks: about as many as a large assembly has parties
RUNS = 5  # of each: the likelier half
CAMP_STEPS = 2  # of many voters: enough for the leans to follow those who are in a camp
LEAST_GROUP = 10  # voters: a smaller group would show who is in it
SMALL = 6000  # voters: up to here everything is fitted on everybody
LARGE = 6_000_000  # votes: beyond that one division into camps must do
WORK = 6e8  # votes times passes times groups that the last steps on everybody may take


def part_of(style: Style, many: int) -> Style:
    return replace(style, own=style.own[:many], weight=style.weight[:many])


def mapped(ballots: Ballots, style: Style) -> Chart:
    """The chart of these ballots; of very many by way of a fair sample, which tells nearly all."""
    if len(ballots.votes) <= LARGE:
        return chart_of(ballots, style)
    many = int(np.searchsorted(ballots.starts, LARGE))
    start = chart_of(ballots.first(many), part_of(style, many)).axes
    return chart_of(ballots, style, start)


def firm(ballots: Ballots, style: Style, points: Floats, many: int) -> Mixture:
    """The likeliest mixture of `many` groups, or of fewer when one would be too small to show.

    Its groups are numbered by size, the largest first.
    """
    for fewer in range(many, 1, -1):
        mixture = fitted(ballots, style, points, fewer)
        sizes = np.bincount(mixture.member.argmax(axis=1), style.weight > 0, minlength=fewer)
        if sizes.min() >= LEAST_GROUP:
            order = np.argsort(-mixture.share, kind="stable")
            return Mixture(
                mixture.deviation[:, order], mixture.share[order],
                mixture.member[:, order], mixture.likelihood,
            )  # fmt: skip
    return alone(ballots)


def fitted(ballots: Ballots, style: Style, points: Floats, many: int) -> Mixture:
    if ballots.shape[0] <= SMALL:
        return mixture_of(ballots, style, points, many)
    steps = int(np.clip(WORK / (len(ballots.votes) * many), 2, STEPS))
    return next(wide(ballots, style, points, many, steps))


def camps(ballots: Ballots, style: Style, points: Floats) -> Iterator[Floats]:
    """Memberships (P x K) in several divisions into camps, finer than the groups."""
    small = ballots.shape[0] <= SMALL
    for many in CAMPS[:1] if len(ballots.votes) > LARGE else CAMPS:
        many = max(1, min(many, ballots.shape[0] // (2 * LEAST_GROUP)))
        if many == 1:
            yield np.ones((ballots.shape[0], 1))
        elif small:
            found = mixtures(ballots, style, points, many, TRIES)[:RUNS]
            yield from (mixture.member for mixture in found)
        else:
            tries = 1 if len(ballots.votes) > LARGE else QUICK
            rough = wide(ballots, style, points, many, CAMP_STEPS, tries, members_last=True)
            yield from (mixture.member for mixture in rough)


@dataclass(frozen=True)
class Everybody:
    """What was learnt from the ballots that count, told of all ballots.

    Somebody whose ballot was left out of the sums still stands somewhere.
    """

    ballots: Ballots
    style: Style
    columns: NDArray[np.int64]  # where each statement of the fit is in these ballots

    @classmethod
    def after(cls, ballots: Ballots, fair: Ballots, style: Style, weight: Floats) -> Everybody:
        order = np.argsort(ballots.statements)
        columns = order[np.searchsorted(ballots.statements[order], fair.statements)]
        if fair is ballots:
            return cls(ballots, style, columns)
        return cls(ballots, told(ballots, style, columns, weight), columns)

    def spread(self, values: Floats) -> Floats:
        """One row for each statement of these ballots; 0 where the fit knew none."""
        out = np.zeros((self.ballots.shape[1], *values.shape[1:]))
        out[self.columns] = values
        return out

    def member(self, mixture: Mixture) -> Floats:
        if mixture.many == 1:
            return np.ones((self.ballots.shape[0], 1))
        if self.ballots.shape[0] == len(mixture.member):
            return mixture.member
        return grown(
            self.ballots, self.style, self.spread(mixture.deviation), 1, mixture.share
        ).member

    def places(self, chart: Chart) -> Floats:
        return places(self.ballots, self.style, replace(chart, axes=self.spread(chart.axes)))


def told(ballots: Ballots, style: Style, columns: NDArray[np.int64], weight: Floats) -> Style:
    """Everybody's own style, given what is already known of the statements."""
    own = style_of(ballots, weight)
    known = {}
    for name in ("mean", "slope", "spread"):
        value = getattr(own, name).copy()
        value[columns] = getattr(style, name)
        known[name] = value
    return replace(own, **known)
