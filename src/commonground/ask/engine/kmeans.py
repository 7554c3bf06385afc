"""k-means on points whose order is already the same every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

STEPS = 60


def clusters(points: Floats, weight: Floats, many: int, tries: int, seed: int) -> list[Ints]:
    """Labels (n) of several runs of weighted k-means from k-means++ seeds, best run first."""
    rng = np.random.default_rng(seed)
    found = [settled(points, weight, seeded(points, weight, many, rng)) for _ in range(tries)]
    found.sort(key=lambda pair: pair[0])
    return [labels for _, labels in found]


def seeded(points: Floats, weight: Floats, many: int, rng: np.random.Generator) -> Floats:
    """Centres drawn far apart (Arthur and Vassilvitskii, 2007)."""
    far = np.ones(len(points))
    centres = []
    for _ in range(many):
        chance = np.cumsum(far * weight)
        at = int(np.searchsorted(chance, rng.random() * chance[-1]))
        centres.append(points[min(at, len(points) - 1)])
        near = ((points - centres[-1]) ** 2).sum(axis=1)
        far = near if len(centres) == 1 else np.minimum(far, near)
    return np.array(centres)


def settled(points: Floats, weight: Floats, centres: Floats) -> tuple[float, Ints]:
    """The sum of squares and the labels where Lloyd's steps come to rest."""
    for _ in range(STEPS):
        apart = ((points[:, None] - centres) ** 2).sum(axis=2)
        labels = apart.argmin(axis=1)
        mass = np.bincount(labels, weight, len(centres))
        moved = np.stack(
            [np.bincount(labels, weight * x, len(centres)) for x in points.T], axis=1
        ) / np.maximum(mass, 1e-12)[:, None]  # fmt: skip
        moved = np.where(mass[:, None] > 0, moved, centres)
        if np.abs(moved - centres).max() < 1e-6:
            break
        centres = moved
    return float((weight * apart.min(axis=1)).sum()), labels
