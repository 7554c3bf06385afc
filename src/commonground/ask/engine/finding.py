"""From ballots to what the groups are and what they share: every step in its order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.alike import Likeness, likeness
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.bridging import common
from commonground.ask.engine.chart import Chart, places
from commonground.ask.engine.choosing import LOOSE, chosen
from commonground.ask.engine.crowds import crowded
from commonground.ask.engine.groups import SMALL, Everybody, camps, firm, mapped
from commonground.ask.engine.loops import WIDTH
from commonground.ask.engine.mixture import Mixture
from commonground.ask.engine.straight import blank, straight
from commonground.ask.engine.style import Style, style_of

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Finding:
    """Groups, their ground and the state of the ballots; rows and columns are those of ballots.

    group (P), member (P x K), place (P x 2); bridge, against (S): 0 to 1; agreement: between
    groups found in two halves of the votes. suspect (P): left out of all sums. weight (P): 0 too
    for ballots that only pass (blank) and for a small crowd with one script (crowd).
    """

    ballots: Ballots
    weight: Floats
    suspect: NDArray[np.bool_]
    straight: NDArray[np.bool_]
    likeness: Likeness
    style: Style
    chart: Chart
    mixture: Mixture
    group: Ints
    member: Floats
    place: Floats
    bridge: Floats
    against: Floats
    agreement: float
    blank: NDArray[np.bool_]
    crowd: NDArray[np.bool_]

    @property
    def stable(self) -> bool:
        return self.mixture.many > 1 and self.agreement >= LOOSE


def found(ballots: Ballots, weight: Floats | None = None, groups: int | None = None) -> Finding:
    """The groups and the common ground of these ballots.

    weight (P): how much each voter counts, 1 if absent. groups: how many, when that is settled
    elsewhere; otherwise held-out votes decide, and "one" is an answer.
    """
    given = np.ones(ballots.shape[0]) if weight is None else np.asarray(weight, np.float64)
    lines, empty, like = straight(ballots), blank(ballots), likeness(ballots)
    like = Likeness(like.copies & ~empty, like.twins)
    suspect, crowd = lines | like.copies, np.zeros(ballots.shape[0], np.bool_)
    fit = fitted_without(ballots, given, suspect | empty, like.twins)
    script = crowded(fit.fair, fit.style, fit.points)
    if script.any():
        crowd = np.isin(ballots.voters, fit.fair.voters[script])
        fit = fitted_without(ballots, given, suspect | empty | crowd, like.twins)
    fair, style, points, weight = fit.fair, fit.style, fit.points, fit.weight
    many, agreement = (groups, 1.0) if groups else chosen(fair, style.weight)
    mixture = firm(fair, style, points, many)
    agree, disagree = common(fair, style.weight, camps(fair, style, points))
    everybody = Everybody.after(ballots, fair, style, weight)
    member, place = everybody.member(mixture), everybody.places(fit.chart)
    return Finding(
        ballots, weight, suspect, lines, like, everybody.style,
        replace(fit.chart, axes=everybody.spread(fit.chart.axes)),
        replace(mixture, deviation=everybody.spread(mixture.deviation)),
        member.argmax(axis=1), member, place,
        everybody.spread(agree), everybody.spread(disagree), agreement, empty, crowd,
    )  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """Styles, axes and places from the ballots that count (fair); weight (P) is that of all."""

    fair: Ballots
    weight: Floats
    style: Style
    chart: Chart
    points: Floats


def fitted_without(ballots: Ballots, given: Floats, out: NDArray[np.bool_], twins: Ints) -> Fit:
    """The map of those who count. out (P): those who do not."""
    fair, fair_weight = ballots, given / (1.0 + twins) * ~out
    weight = fair_weight
    if out.any() and not out.all() and ballots.shape[0] <= SMALL:
        fair = ballots.of(~out)  # what is left out may not even move where we begin
        twins = likeness(fair).twins  # odds that a crowd bent must not say who is a twin
        fair_weight = matched(ballots.voters, given, fair.voters) / (1.0 + twins)
        weight = told_back(fair, fair_weight, ballots)
    style = style_of(fair, fair_weight)
    chart = mapped(fair, style)
    return Fit(fair, weight, style, chart, places(fair, style, chart, WIDTH))


def told_back(fair: Ballots, weight: Floats, ballots: Ballots) -> Floats:
    """The weights of those who count, in the rows of all; 0 for the others."""
    there = np.isin(ballots.voters, fair.voters)
    out = np.zeros(len(there))
    out[there] = matched(fair.voters, weight, ballots.voters[there])
    return out


def matched(names: NDArray[np.generic], values: Floats, wanted: NDArray[np.generic]) -> Floats:
    """The values of these names, in the order in which the names are wanted."""
    order = np.argsort(names)
    return values[order[np.searchsorted(names[order], wanted)]]
