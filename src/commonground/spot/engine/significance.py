"""How surprising each hashed term is, over five scales at once: fading averages of counts.

The averages are those of SigniTrend (Schubert, Weiler, Kriegel, KDD 2014): for each scale one
of what was said lately, and a long one of what was said before, two rows of buckets each, the
row that doubts more having the last word. What is made of them is the detector's own formula
(`surprise`): shares of all posts, gamma-Poisson, little seen means little known; so what the
detector would find surprising stands out here too. A post is let through by this; whether a
moment is raised, the detector decides on exact counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED
from commonground.spot.engine import kernels, plainly
from commonground.spot.engine.counting import faded
from commonground.spot.engine.lexicon import term_number
from commonground.spot.engine.sketches import BUCKETS, Sketch
from commonground.spot.engine.surprise import PRIOR_COUNT, PRIOR_POSTS, STEADIEST

SCALES = (5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600)
# Three voices spread evenly over a window count for little more than one by its end.
LEAST = 1.2
STEP = log(10) / 8  # natural logarithm a level; eight levels are one power of ten
STEPS = kernels if COMPILED else plainly

type Levels = NDArray[np.uint8]  # [2, BUCKETS]: eighths of a power of ten, 255 at most


@dataclass(slots=True)
class State:
    """What was said lately (voices, by scale) and before; `at` seconds of UTC. 50 MB."""

    recent: NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((2, BUCKETS, len(SCALES)), np.float32)
    )
    past: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, BUCKETS), np.float32))
    posts_now: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(SCALES)))
    posts: float = 0.0
    at: float = 0.0
    tried: int = 0  # terms looked at in the last slice

    def before(self, term: str, seconds: int) -> float:
        """Voices that said a term before the window that ends now, fading; at most so many."""
        number = term_number(term)
        rows = (number & (BUCKETS - 1), (number >> 32) & (BUCKETS - 1))
        scale = SCALES.index(seconds)
        said = (
            float(self.past[r, j] - self.recent[r, j, scale] * part_of(seconds))
            for r, j in enumerate(rows)
        )
        return max(0.0, min(said))


def part_of(seconds: float) -> float:
    """How much the long memory still holds of a window, on average."""
    return faded(1.0, seconds)


def significance(sketch: Sketch, state: State, until: float) -> Levels:
    """Add one slice to the state, which changes, and say how surprising every bucket is now.

    `until`: the slice's end, seconds of UTC. Buckets the slice did not touch have level 0.
    """
    passed = max(0.0, until - state.at) if state.at else 0.0
    scales = np.array(SCALES, np.float64)
    keeps = np.exp(-passed / scales)
    part = np.array([part_of(seconds) for seconds in SCALES])
    fade = faded(1.0, passed)
    state.at = max(state.at, until)
    state.posts_now = state.posts_now * keeps + sketch.posts
    state.posts = state.posts * fade + sketch.posts
    levels = np.zeros((2, BUCKETS), np.uint8)
    state.tried = STEPS.surprising(
        sketch.counts, state.recent, state.past, keeps, fade, state.posts_now,
        np.maximum(0.0, state.posts - state.posts_now * part), part, LEAST, PRIOR_COUNT,
        PRIOR_POSTS, STEADIEST, STEP, levels,
    )  # fmt: skip
    return levels
