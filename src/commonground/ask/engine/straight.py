"""Ballots that say the same thing to everything, further than anybody's style would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.style import rows

LEAST_VOTES = 15  # below that a run of one answer happens to anybody
SAME = 0.97
LUCK = 0.01  # how many such ballots we would expect in all the conversation, were votes drawn


def straight(ballots: Ballots) -> NDArray[np.bool_]:
    """Whose ballot (P) agrees throughout, or disagrees, where the statements call for several
    answers."""
    return one_answer(ballots, 0) | one_answer(ballots, 2)


def blank(ballots: Ballots) -> NDArray[np.bool_]:
    """Who (P) passed throughout: they have looked on, and there is nothing to suspect."""
    return one_answer(ballots, 1)


def one_answer(ballots: Ballots, kind: int) -> NDArray[np.bool_]:
    """Ballots (P) that give this answer (0 disagree, 1 pass, 2 agree) and hardly any other, though
    votes drawn from what others said would hardly ever come out so."""
    counts = passes.totals(ballots.columns, ballots.votes, ballots.shape[1])
    log_share = np.log((counts + 1) / (counts.sum(axis=1, keepdims=True) + 3))
    this = np.zeros_like(log_share)
    this[:, kind] = 1.0
    many, same = ballots.per_voter, added_up(ballots, this)
    chance = added_up(ballots, np.repeat(log_share[:, [kind]], 3, axis=1))
    rare = chance < np.log(LUCK / max(ballots.shape[0], 1))
    found: NDArray[np.bool_] = (same >= SAME * many) & (many >= LEAST_VOTES) & rare
    return found


def added_up(ballots: Ballots, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the table (S x 3) says of each vote, added up for every voter (P)."""
    out = np.zeros(ballots.shape[0])
    passes.model.told_pass(*rows(ballots), table, out)
    return out
