"""From ballots to what the groups are and what they share: every step in its order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.alike import Likeness, likeness
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.bridging import common
from commonground.ask.engine.chart import WIDTH, Chart, chart_of, places
from commonground.ask.engine.choosing import LOOSE, chosen
from commonground.ask.engine.groups import SMALL, Everybody, camps, firm
from commonground.ask.engine.mixture import Mixture
from commonground.ask.engine.straight import straight
from commonground.ask.engine.style import Style, style_of

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Finding:
    """Groups, their ground and the state of the ballots; rows and columns are those of ballots.

    group (P), member (P x K), place (P x 2); bridge, against (S): 0 to 1; agreement: between
    groups found in two halves of the votes. suspect (P): left out of all sums. weight (P).
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

    @property
    def stable(self) -> bool:
        return self.mixture.many > 1 and self.agreement >= LOOSE


def found(ballots: Ballots, weight: Floats | None = None, groups: int | None = None) -> Finding:
    """The groups and the common ground of these ballots.

    weight (P): how much each voter counts, 1 if absent. groups: how many, when that is settled
    elsewhere; otherwise held-out votes decide, and "one" is an answer.
    """
    given = np.ones(ballots.shape[0]) if weight is None else np.asarray(weight, np.float64)
    lines, like = straight(ballots), likeness(ballots)
    suspect = lines | like.copies
    weight = given / (1.0 + like.twins) * ~suspect
    fair, fair_weight = (ballots, weight)
    if suspect.any() and not suspect.all() and ballots.shape[0] <= SMALL:
        fair = ballots.of(~suspect)  # what is left out may not even move where we begin
        fair_weight = matched(ballots.voters, weight, fair.voters)
    style = style_of(fair, fair_weight)
    chart = chart_of(fair, style)
    points = places(fair, style, chart, WIDTH)
    many, agreement = (groups, 1.0) if groups else chosen(fair, fair_weight)
    mixture = firm(fair, style, points, many)
    agree, disagree = common(fair, fair_weight, camps(fair, style, points))
    everybody = Everybody.after(ballots, fair, style, weight)
    member, place = everybody.member(mixture), everybody.places(chart)
    return Finding(
        ballots, weight, suspect, lines, like, everybody.style,
        replace(chart, axes=everybody.spread(chart.axes)),
        replace(mixture, deviation=everybody.spread(mixture.deviation)),
        member.argmax(axis=1), member, place,
        everybody.spread(agree), everybody.spread(disagree), agreement,
    )  # fmt: skip


def matched(names: NDArray[np.generic], values: Floats, wanted: NDArray[np.generic]) -> Floats:
    """The values of these names, in the order in which the names are wanted."""
    order = np.argsort(names)
    return values[order[np.searchsorted(names[order], wanted)]]
