"""The descent of `notes`: alternating least squares with extrapolation, compiled as one.

Votes are parted first: each voter's agreements, then their disagreements, and no passes, so that
no loop has to look at a vote to know which it is. `starts` (P + 1) and `middles` (P) say where.
Whoever has no numba runs the same descent over the plain passes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import plain
from commonground.ask.engine.compiled import COMPILED, compiled, in_order

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Floats = NDArray[np.float64]

MEMORY = 6  # sweeps that the extrapolation looks back on
TURNS = 3  # of the power method, for the first guess


@compiled
def part(starts: Ints, c: Numbers, v: Signs, new: Ints, middles: Ints, out: Numbers) -> None:
    at = 0
    for i in range(middles.size):
        new[i] = at
        for p in range(starts[i], starts[i + 1]):
            if v[p] > 0:
                out[at] = c[p]
                at += 1
        middles[i] = at
        for p in range(starts[i], starts[i + 1]):
            if v[p] < 0:
                out[at] = c[p]
                at += 1
    new[middles.size] = at


# Four sums beside each other are faster here than one sum taken four at a time.
@in_order
def factor_pass(
    starts: Ints, middles: Ints, c: Numbers, middle: float, note: Floats, pull: float,
    pull_factor: float, own: Floats, agree: Floats, other: Floats,
) -> None:  # fmt: skip
    """Solves every voter's intercept and factor (own, P x 2) given the statements', and adds up
    what the statements need. note, agree, other (S x 4) hold intercept times factor, factor, its
    square and intercept: of the statement, of who agreed with it, and of who did not."""
    for i in range(middles.size):
        a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], middles[i]):
            j = c[p]
            a0 += note[j, 0]
            a1 += note[j, 1]
            a2 += note[j, 2]
            a3 += note[j, 3]
        agreed = a1
        for p in range(middles[i], starts[i + 1]):
            j = c[p]
            a0 += note[j, 0]
            a1 += note[j, 1]
            a2 += note[j, 2]
            a3 += note[j, 3]
        many = starts[i + 1] - starts[i]
        a, d = many + pull, a2 + pull_factor
        e, g = middles[i] - starts[i] - middle * many - a3, agreed - middle * a1 - a0
        around = a * d - a1 * a1
        b, f = (e * d - a1 * g) / around, (a * g - a1 * e) / around
        own[i, 0], own[i, 1] = b, f
        for p in range(starts[i], middles[i]):
            j = c[p]
            agree[j, 0] += b * f
            agree[j, 1] += f
            agree[j, 2] += f * f
            agree[j, 3] += b
        for p in range(middles[i], starts[i + 1]):
            j = c[p]
            other[j, 0] += b * f
            other[j, 1] += f
            other[j, 2] += f * f
            other[j, 3] += b


@in_order
def lean_pass(
    starts: Ints, middles: Ints, c: Numbers, basis: Floats, agree: Floats, other: Floats
) -> None:
    """One turn of the power method. basis (S x 2): direction, and direction times mean. To agree
    and other (S) each voter adds where they lie along it."""
    for i in range(middles.size):
        along = 0.0
        for p in range(starts[i], middles[i]):
            along += basis[c[p], 0] - basis[c[p], 1]
        for p in range(middles[i], starts[i + 1]):
            along -= basis[c[p], 1]
        for p in range(starts[i], middles[i]):
            agree[c[p]] += along
        for p in range(middles[i], starts[i + 1]):
            other[c[p]] += along


over_voters = factor_pass if COMPILED else plain.factor_pass
over_leanings = lean_pass if COMPILED else plain.lean_pass


@compiled
def begun(
    starts: Ints, middles: Ints, c: Numbers, n: Floats, agreed: Floats, factor: Floats
) -> Floats:
    """A first guess: the strongest direction of what the averages leave over."""
    many = n.size
    mean, total = agreed / np.maximum(n, 1.0), agreed.sum() / n.sum()
    for _ in range(TURNS):
        basis, agree, other = np.empty((many, 2)), np.zeros(many), np.zeros(many)
        basis[:, 0], basis[:, 1] = factor, factor * mean
        over_leanings(starts, middles, c, basis, agree, other)
        factor = agree - mean * (agree + other)
        factor *= np.sqrt(many) / max(np.sqrt((factor * factor).sum()), 1e-12)
    point = np.empty(2 * many + 1)
    point[0], point[1::2], point[2::2] = 0.3 * total, mean - total, 0.5 * factor
    return point


@compiled
def sweep(
    starts: Ints, middles: Ints, c: Numbers, n: Floats, agreed: Floats, point: Floats,
    pull: float, pull_factor: float, own: Floats,
) -> tuple[Floats, float]:  # fmt: skip
    """Best voters given the statements, best statements given those, best middle given both; and
    the objective there, from the sums alone. point (2 S + 1): middle, then intercept and factor
    of each statement."""
    voters, many, votes = middles.size, n.size, c.size
    middle, b, f = point[0], point[1::2], point[2::2]
    note, agree, other = np.empty((many, 4)), np.zeros((many, 4)), np.zeros((many, 4))
    note[:, 0], note[:, 1], note[:, 2], note[:, 3] = b * f, f, f * f, b
    over_voters(
        starts, middles, c, middle, note, pull * votes / voters, pull_factor * votes / voters,
        own, agree, other,
    )  # fmt: skip
    both, yf = agree + other, agree[:, 1]
    b2, s1, s2, b1 = both[:, 0], both[:, 1], both[:, 2], both[:, 3]
    a, d = n + pull * votes / many, s2 + pull_factor * votes / many
    e, g = agreed - middle * n - b1, yf - middle * s1 - b2
    around = a * d - s1 * s1
    b, f = (e * d - s1 * g) / around, (a * g - s1 * e) / around
    said = agreed.sum()
    level = b1.sum() + (b * n + f * s1).sum()
    middle = (said - level) / (votes * (1 + pull))
    after = np.empty_like(point)
    after[0], after[1::2], after[2::2] = middle, b, f
    own_b, own_f = own[:, 0], own[:, 1]
    per_voter = starts[1:] - starts[:-1]
    known = (own_b * (middles - starts[:-1])).sum() + (b * agreed + f * yf).sum() + middle * said
    square = (own_b * own_b * per_voter).sum() + (b * b * n + f * f * s2).sum()
    square += 2 * (b * b1 + f * b2 + b * f * s1).sum() + 2 * middle * level
    square += votes * middle * middle
    pulls = pull_factor * ((own_f * own_f).sum() / voters + (f * f).sum() / many)
    pulls += pull * ((own_b * own_b).sum() / voters + (b * b).sum() / many + middle * middle)
    return after, (said - 2 * known + square) / votes + pulls


@compiled
def ahead(steps: Floats, results: Floats) -> Floats:
    """Where the sweeps are heading (Anderson, 1965; Walker and Ni, 2011): the mix of the last
    results whose steps cancel best."""
    if len(results) == 1:
        first: Floats = results[0].copy()
        return first
    change = steps[1:] - steps[:-1]
    inner = change @ change.T
    inner += (1e-10 * np.trace(inner) + 1e-30) * np.eye(len(inner))  # where nothing moves: 0
    mix = np.linalg.solve(inner, change @ steps[-1])
    point: Floats = results[-1] - mix @ (results[1:] - results[:-1])
    return point


@compiled
def descend(
    starts: Ints, middles: Ints, c: Numbers, n: Floats, agreed: Floats, point: Floats,
    pull: float, pull_factor: float, still: float, most: int,
) -> tuple[Floats, Floats, float, int]:  # fmt: skip
    """Sweeps from a point until one lowers the objective by less than `still`, `most` at most:
    the point, the voters (own, P x 2), the objective, and how many it took."""
    steps, results = np.empty((MEMORY, point.size)), np.empty((MEMORY, point.size))
    own = np.empty((middles.size, 2))
    least, best, best_own, known, sweeps = np.inf, point, own.copy(), 0, 0
    while sweeps < most:
        sweeps += 1
        after, loss = sweep(starts, middles, c, n, agreed, point, pull, pull_factor, own)
        if loss > least + 1e-12 and known:  # the extrapolation went too far: begin it anew
            known, point = 0, best
            continue
        near = least - loss < still
        least, best = loss, after
        best_own[:] = own
        if near and known > 1:
            break
        if known == MEMORY:
            steps[:-1], results[:-1] = steps[1:].copy(), results[1:].copy()
            known -= 1
        steps[known], results[known] = after - point, after
        known += 1
        point = ahead(steps[:known], results[:known])
    return best, best_own, least, sweeps
