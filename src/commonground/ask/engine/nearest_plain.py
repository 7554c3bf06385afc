"""The same as `nearest`, in numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Singles = NDArray[np.float32]
type Ints = NDArray[np.int64]


def assign(points: Floats, mass: Floats, centres: Floats, labels: Ints, sums: Floats) -> bool:
    apart = ((points[:, None] - centres) ** 2).sum(axis=2)
    best = apart.argmin(axis=1)
    changed = bool((best != labels).any())
    labels[:] = best
    for column, values in enumerate((points[:, 0], points[:, 1], np.ones(len(points)))):
        sums[:, column] += np.bincount(best, mass * values, len(centres))
    return changed


def silhouette(x: Singles, y: Singles, mass: Singles, ends: Ints) -> float:
    group = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    sizes = np.bincount(group, mass, len(ends) - 1)
    total = 0.0
    for i in range(len(x)):
        far = np.bincount(group, mass * np.hypot(x - x[i], y - y[i]), len(sizes))
        own = group[i]
        if sizes[own] > 1:
            mean = np.where(sizes > 0, far / np.maximum(sizes, 1e-12), np.inf)
            others = np.delete(mean, own)
            near, within = others.min(), far[own] / (sizes[own] - 1)
            total += mass[i] * (near - within) / max(near, within, 1e-12)
    return float(total / mass.sum())
