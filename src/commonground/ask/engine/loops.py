"""Compiled loops of the models: each is one pass over all votes.

A vote v of voter i on statement j has the residual z = v - mean[j] - style[i] * slope[j], and
counts `weight[i]`, times `PASS` when it is a pass.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import plain
from commonground.ask.engine.compiled import COMPILED, PASS, compiled, in_order

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Floats = NDArray[np.float64]

WIDTH = 4  # directions sought at once; `gram_pass` is written for four
MOST_PASSES = 12


@compiled
def style_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    shrink: float, style: Floats, n: Floats, total: Floats,
) -> None:  # fmt: skip
    """Each voter's style given the means, and at once the sums for the next means (S each)."""
    for i in range(starts.size - 1):
        up, down = 0.0, shrink
        for p in range(starts[i], starts[i + 1]):
            w = PASS if v[p] == 0 else 1.0
            up += w * slope[c[p]] * (v[p] - mean[c[p]])
            down += w * slope[c[p]] * slope[c[p]]
        style[i] = up / down
        for p in range(starts[i], starts[i + 1]):
            w = weight[i] * (PASS if v[p] == 0 else 1.0)
            n[c[p]] += w
            total[c[p]] += w * (v[p] - style[i] * slope[c[p]])


@compiled
def spread_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, n: Floats, squares: Floats,
) -> None:  # fmt: skip
    """Sums of weights and of squared residuals per statement (S each)."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            w = weight[i] * (PASS if v[p] == 0 else 1.0)
            z = v[p] - mean[c[p]] - style[i] * slope[c[p]]
            n[c[p]] += w
            squares[c[p]] += w * z * z


# Four sums beside each other are faster here than one sum taken four at a time.
@in_order
def gram_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats,
) -> None:  # fmt: skip
    """out = Z' W Z basis for four columns (S x 4), Z the residuals with missing ones at 0."""
    most = 0
    for i in range(starts.size - 1):
        most = max(most, starts[i + 1] - starts[i])
    left = np.empty(most)
    for i in range(starts.size - 1):
        begin, own = starts[i], style[i]  # a store could change them, for all the compiler knows
        a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
        for p in range(begin, starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - own * slope[j]
            left[p - begin] = z
            a0 += z * basis[j, 0]
            a1 += z * basis[j, 1]
            a2 += z * basis[j, 2]
            a3 += z * basis[j, 3]
        a0, a1, a2, a3 = a0 * weight[i], a1 * weight[i], a2 * weight[i], a3 * weight[i]
        for p in range(begin, starts[i + 1]):
            j, z = c[p], left[p - begin]
            out[j, 0] += z * a0
            out[j, 1] += z * a1
            out[j, 2] += z * a2
            out[j, 3] += z * a3


def gram_given(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats, style: Floats
) -> tuple[Ints, Numbers, Signs, Floats, Floats, Floats, Floats]:
    """What `gram_again` asks for."""
    return starts, c, v, weight, mean, slope, style


gram_again = gram_pass
# A compiled loop kept on disk is made anew when its own file changes, so what it calls stands here.
sums_of: Callable[..., None] = gram_pass if COMPILED else plain.gram_again


@compiled
def krylov(table: tuple[object, ...], block: Floats, exact: float) -> tuple[Floats, Floats]:
    """The strongest directions (WIDTH x S) of the table of all products of residuals (S x S),
    which is never made, and their strengths. They are sought in the span of the block (S x WIDTH)
    and its images, until those of the two strongest are what they should be."""
    many, held, block = len(block), 0, np.ascontiguousarray(np.linalg.qr(block)[0])
    space, image = np.empty((MOST_PASSES * WIDTH, many)), np.empty((MOST_PASSES * WIDTH, many))
    while True:
        out = np.zeros((many, WIDTH))
        sums_of(*table, block, out)
        space[held : held + WIDTH], image[held : held + WIDTH] = block.T, out.T
        held += WIDTH
        known = np.ascontiguousarray(space[:held])
        inner = known @ np.ascontiguousarray(image[:held].T)
        values, vectors = np.linalg.eigh((inner + inner.T) / 2)
        mix = np.ascontiguousarray(vectors[:, ::-1][:, :WIDTH].T)
        axes, strength = mix @ known, values[::-1][:WIDTH].copy()
        left = (mix @ image[:held])[:2] - axes[:2] * strength[:2].reshape(-1, 1)
        still = np.sqrt((left * left).sum(axis=1)).max() <= exact * max(strength[0], 1e-12)
        if still or held == len(space) or held + WIDTH > many:
            return axes, strength
        # Where the table has nothing further, rounding is left, and lies along the known: it is
        # stretched to unit length and cleaned until it does not.
        for _ in range(3):
            out = np.ascontiguousarray(np.linalg.qr(out - known.T @ (known @ out))[0])
        block = out


@in_order
def place_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats, squares: Floats,
) -> None:  # fmt: skip
    """Per voter the inner products of residuals with four columns (P x 4), and of the columns
    with each other over the statements voted on (P x 4 x 4, the lower half)."""
    for i in range(starts.size - 1):
        t0, t1, t2, t3 = 0.0, 0.0, 0.0, 0.0
        s00, s10, s11, s20, s21, s22 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        s30, s31, s32, s33 = 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - style[i] * slope[j]
            b0, b1, b2, b3 = basis[j, 0], basis[j, 1], basis[j, 2], basis[j, 3]
            t0, t1, t2, t3 = t0 + z * b0, t1 + z * b1, t2 + z * b2, t3 + z * b3
            s00, s10, s11 = s00 + b0 * b0, s10 + b1 * b0, s11 + b1 * b1
            s20, s21, s22 = s20 + b2 * b0, s21 + b2 * b1, s22 + b2 * b2
            s30, s31, s32, s33 = s30 + b3 * b0, s31 + b3 * b1, s32 + b3 * b2, s33 + b3 * b3
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = t0, t1, t2, t3
        squares[i, 0, 0], squares[i, 1, 0], squares[i, 1, 1] = s00, s10, s11
        squares[i, 2, 0], squares[i, 2, 1], squares[i, 2, 2] = s20, s21, s22
        squares[i, 3, 0], squares[i, 3, 1], squares[i, 3, 2] = s30, s31, s32
        squares[i, 3, 3] = s33


