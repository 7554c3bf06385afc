"""The map: the few directions in which voters differ most, once style is taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.style import Style, rows

type Floats = NDArray[np.float64]

WIDTH = 4  # directions sought at once; the compiled pass is written for four
MOST_PASSES = 12
FEW = 40  # statements: so few are taken one by one, and nothing is approximate
RESIDUAL = 1e-3
SEED = 20260101
RIDGE = 4.0  # votes' worth of pull to the middle: few votes say little about a place


@dataclass(frozen=True)
class Chart:
    """axes (S x d): what each statement adds to a place. strength (d): variance along each."""

    axes: Floats
    strength: Floats


def chart_of(
    ballots: Ballots, style: Style, start: Floats | None = None, exact: float = RESIDUAL
) -> Chart:
    """The leading directions of the residuals, missing votes at 0, strongest first.

    Block Krylov iteration (Musco and Musco, "Randomized block Krylov methods", 2015) from a fixed
    draw, or from the axes of an earlier chart; exact for the sparse table, which is never filled.
    Signs are fixed: the largest entry of each direction is positive.
    """
    many, times = ballots.shape[1], gram_of(ballots, style)
    if many <= FEW:
        blocks = [np.eye(many, WIDTH, -at) for at in range(0, many, WIDTH)]
        gram = np.hstack([times(block) for block in blocks])[:, :many]
        return charted(np.eye(many), gram)
    block = orthonormal(first_block(many, start))
    space, image = block, times(block)
    for _ in range(MOST_PASSES - 1):
        chart = charted(space, space.T @ image)
        settled = image @ (space.T @ chart.axes)
        left = np.linalg.norm(settled[:, :2] - chart.axes[:, :2] * chart.strength[:2], axis=0)
        if (left <= exact * max(chart.strength[0], 1e-12)).all() or space.shape[1] + WIDTH > many:
            break
        fresh = image[:, -WIDTH:]
        fresh = fresh - space @ (space.T @ fresh)
        fresh = orthonormal(fresh - space @ (space.T @ fresh))
        space = np.hstack([space, fresh])
        image = np.hstack([image, times(fresh)])
    return charted(space, space.T @ image)


def first_block(many: int, start: Floats | None) -> Floats:
    block = np.random.default_rng(SEED).standard_normal((many, WIDTH))
    if start is not None:
        block[:, : start.shape[1]] = start[:, :WIDTH]
    return block


def orthonormal(block: Floats) -> Floats:
    result: Floats = np.linalg.qr(block)[0]
    return result


def gram_of(ballots: Ballots, style: Style) -> Callable[[Floats], Floats]:
    """Multiplies a block (S x 4) by the table of all products of residuals (S x S), never made."""
    add = passes.model.gram_over(*rows(ballots), style.weight, style.mean, style.slope, style.own)

    def times(block: Floats) -> Floats:
        out = np.zeros_like(block)
        add(np.ascontiguousarray(block), out)
        return out

    return times


def charted(space: Floats, inner: Floats) -> Chart:
    values, vectors = np.linalg.eigh((inner + inner.T) / 2)
    order = np.argsort(values)[::-1][:WIDTH]
    axes = space @ vectors[:, order]
    signs = np.sign(axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])])
    return Chart(axes * np.where(signs == 0, 1.0, signs), np.maximum(values[order], 0.0))


def places(ballots: Ballots, style: Style, chart: Chart, many: int = 2) -> Floats:
    """Where each voter stands (P x many): the posterior mean under a ridge, not a projection.

    Somebody with three votes stands near the middle because we know little, not far out because
    three votes were multiplied by what the others cast.
    """
    axes = np.ascontiguousarray(chart.axes[:, :many]) * np.sqrt(max(ballots.shape[1], 1))
    many = axes.shape[1]
    inner = np.zeros((ballots.shape[0], many))
    squares = np.zeros((ballots.shape[0], many, many))
    passes.model.place_pass(
        *rows(ballots), style.mean, style.slope, style.own, axes, inner, squares
    )
    upper = np.triu_indices(many, 1)
    squares[:, upper[0], upper[1]] = squares[:, upper[1], upper[0]]
    squares += RIDGE * np.eye(many)
    result: Floats = np.linalg.solve(squares, inner[:, :, None])[:, :, 0]
    return result
