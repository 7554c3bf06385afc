"""Which statements bridge the groups: agreed to in every one of them, as far as votes can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.style import rows

type Floats = NDArray[np.float64]

LEAST_SHARE = 0.10  # a smaller group is heard, and shown, but holds no veto
CROWD = 0.05  # of all voters: as many as an organised minority often brings
DOUBT = 15.0  # votes: a group with fifteen votes on a statement counts half as everybody
ERRORS = 1.0  # standard errors taken off, so that few votes cannot look like full agreement
LEAST = 0.01


@dataclass(frozen=True)
class Counts:
    """Weighted votes per statement and group (S x K): all, agreeing, disagreeing."""

    n: Floats
    agree: Floats
    disagree: Floats


def counted(ballots: Ballots, weight: Floats, member: Floats) -> Counts:
    """What each group said on each statement; somebody half in a group counts half in it."""
    kinds = np.zeros((ballots.shape[1], 3, member.shape[1]))
    passes.model.soft_count(*rows(ballots), weight, np.ascontiguousarray(member), kinds)
    return Counts(kinds.sum(axis=1), kinds[:, 2], kinds[:, 0])


def lower(part: Floats, n: Floats) -> Floats:
    """A lower bound (S x K) of the share of each group that says this, drawn towards the whole."""
    whole = (part.sum(axis=1, keepdims=True) + 1) / (n.sum(axis=1, keepdims=True) + 2)
    share = (part + DOUBT * whole) / (n + DOUBT)
    error = np.sqrt(share * (1 - share) / (n + DOUBT))
    return np.clip(share - ERRORS * error, LEAST, 1.0)


def bridge(part: Floats, n: Floats, share: Floats) -> Floats:
    """Mean log lower bound over the groups that hold a veto (S); 0 is agreement of everybody.

    share (K): of voters. The geometric mean of the groups' bounds does not shrink as groups get
    more, which the product of Polis does (red-dwarf, pull requests 118 and 120).
    """
    voice = np.where(share >= min(LEAST_SHARE, float(share.max())), 1.0, 0.0)
    result: Floats = (np.log(lower(part, n)) * voice).sum(axis=1) / voice.sum()
    return result


def common(ballots: Ballots, weight: Floats, camps: Iterable[Floats]) -> tuple[Floats, Floats]:
    """How far each statement bridges, for it and against it (S each): geometric mean of lower
    bounds, 0 to 1, averaged over several divisions into camps (P x K memberships each).

    Camps are finer than the groups we publish, so that a small coordinated crowd becomes a camp
    of its own, which holds no veto; and several divisions, so that no single one decides.
    """
    both = []
    for member in camps:
        counts = counted(ballots, weight, member)
        share = (member * weight[:, None]).sum(axis=0) / max(weight.sum(), 1e-9)
        both.append([bridge(part, counts.n, share) for part in (counts.agree, counts.disagree)])
    agree, disagree = np.exp(np.mean(both, axis=0))
    return agree, disagree
