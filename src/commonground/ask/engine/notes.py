"""The objective of Community Notes, solved in turns instead of by descent.

Wojcik et al., "Birdwatch" (2022), as published in the source of Community Notes: the mean over
ratings of (y - m - i_u - i_n - f_u f_n)^2, plus 0.03 times the mean squares of the factors, plus
0.15 times the mean squares of the intercepts and the square of m. y is 1 for agree, 0 for
disagree; passes are left out. The intercept i_n is what people of all factors give a statement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import descent, passes, plain
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.compiled import COMPILED

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

PULL_FACTOR, PULL = 0.03, 0.15
SWEEPS = 200
# Change of the objective in one sweep. Community Notes stops at 1e-7 for steps of gradient descent;
# extrapolated sweeps may rest for one and go on, and should not end higher than that descent does.
STILL = 1e-8
SEED = 3

part = descent.part if COMPILED else plain.part


@dataclass(frozen=True)
class Notes:
    """middle: m. note (S x 2) and own (P x 2): intercepts and factors. loss: of the objective."""

    middle: float
    note: Floats
    own: Floats
    loss: float
    sweeps: int

    @property
    def bridge(self) -> Floats:
        """The statements' intercepts (S): agreement that no factor explains."""
        return self.note[:, 0]


def notes_of(ballots: Ballots, start: Floats | None = None) -> Notes:
    """The model by Anderson-accelerated alternating least squares; statements without answers
    stay at 0. start (2 S + 1): where an earlier model ended."""
    voters, many = ballots.shape
    table = parted(ballots)
    if not len(table[2]):  # everybody passed
        return Notes(0.0, np.zeros((many, 2)), np.zeros((voters, 2)), 0.0, 0)
    counts = passes.totals(ballots.columns, ballots.votes, many).astype(np.float64)
    sums = counts[:, 0] + counts[:, 2], counts[:, 2]
    if start is None:
        start = descent.begun(*table, *sums, np.random.default_rng(SEED).standard_normal(many))
    point, own, loss, sweeps = descent.descend(
        *table, *sums, start, PULL, PULL_FACTOR, STILL, SWEEPS
    )
    return Notes(float(point[0]), point[1:].reshape(-1, 2), own, float(loss), int(sweeps))


def parted(ballots: Ballots) -> tuple[Ints, Ints, NDArray[np.unsignedinteger]]:
    """Where each voter's answers start (P + 1) and turn from agreement to disagreement (P), and
    the statements answered."""
    starts, middles = np.zeros(len(ballots.starts), np.int64), np.zeros(ballots.shape[0], np.int64)
    columns = np.empty_like(ballots.columns)
    part(ballots.starts, ballots.columns, ballots.votes, starts, middles, columns)
    return starts, middles, columns[: starts[-1]]
