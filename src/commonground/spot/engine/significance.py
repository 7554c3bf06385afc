"""How surprising each hashed term is, over five scales at once.

As in SigniTrend (Schubert, Weiler, Kriegel, KDD 2014) every bucket has a fading average of what
was said before, two rows of buckets keep terms apart, and the row that doubts more has the
last word. Two things differ. What is lately said is counted in windows, this one and the one
before it, not faded: of a fading window a part would always count as past already, and a flood
would teach the desk in seconds that it is usual. And the measure is the detector's own formula
(`surprise`): shares of all posts, gamma-Poisson, little seen means little known; so what the
detector would find surprising stands out here too. A post is let through by this; whether a
moment is raised, the detector decides on exact counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED
from commonground.spot.engine import kernels, plainly
from commonground.spot.engine.counting import faded
from commonground.spot.engine.lexicon import term_number
from commonground.spot.engine.sketches import BUCKETS, Sketch
from commonground.spot.engine.surprise import PRIOR_COUNT, PRIOR_POSTS, STEADIEST, surprise, usual

SCALES = (5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600)
LISTENED = 2  # a window and the one before it
OFTEN = 1.5  # times the usual; less never surprises, and many terms need not be reckoned
LEAST = 2.5  # voices; the detector asks for three
STEP = log(10) / 8  # natural logarithm a level; eight levels are one power of ten
STEPS = kernels if COMPILED else plainly

MOST_A_TERM = 8  # posts of a slice that show one term: more would say the same of it
EVERY = 255


@dataclass(frozen=True, slots=True)
class Levels:
    """How surprising each bucket is, and which part of its posts is enough to look at.

    `high` uint8[2, BUCKETS]: eighths of a power of ten, 255 at most; `share` uint8[2, BUCKETS]:
    of 255, so that a large thing leaves room for a small one. `usual`: of all posts so large a
    share, drawn by lot, is looked at whatever it says: else nobody would know what is usual.
    """

    high: NDArray[np.uint8]
    share: NDArray[np.uint8]
    usual: float = 0.0

    def packed(self) -> bytes:
        """For the wire: most buckets of a slice are not surprising."""
        flat = self.high.reshape(-1)
        places = np.flatnonzero(flat).astype(np.uint32)
        head = np.array([self.usual], np.float64).tobytes()
        share = self.share.reshape(-1)[places]
        return head + places.tobytes() + flat[places].tobytes() + share.tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> Levels:
        size = (len(packed) - 8) // 6  # four bytes a place, one each for height and share
        places = np.frombuffer(packed, np.uint32, size, 8)
        high, share = np.zeros((2, BUCKETS), np.uint8), np.full((2, BUCKETS), EVERY, np.uint8)
        high.reshape(-1)[places] = np.frombuffer(packed, np.uint8, size, 8 + 4 * size)
        share.reshape(-1)[places] = np.frombuffer(packed, np.uint8, size, 8 + 5 * size)
        return cls(high, share, float(np.frombuffer(packed, np.float64, 1)[0]))


@dataclass(slots=True)
class State:
    """What was said in this window and the last one, by scale, and in all; 92 MB.

    `recent` float32[2, BUCKETS, scales, 2] and `past` float32[2, BUCKETS]: voices, faded by two
    days' half-life; `posts_now` float64[scales, 2] and `posts`: all posts, likewise; `at`,
    `began`: seconds of UTC.
    """

    recent: NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((2, BUCKETS, len(SCALES), 2), np.float32)
    )
    past: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, BUCKETS), np.float32))
    posts_now: NDArray[np.float64] = field(default_factory=lambda: np.zeros((len(SCALES), 2)))
    posts: float = 0.0
    at: float = 0.0
    began: float = 0.0
    tried: int = 0  # terms looked at in the last slice

    def before(self, term: str, seconds: int) -> float:
        """Voices that said a term before this window and the last one; at most so many."""
        return max(0.0, min(self.past.item(at) - self.within(at, seconds) for at in places(term)))

    def lately(self, term: str, seconds: int) -> float:
        """Voices that said a term in this window and the last one; at most so many."""
        return min(self.within(at, seconds) for at in places(term))

    def within(self, at: tuple[int, int], seconds: int) -> float:
        row, bucket = at
        scale, item = SCALES.index(seconds), self.recent.item
        return item(row, bucket, scale, 0) + item(row, bucket, scale, 1)

    def surprise(self, term: str, seconds: int, share: float = 1.0) -> float:
        """-log10 of the chance of what was lately heard; of its voices only `share` is believed."""
        now = round(float(self.posts_now[SCALES.index(seconds)].sum()))
        count = int(share * self.lately(term, seconds))
        known = self.before(term, seconds), max(0.0, self.posts - now)
        worth_a_look = count > OFTEN * usual(*known, now)
        return surprise(count, *known, now) if worth_a_look else 0.0

    def step(self, posts: int, until: float) -> tuple[float, NDArray[np.int64]]:
        """Move on to `until`: how much the past fades, and how many windows ended."""
        fade = faded(1.0, max(0.0, until - self.at)) if self.at else 1.0
        scales = np.array(SCALES, np.float64)
        # A slice belongs to the window its end lies in.
        turned = np.ceil(until / scales) - np.ceil(self.at / scales) if self.at else scales * 0
        turned = np.maximum(turned, 0)
        self.posts_now[turned == 1, 1] = self.posts_now[turned == 1, 0]
        self.posts_now[turned > 1, 1] = 0
        self.posts_now[turned > 0, 0] = 0
        self.posts_now *= fade
        self.posts_now[:, 0] += posts
        self.posts = self.posts * fade + posts
        self.began = self.began or until
        self.at = max(self.at, until)
        return fade, np.asarray(turned, np.int64)


@lru_cache(maxsize=1 << 16)
def places(term: str) -> tuple[tuple[int, int], ...]:
    """Where a term is counted: row and bucket, twice."""
    number = term_number(term)
    return (0, number & (BUCKETS - 1)), (1, (number >> 32) & (BUCKETS - 1))


def significance(sketch: Sketch, state: State, until: float) -> Levels:
    """Add one slice to the state, which changes, and say how surprising every bucket is now.

    `until`: the slice's end, seconds of UTC. Buckets the slice did not touch have level 0.
    """
    fade, turned = state.step(sketch.posts, until)
    now = state.posts_now.sum(axis=1)
    # Of a window longer than what was heard before it nobody can say what is usual.
    heard_long = until - state.began >= np.array([LISTENED * seconds for seconds in SCALES])
    asked = np.where(heard_long, now, np.inf)
    high = np.zeros((2, BUCKETS), np.uint8)
    state.tried = STEPS.surprising(
        sketch.counts, state.recent, state.past, turned, fade, asked,
        np.maximum(0.0, state.posts - now), LEAST, PRIOR_COUNT, PRIOR_POSTS, STEADIEST,
        STEP, high,
    )  # fmt: skip
    return Levels(high, share_of(sketch.counts, high))


def share_of(counts: NDArray[np.uint32], high: NDArray[np.uint8]) -> NDArray[np.uint8]:
    share = np.full(high.shape, EVERY, np.uint8)
    told = np.flatnonzero(high)
    enough = EVERY * MOST_A_TERM // np.maximum(counts.reshape(-1)[told], MOST_A_TERM)
    share.reshape(-1)[told] = np.maximum(enough, 1)
    return share
