"""Ballots that say the same thing to everything, further than anybody's style would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, rows_of
from commonground.ask.engine.style import rows

LEAST_VOTES = 15  # below that a run of one answer happens to anybody
SAME = 0.97
FEW = 0.1  # of all voters: a crowd so small that nobody is judged by its votes
LUCK = 0.01  # how many such ballots we would expect in all the conversation, were votes drawn


def straight(ballots: Ballots) -> NDArray[np.bool_]:
    """Whose ballot (P) agrees throughout, or disagrees, where the statements call for several
    answers."""
    return one_answer(ballots, (0, 2))


def blank(ballots: Ballots) -> NDArray[np.bool_]:
    """Who (P) passed throughout: they have looked on, and there is nothing to suspect."""
    return one_answer(ballots, (1,))


def one_answer(ballots: Ballots, kinds: tuple[int, ...]) -> NDArray[np.bool_]:
    """Ballots (P) that give one answer (0 disagree, 1 pass, 2 agree) and hardly any other, though
    votes drawn from what others said would hardly ever come out so.

    A small crowd of straight lines would make each of them look usual, so it is taken out and the
    rest looked at again. Where many are found they are no crowd but a camp; without its votes the
    camp would look the stranger, and so on until nothing is left of it.
    """
    many = ballots.per_voter
    counts = passes.totals(ballots.columns, ballots.votes, ballots.shape[1])
    same = [added_up(ballots, only(ballots, kind)) for kind in kinds]
    able = [np.flatnonzero((said >= SAME * many) & (many >= LEAST_VOTES)) for said in same]
    lines = [rows_of(ballots, who) for who in able]

    def looked(out: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Who is found when those in `out` (P) are not among the others."""
        others, found = counts, out.copy()
        for part, who in zip(lines, able, strict=True):
            gone = rows_of(part, np.flatnonzero(out[who]))
            others = others - passes.totals(gone.columns, gone.votes, ballots.shape[1])
        log_share = np.log((others + 1) / (others.sum(axis=1, keepdims=True) + 3))
        for part, who, kind in zip(lines, able, kinds, strict=True):
            chance = added_up(part, np.repeat(log_share[:, [kind]], 3, axis=1))
            found[who] |= chance < np.log(LUCK / max(ballots.shape[0], 1))
        return found

    first = looked(np.zeros(ballots.shape[0], np.bool_))
    again = looked(first)
    return again if again.mean() <= FEW else first


def only(ballots: Ballots, kind: int) -> NDArray[np.float64]:
    """1 for votes of this kind, 0 for others (S x 3)."""
    table = np.zeros((ballots.shape[1], 3))
    table[:, kind] = 1.0
    return table


def added_up(ballots: Ballots, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the table (S x 3) says of each vote, added up for every voter (P)."""
    out = np.zeros(ballots.shape[0])
    passes.model.told_pass(*rows(ballots), table, out)
    return out
