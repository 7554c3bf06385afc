"""Some people agree with more of everything; what is left without that is their opinion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots

type Floats = NDArray[np.float64]

SHRINK = 3.0  # votes' worth of doubt: after three votes half of what we saw of a style counts
ROUNDS = 3
LEAST_SLOPE = 0.1  # where everybody says the same there is little room for style to show
FEW = 2.0  # votes' worth of the usual spread, for a statement hardly anybody has seen


@dataclass(frozen=True)
class Style:
    """What is expected of voter i on statement j before any opinion: mean[j] + own[i] * slope[j].

    mean, slope, spread (S): spread is the variance around that. own (P): how much more, or less,
    a voter agrees than others do. weight (P): how much each voter counts.
    """

    mean: Floats
    slope: Floats
    spread: Floats
    own: Floats
    weight: Floats


def style_of(ballots: Ballots, weight: Floats | None = None) -> Style:
    """Statement means and each voter's style, fitted in turns (shrunken alternating means)."""
    weight = np.ones(ballots.shape[0]) if weight is None else weight
    mean = means(ballots, weight)
    own = np.zeros(ballots.shape[0])
    slope = slopes(mean)
    for _ in range(ROUNDS):
        n, total = np.zeros_like(mean), np.zeros_like(mean)
        passes.model.style_pass(*rows(ballots), weight, mean, slope, SHRINK, own, n, total)
        mean = total / np.maximum(n, 1e-9)
    n, squares = np.zeros_like(mean), np.zeros_like(mean)
    passes.model.spread_pass(*rows(ballots), weight, mean, slope, own, n, squares)
    usual = squares.sum() / max(n.sum(), 1e-9) or 1.0
    return Style(mean, slope, (squares + FEW * usual) / (n + FEW), own, weight)


def means(ballots: Ballots, weight: Floats) -> Floats:
    n, total = np.zeros(ballots.shape[1]), np.zeros(ballots.shape[1])
    nothing, zero = np.zeros(ballots.shape[0]), np.zeros(ballots.shape[1])
    passes.model.style_pass(*rows(ballots), weight, zero, zero, 1.0, nothing, n, total)
    result: Floats = total / np.maximum(n, 1e-9)
    return result


def slopes(mean: Floats) -> Floats:
    """How far style moves a vote: most where opinion is open, least where it is settled.

    The slope of a logistic curve, p (1 - p), as a share of its greatest.
    """
    return np.clip(1.0 - mean**2, LEAST_SLOPE, 1.0)


def rows(
    ballots: Ballots,
) -> tuple[NDArray[np.int64], NDArray[np.unsignedinteger], NDArray[np.int8]]:
    return ballots.starts, ballots.columns, ballots.votes
