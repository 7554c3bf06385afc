"""Leans kept up to date by those who voted again alone: their old sums out, their new sums in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, rows_of
from commonground.ask.engine.mixture import PULL, Mixture, shares
from commonground.ask.engine.style import SHRINK, Style, rows

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Warm:
    """A mixture and, of all votes, what its leans are made of.

    n, total (S x K): weights, and weighted votes without their style, of each group on each
    statement. Statement means are the same sums over all groups.
    """

    ballots: Ballots
    style: Style
    mixture: Mixture
    n: Floats
    total: Floats


def warmed(ballots: Ballots, style: Style, mixture: Mixture) -> Warm:
    """Everybody's share in each group for these leans, and the sums to go on from."""
    member = np.zeros((ballots.shape[0], mixture.many))
    n, total = expected(ballots, style, mixture.deviation, mixture.share, member)
    return Warm(ballots, style, replace(mixture, member=member), n, total)


def expected(
    ballots: Ballots, style: Style, deviation: Floats, share: Floats, member: Floats
) -> tuple[Floats, Floats]:
    n, total = np.zeros_like(deviation), np.zeros_like(deviation)
    passes.model.group_pass(
        *rows(ballots), style.weight, style.mean, style.slope, style.own, 1.0 / style.spread,
        np.ascontiguousarray(deviation), np.log(share), member, n, total,
    )  # fmt: skip
    return n, total + style.mean[:, None] * n


def again(warm: Warm, ballots: Ballots, who: Ints, steps: int) -> Warm:
    """The same once the voters in rows `who` have voted again: incremental expectation and
    maximisation.

    ballots: all votes by now; rows and columns stand where they stood, new ones at the end.
    Neal and Hinton, "A view of the EM algorithm that justifies incremental, sparse, and other
    variants" (1998): whoever did not vote keeps their share, so the work is that of those who
    did, not that of the conversation. Slopes and spreads stand still until all is settled.
    """
    voters, statements = warm.ballots.shape
    before = who[who < voters]
    took = held(rows_of(warm.ballots, before), part_of(warm.style, before),
                warm.mixture.member[before])  # fmt: skip
    mixture, style = wider(warm.mixture, ballots.shape), wider_style(warm.style, ballots.shape)
    room = ((0, ballots.shape[1] - statements), (0, 0))
    n, total = (np.pad(x - y, room) for x, y in zip((warm.n, warm.total), took, strict=True))
    part = rows_of(ballots, who)
    style.own[who] = own_of(part, part_of(style, who))
    for _ in range(steps):
        mine = np.zeros((len(who), mixture.many))
        added = expected(part, part_of(style, who), mixture.deviation, mixture.share, mine)
        mixture.member[who] = mine
        style, mixture = led(style, mixture, n + added[0], total + added[1])
    return Warm(ballots, style, mixture, n + added[0], total + added[1])


def wider(mixture: Mixture, shape: tuple[int, int]) -> Mixture:
    """Room for voters and statements that nobody had heard of: no lean, and no share yet."""
    more = [wanted - len(x) for wanted, x in zip(shape, (mixture.member, mixture.deviation),
                                                 strict=True)]  # fmt: skip
    return replace(
        mixture, member=np.pad(mixture.member, ((0, more[0]), (0, 0))),
        deviation=np.pad(mixture.deviation, ((0, more[1]), (0, 0))),
    )  # fmt: skip


def wider_style(style: Style, shape: tuple[int, int]) -> Style:
    """A new statement divides as much as they usually do; a new voter has no style yet."""
    voters, statements = shape[0] - len(style.own), shape[1] - len(style.mean)
    usual = float(style.spread.mean()) if len(style.spread) else 1.0
    return Style(
        np.pad(style.mean, (0, statements)),
        np.pad(style.slope, (0, statements), constant_values=1.0),
        np.pad(style.spread, (0, statements), constant_values=usual),
        np.pad(style.own, (0, voters)), np.pad(style.weight, (0, voters), constant_values=1.0),
    )  # fmt: skip


def led(style: Style, mixture: Mixture, n: Floats, total: Floats) -> tuple[Style, Mixture]:
    """Means and leans from their sums."""
    mean = total.sum(axis=1) / np.maximum(n.sum(axis=1), 1e-9)
    style = replace(style, mean=mean)
    if mixture.many == 1:
        return style, mixture
    share = shares(style.weight @ mixture.member)
    return style, replace(mixture, deviation=(total - mean[:, None] * n) / (n + PULL), share=share)


def held(ballots: Ballots, style: Style, member: Floats) -> tuple[Floats, Floats]:
    """What these voters add to the sums with the shares they have."""
    shape = ballots.shape[1], member.shape[1]
    n, total = np.zeros(shape), np.zeros(shape)
    none = np.zeros(shape[0])
    passes.model.hold_pass(
        *rows(ballots), style.weight, none, style.slope, style.own,
        np.ascontiguousarray(member), n, total,
    )  # fmt: skip
    return n, total


def own_of(ballots: Ballots, style: Style) -> Floats:
    own, n, total = np.zeros(ballots.shape[0]), np.zeros_like(style.mean), np.zeros_like(style.mean)
    passes.model.style_pass(
        *rows(ballots), style.weight, style.mean, style.slope, SHRINK, own, n, total
    )
    return own


def part_of(style: Style, who: Ints) -> Style:
    return replace(style, own=style.own[who], weight=style.weight[who])
