"""Blocks of lines in, the posts worth the detector's time out: one worker's part, and the whole.

However many workers share the authors, each slice goes the same way: every worker gives its
sketch; their sum says how surprising every term is; every worker offers its best posts; the
best of those go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.columns import Columns, Repeats
from commonground.hear.engine.heard import Heard
from commonground.spot.engine.sieve import CAPACITY, NEAR, REMEMBERED, Memory, Offer, chosen
from commonground.spot.engine.significance import Levels, State, significance
from commonground.spot.engine.sketches import (
    Mapped,
    Plan,
    Seen,
    Sketch,
    map_columns,
    map_lines,
    merged,
)

USUAL = 0.1  # of the posts the detector reads so many are drawn by lot, whatever they say
BLOCK = 4_000_000  # bytes; more posts at once no longer fit the processor's cache


@dataclass
class Worker:
    """The part of one worker: some of the authors, all their posts.

    With `forgetful` every slice stands alone, for workers that may be another one for the next
    slice: a voice counts once a slice, and only the slice's own posts are offered.
    """

    plan: Plan
    repeats: Repeats | None = field(default_factory=Repeats)
    forgetful: bool = False

    def __post_init__(self) -> None:
        self.seen = Seen(self.plan, self.repeats)
        self.memory = Memory(self.plan.book.names, 0 if self.forgetful else REMEMBERED)
        self.counted = Sketch.empty()
        self.skipped: Counter[str] = Counter()
        self.deletions: list[Heard] = []

    def take(self, block: bytes) -> None:
        self.add(map_lines(block, self.plan, self.seen, self.counted))

    def take_columns(self, read: Columns, topics: NDArray[np.uint64]) -> None:
        """Posts that were read already, and the topics that were found in them."""
        self.add(map_columns(read, self.plan, self.seen, self.counted, topics))

    def add(self, mapped: Mapped) -> None:
        self.skipped += mapped.columns.skipped
        self.deletions += mapped.columns.deletions
        self.memory.add(mapped)

    def sketch(self, until: float) -> Sketch:
        """The slice's sketch; what comes from now on belongs to the next."""
        done, self.counted = self.counted, Sketch.empty()
        self.seen.make_room(until, everything=self.forgetful)
        self.memory.grow_old(until)
        return done

    def offers(self, levels: Levels | None, capacity: int) -> list[Offer]:
        """All posts of the slice where it is small enough, else the best."""
        if levels is None:
            return self.memory.whole()
        return self.memory.offers(levels, capacity, NEAR)


@dataclass(frozen=True, slots=True)
class Handed:
    """What goes on to the detector: posts, and how many there were beside them."""

    posts: Sequence[Offer]
    beside: int
    until: float


@dataclass
class Judge:
    """Where the workers' sketches meet."""

    capacity: int = CAPACITY
    state: State = field(default_factory=State)

    def levels(self, sketches: Sequence[Sketch], until: float) -> tuple[Levels | None, int]:
        """How surprising each bucket is (None: hand over everything), and the slice's posts."""
        total = merged(sketches) if len(sketches) > 1 else sketches[0]
        levels = significance(total, self.state, until)
        if total.posts <= self.capacity:
            return None, total.posts
        return replace(levels, usual=USUAL * self.capacity / total.posts), total.posts

    def handed(
        self, offers: Sequence[Sequence[Offer]], posts: int, until: float
    ) -> tuple[Handed, list[int]]:
        """The best of all offers, and how many of each worker's are among them."""
        most = max(self.capacity, posts) if posts <= self.capacity else self.capacity
        best, taken = chosen(offers, most)
        in_order = sorted(best, key=lambda offer: (offer.post.at, offer.post.id))
        return Handed(in_order, max(0, posts - len(best)), until), taken


class Watch:
    """All of it in one process."""

    def __init__(
        self, plan: Plan, capacity: int = CAPACITY, repeats: Repeats | None = None,
        *, forgetful: bool = False,
    ) -> None:  # fmt: skip
        self.worker = Worker(plan, repeats, forgetful)
        self.judge = Judge(capacity)

    def take(self, block: bytes) -> None:
        self.worker.take(block)

    def close(self, until: float) -> Handed:
        """End the slice at `until`, seconds of UTC."""
        levels, posts = self.judge.levels([self.worker.sketch(until)], until)
        offers = self.worker.offers(levels, self.judge.capacity)
        handed, taken = self.judge.handed([offers], posts, until)
        self.worker.memory.taken(taken[0])
        return handed
