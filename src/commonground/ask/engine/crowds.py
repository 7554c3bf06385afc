"""Small crowds that vote by one script; what they lack, and real minorities have, is a fringe."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, rows_of
from commonground.ask.engine.bridging import CROWD, LEAST_SHARE
from commonground.ask.engine.groups import SMALL, part_of
from commonground.ask.engine.mixture import QUICK, mixtures, wide
from commonground.ask.engine.style import Style, rows

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

DIVISIONS = (8, 16)  # a crowd of a twentieth shows in a division into about as many parts
BIT = math.log(2)  # a vote twice as likely by the script as by what all others say
PARTLY = BIT / 3  # whoever shares a third of it is half in it
FRINGE = 0.5  # of those who are in it; in real groups at least as many again are half in it
LEAST_VOTES, MEMBERS = 10, 5
DOUBT = 3.0  # votes' worth of what others say in every script
ROUNDS, STEPS = 6, 8
VOTES = 300_000  # enough to see a twentieth of the voters among them


def crowded(ballots: Ballots, style: Style, points: Floats) -> Flags:
    """Who (P) votes by a script that a small crowd shares.

    A crowd's votes need not be equal, nor any two of them closer than those of two friends. But
    given what the crowd says in common, each vote is more than a bit likelier than given what
    everybody else says, for every one of them, and hardly anybody is half in it. Around a real
    minority, however small and firm, there are always people who share a part of its views.
    """
    many = min(SMALL, ballots.shape[0], int(np.searchsorted(ballots.starts, VOTES)))
    sample, found = ballots.first(many), np.zeros(ballots.shape[0], np.bool_)
    for parts in DIVISIONS:
        parts = min(parts, many // LEAST_VOTES)
        if parts < 2:
            continue
        asked = sample, part_of(style, many), points[:many], parts
        few = ballots.shape[0] <= SMALL
        mixture = mixtures(*asked, QUICK)[0] if few else next(wide(*asked, STEPS, 1))
        labels = mixture.member.argmax(axis=1)
        for part in range(parts):
            found |= crowd_in(ballots, sample, labels == part)
    return found


def crowd_in(ballots: Ballots, sample: Ballots, who: Flags) -> Flags:
    """The crowd (P) at the core of these voters of the sample, if there is one."""
    nobody = np.zeros(ballots.shape[0], np.bool_)
    if who.mean() > LEAST_SHARE + CROWD:  # with a crowd taken out it still holds a veto by itself
        return nobody
    for _ in range(ROUNDS):
        if who.sum() < MEMBERS:
            return nobody
        gain = gains(sample, sample, who)
        before, who = who, gain >= BIT
        if (who == before).all():
            break
    half = (gain >= PARTLY) & (gain < BIT)
    if who.sum() < MEMBERS or who.mean() > LEAST_SHARE or half.sum() > FRINGE * who.sum():
        return nobody
    return who if sample.shape[0] == ballots.shape[0] else gains(ballots, sample, who) >= BIT


def gains(ballots: Ballots, sample: Ballots, who: Flags) -> Floats:
    """How much likelier, in nats a vote, the script of `who` (of the sample) makes each ballot.

    One's own votes are no part of the script one is measured by. Voters with few votes have 0.
    """
    part = rows_of(sample, np.flatnonzero(who))
    script = passes.totals(part.columns, part.votes, part.shape[1]).astype(np.float64)
    others = passes.totals(sample.columns, sample.votes, part.shape[1]) - script
    usual = (others + 1) / (others.sum(axis=1, keepdims=True) + 3)
    told = np.zeros(ballots.shape[0])
    likely = (script + DOUBT * usual) / (script.sum(axis=1, keepdims=True) + DOUBT)
    passes.model.told_pass(*rows(ballots), np.log(likely / usual), told)
    told[: len(who)][who] = without_own(part, script, usual)
    many = ballots.per_voter
    result: Floats = np.where(many >= LEAST_VOTES, told / np.maximum(many, 1), 0.0)
    return result


def without_own(part: Ballots, script: Floats, usual: Floats) -> Floats:
    c, kind = part.columns, part.votes.astype(np.int64) + 1
    rest = script.sum(axis=1)[c] - 1 + DOUBT
    likely = (script[c, kind] - 1 + DOUBT * usual[c, kind]) / rest
    return np.bincount(part.rows, np.log(likely / usual[c, kind]), part.shape[0])
