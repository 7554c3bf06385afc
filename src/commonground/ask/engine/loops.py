"""Compiled loops of the models: each is one pass over all votes.

A vote v of voter i on statement j has the residual z = v - mean[j] - style[i] * slope[j], and
counts `weight[i]`, times `PASS` when it is a pass.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.compiled import compiled

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


@compiled
def gram_pass(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats,
    style: Floats, basis: Floats, out: Floats,
) -> None:  # fmt: skip
    """out = Z' W Z basis for four columns (S x 4), Z the residuals with missing ones at 0."""
    for i in range(starts.size - 1):
        a0, a1, a2, a3 = 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - style[i] * slope[j]
            a0 += z * basis[j, 0]
            a1 += z * basis[j, 1]
            a2 += z * basis[j, 2]
            a3 += z * basis[j, 3]
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = weight[i] * (v[p] - mean[j] - style[i] * slope[j])
            out[j, 0] += z * a0
            out[j, 1] += z * a1
            out[j, 2] += z * a2
            out[j, 3] += z * a3


def gram_over(
    starts: Ints, c: Numbers, v: Signs, weight: Floats, mean: Floats, slope: Floats, style: Floats
) -> Callable[[Floats, Floats], None]:
    """`gram_pass` for many bases."""
    return partial(gram_pass, starts, c, v, weight, mean, slope, style)


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
    many = log_share.size
    told = np.empty(many)
    pull = deviation * precision.reshape(-1, 1)
    likelihood = 0.0
    for i in range(starts.size - 1):
        told[:] = log_share
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            z = v[p] - mean[j] - style[i] * slope[j]
            w = PASS if v[p] == 0 else 1.0
            for g in range(many):
                told[g] += w * pull[j, g] * (z - 0.5 * deviation[j, g])
        most = told.max()
        told[:] = np.exp(told - most)
        sum_ = told.sum()
        likelihood += weight[i] * (most + np.log(sum_))
        told /= sum_
        member[i] = told
        if weight[i] > 0:
            for p in range(starts[i], starts[i + 1]):
                j = c[p]
                w = weight[i] * (PASS if v[p] == 0 else 1.0)
                z = w * (v[p] - mean[j] - style[i] * slope[j])
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
    starts: Ints, c: Numbers, v: Signs, weight: Floats, member: Floats,
    n: Floats, agree: Floats, disagree: Floats,
) -> None:  # fmt: skip
    """Weighted votes, agreements and disagreements of each group on each statement (S x K)."""
    for i in range(starts.size - 1):
        for g in range(member.shape[1]):
            w = weight[i] * member[i, g]
            if w > 0:
                for p in range(starts[i], starts[i + 1]):
                    n[c[p], g] += w
                    if v[p] > 0:
                        agree[c[p], g] += w
                    elif v[p] < 0:
                        disagree[c[p], g] += w


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


@compiled
def factor_pass(
    starts: Ints, c: Numbers, v: Signs, middle: float, note: Floats, pull: float,
    pull_factor: float, own: Floats, out: Floats,
) -> None:  # fmt: skip
    """Solves every voter's intercept and factor (own, P x 2) given the statements' (note, S x 2),
    and adds up what the statements need: factor, its square, intercept, their product, and
    vote times factor (out, S x 5). Votes count 1 (agree) or 0."""
    for i in range(starts.size - 1):
        many = starts[i + 1] - starts[i]
        s1, s2, b1, b2, yf, y1 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for p in range(starts[i], starts[i + 1]):
            b, f = note[c[p], 0], note[c[p], 1]
            s1 += f
            s2 += f * f
            b1 += b
            b2 += b * f
            if v[p] > 0:
                yf += f
                y1 += 1.0
        a, d = many + pull, s2 + pull_factor
        e, g = y1 - middle * many - b1, yf - middle * s1 - b2
        around = a * d - s1 * s1
        own[i, 0], own[i, 1] = (e * d - s1 * g) / around, (a * g - s1 * e) / around
        b, f = own[i, 0], own[i, 1]
        for p in range(starts[i], starts[i + 1]):
            j = c[p]
            out[j, 0] += f
            out[j, 1] += f * f
            out[j, 2] += b
            out[j, 3] += b * f
            if v[p] > 0:
                out[j, 4] += f


@compiled
def note_pass(
    n: Floats, agreed: Floats, per_voter: Floats, voter_agreed: Floats, middle: float,
    pull: float, pull_factor: float, votes: float, own: Floats, out: Floats, after: Floats,
) -> float:  # fmt: skip
    """Best statements given the voters (own, and what they add up to: out), then the best middle
    given both (after, 2 S + 1: middle, then intercept and factor of each). The objective, from
    these sums alone."""
    said, known, square, level, least = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(per_voter.size):
        b, f = own[i, 0], own[i, 1]
        known += b * voter_agreed[i]
        level += b * per_voter[i]
        square += b * b * per_voter[i]
        least += (pull * b * b + pull_factor * f * f) / per_voter.size
    for j in range(n.size):
        a, d = n[j] + pull * votes / n.size, out[j, 1] + pull_factor * votes / n.size
        e = agreed[j] - middle * n[j] - out[j, 2]
        g = out[j, 4] - middle * out[j, 0] - out[j, 3]
        around = a * d - out[j, 0] * out[j, 0]
        b, f = (e * d - out[j, 0] * g) / around, (a * g - out[j, 0] * e) / around
        after[1 + 2 * j], after[2 + 2 * j] = b, f
        said += agreed[j]
        known += b * agreed[j] + f * out[j, 4]
        level += b * n[j] + f * out[j, 0]
        square += b * b * n[j] + f * f * out[j, 1]
        square += 2 * (b * out[j, 2] + f * out[j, 3] + b * f * out[j, 0])
        least += (pull * b * b + pull_factor * f * f) / n.size
    middle = (said - level) / (votes * (1 + pull))
    after[0] = middle
    left = said - 2 * (known + middle * said) + square + 2 * middle * level
    return (left + votes * middle * middle) / votes + least + pull * middle * middle


@compiled
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
