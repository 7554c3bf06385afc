"""The map: the few directions in which voters differ most, once style is taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import loops, passes
from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.loops import WIDTH
from commonground.ask.engine.style import Style, rows

type Floats = NDArray[np.float64]

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
    many = ballots.shape[1]
    table = passes.model.gram_given(
        *rows(ballots), style.weight, style.mean, style.slope, style.own
    )
    if many <= FEW:
        gram = np.zeros((many, many))
        for at in range(0, many, WIDTH):
            image = np.zeros((many, WIDTH))
            passes.model.gram_again(*table, np.eye(many, WIDTH, -at), image)
            gram[:, at : at + WIDTH] = image[:, : many - at]
        values, vectors = np.linalg.eigh((gram + gram.T) / 2)
        return signed(vectors[:, ::-1][:, :WIDTH], values[::-1][:WIDTH])
    axes, strength = loops.krylov(table, first_block(many, start), exact)
    return signed(axes.T, strength)


def first_block(many: int, start: Floats | None) -> Floats:
    block = np.random.default_rng(SEED).standard_normal((many, WIDTH))
    if start is not None:
        block[:, : start.shape[1]] = start[:, :WIDTH]
    return block


def signed(axes: Floats, strength: Floats) -> Chart:
    """The same directions, the largest entry of each positive."""
    signs = np.sign(axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])])
    return Chart(axes * np.where(signs == 0, 1.0, signs), np.maximum(strength, 0.0))


def places(ballots: Ballots, style: Style, chart: Chart, many: int = 2) -> Floats:
    """Where each voter stands (P x many): the posterior mean under a ridge, not a projection.

    Somebody with three votes stands near the middle because we know little, not far out because
    three votes were multiplied by what the others cast.
    """
    many = min(many, chart.axes.shape[1])
    axes = np.zeros((ballots.shape[1], WIDTH))
    axes[:, :many] = chart.axes[:, :many] * np.sqrt(max(ballots.shape[1], 1))
    inner = np.zeros((ballots.shape[0], WIDTH))
    squares = np.zeros((ballots.shape[0], WIDTH, WIDTH))
    passes.model.place_pass(
        *rows(ballots), style.mean, style.slope, style.own, axes, inner, squares
    )
    inner, squares = inner[:, :many], squares[:, :many, :many]
    upper = np.triu_indices(many, 1)
    squares[:, upper[0], upper[1]] = squares[:, upper[1], upper[0]]
    result: Floats = np.linalg.solve(squares + RIDGE * np.eye(many), inner[:, :, None])[:, :, 0]
    return result
