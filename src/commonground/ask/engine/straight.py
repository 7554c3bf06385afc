"""Ballots that say the same thing to everything, further than anybody's style would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots

LEAST_VOTES = 15  # below that a run of one answer happens to anybody
SAME = 0.97
LUCK = 1e-4  # the chance of such a ballot if every vote were drawn from what others said


def straight(ballots: Ballots) -> NDArray[np.bool_]:
    """Whose ballot (P) gives one answer throughout, where the statements call for several."""
    counts = passes.totals(ballots.columns, ballots.votes, ballots.shape[1])
    log_share = np.log((counts + 1) / (counts.sum(axis=1, keepdims=True) + 3))
    many = ballots.per_voter
    found = np.zeros(ballots.shape[0], np.bool_)
    for kind in range(3):
        same = sum_rows(ballots, ballots.votes == kind - 1)
        chance = sum_rows(ballots, log_share[ballots.columns, kind])
        found |= (same >= SAME * many) & (many >= LEAST_VOTES) & (chance < np.log(LUCK))
    return found


def sum_rows(ballots: Ballots, values: NDArray[np.generic]) -> NDArray[np.float64]:
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]
