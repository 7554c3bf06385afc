"""Compiled loops of the models: each is one pass over all votes.

A vote v of voter i on statement j has the residual z = v - mean[j] - style[i] * slope[j], and
counts `weight[i]`, times `PASS` when it is a pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.compiled import compiled, in_order

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Floats = NDArray[np.float64]

PASS = 0.5  # a pass tells less than an answer


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
        a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - style[i] * slope[j]
            left[p - starts[i]] = z
            a0 += z * basis[j, 0]
            a1 += z * basis[j, 1]
            a2 += z * basis[j, 2]
            a3 += z * basis[j, 3]
        a0, a1, a2, a3 = a0 * weight[i], a1 * weight[i], a2 * weight[i], a3 * weight[i]
        for p in range(starts[i], starts[i + 1]):
            j, z = c[p], left[p - starts[i]]
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


@compiled
def place_pass(
    starts: Ints, c: Numbers, v: Signs, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats, squares: Floats,
) -> None:  # fmt: skip
    """Per voter the inner products of residuals with the basis (P x d), and of the basis columns
    with each other over the statements voted on (P x d x d)."""
    d = basis.shape[1]
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - style[i] * slope[j]
            for a in range(d):
                out[i, a] += z * basis[j, a]
                for b in range(a + 1):
                    squares[i, a, b] += basis[j, a] * basis[j, b]


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
    pull = deviation * precision.reshape(-1, 1)
    even = 0.5 * pull * deviation
    likelihood = 0.0
    for i in range(starts.size - 1):
        told[:] = log_share
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            w = PASS if v[p] == 0 else 1.0
            z = w * (v[p] - mean[j] - style[i] * slope[j])
            left[p - starts[i]], counts[p - starts[i]] = z, w
            for g in range(many):
                told[g] += pull[j, g] * z - even[j, g] * w
        most = told.max()
        told[:] = np.exp(told - most)
        sum_ = told.sum()
        likelihood += weight[i] * (most + np.log(sum_))
        told /= sum_
        member[i] = told
        if weight[i] > 0:
            told *= weight[i]
            for p in range(starts[i], starts[i + 1]):
                j, z, w = c[p], left[p - starts[i]], counts[p - starts[i]]
                for g in range(many):
                    n[j, g] += w * told[g]
                    total[j, g] += z * told[g]
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
