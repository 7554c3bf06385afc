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

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.style import rows

type Floats = NDArray[np.float64]

PULL_FACTOR, PULL = 0.03, 0.15
SWEEPS = 200
STILL = 1e-7  # change of the loss, as Community Notes has it, though its steps are far smaller
MEMORY = 6  # sweeps that the extrapolation looks back on
SEED = 3


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


@dataclass
class Sums:
    """What does not change between sweeps."""

    ballots: Ballots
    n: Floats
    agreed: Floats
    per_voter: Floats
    voter_agreed: Floats


def notes_of(ballots: Ballots, start: Floats | None = None) -> Notes:
    """The model by Anderson-accelerated alternating least squares; statements without answers
    stay at 0. start (2 S + 1): where an earlier model ended."""
    answered = ballots.only(ballots.votes != 0)
    if not len(answered.votes):  # everybody passed
        voters, many = ballots.shape
        return Notes(0.0, np.zeros((many, 2)), np.zeros((voters, 2)), 0.0, 0)
    sums = summed(answered)
    point = begun(sums) if start is None else start
    best, sweeps = (np.inf, point, np.zeros((ballots.shape[0], 2))), 0
    past: list[tuple[Floats, Floats]] = []
    for sweeps in range(1, SWEEPS + 1):  # noqa: B007
        after, own, loss = sweep(sums, point)
        if loss > best[0] + 1e-12 and past:  # the extrapolation went too far: begin it anew
            past, point = [], best[1]
            continue
        still = best[0] - loss < STILL
        best = (loss, after, own)
        if still and len(past) > 1:
            break
        past = [*past[-MEMORY:], (point, after)]
        point = ahead(past)
    least, point, own = best
    return Notes(float(point[0]), point[1:].reshape(-1, 2), own, float(least), sweeps)


def summed(ballots: Ballots) -> Sums:
    counts = passes.totals(ballots.columns, ballots.votes, ballots.shape[1])
    agreed = np.concatenate(([0], np.cumsum(ballots.votes > 0)))
    voter_agreed = agreed[ballots.starts[1:]] - agreed[ballots.starts[:-1]]
    return Sums(
        ballots, counts.sum(axis=1).astype(np.float64), counts[:, 2].astype(np.float64),
        ballots.per_voter.astype(np.float64), voter_agreed.astype(np.float64),
    )  # fmt: skip


def sweep(sums: Sums, point: Floats) -> tuple[Floats, Floats, float]:
    """Best voters given the statements, best statements given those, best middle given both."""
    middle, note = float(point[0]), np.ascontiguousarray(point[1:].reshape(-1, 2))
    voters, many, votes = len(sums.per_voter), len(note), max(len(sums.ballots.votes), 1)
    own, out = np.zeros((voters, 2)), np.zeros((many, 5))
    passes.model.factor_pass(
        *rows(sums.ballots), middle, note, PULL * votes / voters, PULL_FACTOR * votes / voters,
        own, out,
    )  # fmt: skip
    after = np.zeros_like(point)
    loss = passes.model.note_pass(
        sums.n, sums.agreed, sums.per_voter, sums.voter_agreed, middle, PULL, PULL_FACTOR,
        float(votes), own, out, after,
    )  # fmt: skip
    return after, own, float(loss)


def ahead(past: list[tuple[Floats, Floats]]) -> Floats:
    """Where the sweeps are heading (Anderson, 1965; Walker and Ni, 2011): the mix of the last
    results whose steps cancel best."""
    steps = np.array([after - before for before, after in past])
    results = np.array([after for _, after in past])
    if len(past) == 1:
        first: Floats = results[0]
        return first
    change = np.diff(steps, axis=0)
    inner = change @ change.T
    inner += (1e-10 * np.trace(inner) + 1e-30) * np.eye(len(inner))  # where nothing moves: 0
    mix = np.linalg.solve(inner, change @ steps[-1])
    point: Floats = results[-1] - mix @ np.diff(results, axis=0)
    return point


def begun(sums: Sums) -> Floats:
    """A first guess: the strongest direction of what the averages leave over."""
    many = len(sums.n)
    factor = np.random.default_rng(SEED).standard_normal(many)
    mean = sums.agreed / np.maximum(sums.n, 1)
    total = sums.agreed.sum() / max(sums.n.sum(), 1)
    zero = np.zeros(sums.ballots.shape[0])
    for _ in range(5):
        basis = np.zeros((many, 4))
        basis[:, 0] = factor
        out = np.zeros_like(basis)
        passes.model.gram_pass(
            *rows(sums.ballots), np.ones(len(zero)), 2 * mean - 1, np.zeros(many), zero, basis, out
        )
        factor = out[:, 0] / max(float(np.linalg.norm(out[:, 0])), 1e-12) * np.sqrt(many)
    note = np.stack([mean - total, 0.5 * factor], axis=1)
    return np.concatenate(([0.3 * total], note.ravel()))
