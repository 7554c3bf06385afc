"""Compiled loops over points in the plane: the steps of k-means, and silhouettes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import nearest_plain
from commonground.ask.engine.compiled import COMPILED, compiled

type Floats = NDArray[np.float64]
type Singles = NDArray[np.float32]
type Ints = NDArray[np.int64]

STEPS = 300  # of scikit-learn's k-means


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


stepped = assign if COMPILED else nearest_plain.assign


@compiled
def lloyd(points: Floats, mass: Floats, centres: Floats, tolerance: float) -> Ints:
    """The labels where Lloyd's steps come to rest."""
    labels, centres = np.full(len(points), -1), centres.copy()
    for _ in range(STEPS):
        sums, shift = np.zeros((len(centres), 3)), 0.0
        if not stepped(points, mass, centres, labels, sums):
            return labels
        for g in range(len(centres)):
            if sums[g, 2] > 0:  # a centre that lost everybody stays where it is
                moved = sums[g, :2] / sums[g, 2]
                shift += ((moved - centres[g]) ** 2).sum()
                centres[g] = moved
        if shift <= tolerance:
            break
    stepped(points, mass, centres, labels, np.zeros((len(centres), 3)))
    return labels


@compiled
def placed(cluster: Ints, own: int, sizes: Floats, apart: Floats) -> float:
    """The silhouette of a point of cluster `own` from its summed distances to each part."""
    if sizes[own] <= 1:  # alone: neither well nor badly placed
        return 0.0
    far, other = np.zeros(sizes.size), np.inf
    for a in range(cluster.size):
        far[cluster[a]] += apart[a]
    for g in range(sizes.size):
        if g != own and sizes[g] > 0:
            other = min(other, far[g] / sizes[g])
    within = far[own] / (sizes[own] - 1)
    return float((other - within) / max(other, within, 1e-12))


@compiled
def silhouettes(x: Singles, y: Singles, mass: Singles, ends: Ints, cluster: Ints) -> Floats:
    """The mean silhouette of several ways to cluster the same points (T), from one look at each
    pair of points.

    Points are sorted by part; part a ends before ends[a + 1], and no way divides it: way t has
    it in cluster[t, a].
    """
    parts, many = ends.size - 1, int(cluster.max()) + 1
    sizes = np.zeros((len(cluster), many))
    for a in range(parts):
        for t in range(len(cluster)):
            sizes[t, cluster[t, a]] += mass[ends[a] : ends[a + 1]].sum()
    total, apart = np.zeros(len(cluster)), np.empty(parts)
    for own in range(parts):
        for i in range(ends[own], ends[own + 1]):
            for a in range(parts):
                sum_ = np.float32(0)
                for k in range(ends[a], ends[a + 1]):
                    sum_ += mass[k] * np.sqrt((x[k] - x[i]) ** 2 + (y[k] - y[i]) ** 2)
                apart[a] = sum_
            for t in range(len(cluster)):
                total[t] += mass[i] * placed(cluster[t], cluster[t, own], sizes[t], apart)
    return total / mass.sum()
