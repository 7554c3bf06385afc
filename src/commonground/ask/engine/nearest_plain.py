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


def silhouettes(x: Singles, y: Singles, mass: Singles, ends: Ints, cluster: Ints) -> Floats:
    part = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    ways = np.eye(int(cluster.max()) + 1)[cluster]  # T x parts x clusters
    sizes = np.bincount(part, mass, len(ends) - 1) @ ways
    total, each = np.zeros(len(cluster)), np.arange(len(cluster))
    for i in range(len(x)):
        apart = np.bincount(part, mass * np.hypot(x - x[i], y - y[i]), len(ends) - 1)
        own, far = cluster[:, part[i]], apart @ ways
        size, within = sizes[each, own], far[each, own]
        mean = np.where(sizes > 0, far / np.maximum(sizes, 1e-12), np.inf)
        mean[each, own] = np.inf
        near, within = mean.min(axis=1), within / np.maximum(size - 1, 1e-12)
        told = (near - within) / np.maximum(np.maximum(near, within), 1e-12)
        total += mass[i] * np.where(size > 1, told, 0.0)
    result: Floats = total / mass.sum()
    return result