@compiled
def group_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, precision: Floats, deviation: Floats, log_share: Floats,
    member: Floats, n: Floats, total: Floats,
) -> float:  # fmt: skip
    """One step of expectation and maximisation of the mixture; its log likelihood.

    deviation (S x K): what is added to the mean of a statement in each group. precision (S): one
    over the variance. Fills member (P x K) and adds to n and total (S x K).
    """
    many, longest = log_share.size, 0
    for i in range(starts.size - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    told, left, counts = np.empty(many), np.empty(longest), np.empty(longest)
    # What one statement needs lies side by side: of ten thousand, each is a wait for memory.
    known, sums = np.empty((mean.size, 2 + 2 * many)), np.zeros((mean.size, 2 * many))
    known[:, 0], known[:, 1] = mean, slope
    known[:, 2 : 2 + many] = deviation * precision.reshape(-1, 1)
    known[:, 2 + many :] = 0.5 * known[:, 2 : 2 + many] * deviation
    likelihood = 0.0
    for i in range(starts.size - 1):
        told[:] = log_share
        begin, own = starts[i], style[i]  # a store could change them, for all the compiler knows
        for p in range(begin, starts[i + 1]):
            j = c[p]
            w = PASS if v[p] == 0 else 1.0
            z = w * (v[p] - known[j, 0] - own * known[j, 1])
            left[p - begin], counts[p - begin] = z, w
            for g in range(many):
                told[g] += known[j, 2 + g] * z - known[j, 2 + many + g] * w
        most = told.max()
        told[:] = np.exp(told - most)
        sum_ = told.sum()
        likelihood += weight[i] * (most + np.log(sum_))
        told /= sum_
        member[i] = told
        if weight[i] > 0:
            told *= weight[i]
            for p in range(begin, starts[i + 1]):
                j, z, w = c[p], left[p - begin], counts[p - begin]
                for g in range(many):
                    sums[j, g] += w * told[g]
                    sums[j, many + g] += z * told[g]
    n += sums[:, :many]
    total += sums[:, many:]
    return likelihood


@compiled
def hold_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, member: Floats, n: Floats, total: Floats,
) -> None:  # fmt: skip
    """Adds to n and total (S x K) as `group_pass` does, for memberships that are given."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            w = weight[i] * (PASS if v[p] == 0 else 1.0)
            z = w * (v[p] - mean[j] - style[i] * slope[j])
            for g in range(member.shape[1]):
                n[j, g] += w * member[i, g]
                total[j, g] += z * member[i, g]


@compiled
def own_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, label: Ints, n: Floats, total: Floats,
) -> None:  # fmt: skip
    """Adds to n and total (S x K) as `hold_pass` does, where everybody is in one group (P)."""
    for i in range(starts.size - 1):
        g, mass, own = label[i], weight[i], style[i]
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            w = mass * (PASS if v[p] == 0 else 1.0)
            n[j, g] += w
            total[j, g] += w * (v[p] - mean[j] - own * slope[j])


@compiled
def soft_count(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, member: Floats, out: Floats
) -> None:
    """Weighted votes of each kind in each group on each statement (S x 3 x K)."""
    many = member.shape[1]
    kinds = out.reshape(-1, many)
    for i in range(starts.size - 1):
        if weight[i] > 0:
            for p in range(starts[i], starts[i + 1]):
                kind = 3 * np.intp(c[p]) + v[p] + 1
                for g in range(many):
                    kinds[kind, g] += weight[i] * member[i, g]


@compiled
def error_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats, style: Floats,
    deviation: Floats, member: Floats, out: Floats,
) -> None:  # fmt: skip
    """Per voter the squared error, over their votes, of what the mixture expects (P)."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            z = v[p] - mean[c[p]] - style[i] * slope[c[p]]
            for g in range(deviation.shape[1]):
                z -= member[i, g] * deviation[c[p], g]
            out[i] += z * z


@compiled
def told_pass(starts: Ints, c: Numbers, v: Signs, table: Floats, out: Floats) -> None:
    """Adds up, for every voter (P), what the table (S x 3) says of each of their votes."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            out[i] += table[c[p], v[p] + 1]


@in_order
def product_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, basis: Floats, out: Floats
) -> None:
    """out = (v - mean) basis for four columns (P x 4), missing votes at the mean."""
    for i in range(starts.size - 1):
        a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j]
            a0 += z * basis[j, 0]
            a1 += z * basis[j, 1]
            a2 += z * basis[j, 2]
            a3 += z * basis[j, 3]
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = a0, a1, a2, a3
