"""Compiled loops over points in the plane: k-means as scikit-learn runs it, and silhouettes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.compiled import compiled

type Floats = NDArray[np.float64]
type Singles = NDArray[np.float32]
type Ints = NDArray[np.int64]


@compiled
def assign(points: Floats, mass: Floats, centres: Floats, labels: Ints, sums: Floats) -> bool:
    """Labels every point with its nearest centre (the first of equals) and adds up x, y and mass
    per centre (K x 3). Whether any label changed."""
    changed = False
    for i in range(len(points)):
        near, best = np.inf, 0
        for g in range(len(centres)):
            far = (points[i, 0] - centres[g, 0]) ** 2 + (points[i, 1] - centres[g, 1]) ** 2
            if far < near:
                near, best = far, g
        changed = changed or labels[i] != best
        labels[i] = best
        sums[best, 0] += mass[i] * points[i, 0]
        sums[best, 1] += mass[i] * points[i, 1]
        sums[best, 2] += mass[i]
    return changed


@compiled
def silhouette(x: Singles, y: Singles, mass: Singles, ends: Ints) -> float:
    """The mean silhouette of points sorted by cluster; cluster g ends before ends[g + 1]."""
    total, everybody = 0.0, 0.0
    for g in range(len(ends) - 1):
        for i in range(ends[g], ends[g + 1]):
            own, other = 0.0, np.inf
            for h in range(len(ends) - 1):
                far, there = np.float32(0), np.float32(0)
                for k in range(ends[h], ends[h + 1]):
                    far += mass[k] * np.sqrt((x[k] - x[i]) ** 2 + (y[k] - y[i]) ** 2)
                    there += mass[k]
                if h == g:
                    own = float(far / (there - 1)) if there > 1 else -1.0
                elif there > 0:
                    other = min(other, float(far / there))
            everybody += mass[i]
            if own >= 0:
                total += mass[i] * (other - own) / max(own, other, 1e-12)
    return total / everybody
