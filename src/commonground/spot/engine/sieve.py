"""Which posts the detector gets to see when there are more than it can read.

A slice it can read whole is handed over whole: then the moments are its own, to the byte.
Of a larger slice it gets the posts that hold a term standing out or nearly so, from this
slice and from the last ones, as many as it can read, the most surprising first. Of the posts
that show one surprising term a few are enough to say so: the others leave room for other terms.
And it gets a few posts drawn by lot, whatever they say: what is usual is learnt from those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.heard import Heard
from commonground.spot.engine import kernels, plainly
from commonground.spot.engine.lots import drawn, lot, lots
from commonground.spot.engine.significance import EVERY, Levels
from commonground.spot.engine.sketches import Carried, Mapped

STEPS = kernels if COMPILED else plainly
CAPACITY = 400  # posts a slice; the detector reads some thousands a second
# Levels (eighths of a power of ten): a moment is raised at some nine powers, at great rates
# at more; at five something may be in the making.
NEAR = 5 * 8
HELD = 3600.0  # seconds a post may wait
REMEMBERED = 60_000  # posts that carried something and were not handed on


@dataclass(frozen=True, slots=True)
class Offer:
    """One post a worker offers: the highest level first, then by lot."""

    level: int
    post: Heard
    topics: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, str]:
        return (-self.level, lot(self.post.at), self.post.id)


@dataclass(slots=True)
class Waiting:
    """Posts of one block that were not handed on, and may be yet."""

    carried: Carried
    handed: NDArray[np.bool_]
    lots: NDArray[np.uint64]

    @classmethod
    def of(cls, carried: Carried, handed: NDArray[np.bool_]) -> Waiting:
        return cls(carried, handed, lots(carried.columns.at))

    def levels(self, levels: Levels) -> NDArray[np.uint8]:
        out, held = np.zeros(len(self.carried), np.uint8), self.carried
        STEPS.levels_of(held.terms, held.starts, self.lots, levels.high, levels.share, out)
        out[self.handed] = 0
        return out


@dataclass
class Memory:
    """What one worker holds of the posts it mapped: the slice's own, and those of the last ones."""

    names: Sequence[str]
    remembered: int = REMEMBERED
    slice: list[Mapped] = field(default_factory=list)
    waiting: deque[Waiting] = field(default_factory=deque)
    offered: list[tuple[Waiting, int] | None] = field(default_factory=list)

    def add(self, mapped: Mapped) -> None:
        self.slice.append(mapped)

    def whole(self) -> list[Offer]:
        """Every post of the slice, and the end of the slice."""
        offers = [
            Offer(EVERY, mapped.columns.heard(place), self.named(mapped.topics[place]))
            for mapped in self.slice
            for place in np.flatnonzero(~mapped.blank).tolist()
        ]
        self.slice.clear()
        return offers

    def offers(self, levels: Levels, capacity: int, near: int = NEAR) -> list[Offer]:
        """The best posts of this slice and the last ones, not more than `capacity`."""
        usual = [offer for mapped in self.slice for offer in self.usual(mapped, levels)]
        self.slice.clear()
        found = [
            (int(level[place]), waiting, int(place))
            for waiting in self.waiting
            if len(waiting.carried)
            for level in [waiting.levels(levels)]
            for place in best(level, near, capacity)
        ]
        found.sort(key=lambda one: -one[0])
        cut = found[capacity - 1][0] if len(found) > capacity else 0
        best_ = [(self.offer(level, w, n), w, n) for level, w, n in found if level >= cut]
        best_.sort(key=lambda one: one[0].rank)
        self.offered = [None] * len(usual) + [(w, n) for _, w, n in best_[:capacity]]
        return [*usual, *(offer for offer, _, _ in best_[:capacity])]

    def usual(self, mapped: Mapped, levels: Levels) -> list[Offer]:
        """The block's posts on which the lot fell; the others that carry something wait."""
        fell = drawn(lots(mapped.columns.at), levels.usual) & ~mapped.blank
        self.waiting.append(Waiting.of(mapped.carried, fell[mapped.carried.places]))
        return sorted(
            (Offer(EVERY + 1, mapped.columns.heard(place), self.named(mapped.topics[place]))
             for place in np.flatnonzero(fell).tolist()),
            key=lambda offer: offer.rank,
        )  # fmt: skip

    def grow_old(self, until: float) -> None:
        """What was not handed on for an hour is forgotten."""
        for waiting in self.waiting:
            waiting.handed |= waiting.carried.columns.at < until - HELD
        while self.waiting and self.waiting[0].handed.all():
            self.waiting.popleft()

    def taken(self, count: int) -> None:
        """So many of those offered, from the first on, were handed on."""
        for waiting, place in filter(None, self.offered[:count]):
            waiting.handed[place] = True
        self.offered = []
        while sum(len(w.carried) for w in self.waiting) > self.remembered:
            self.waiting.popleft()

    def offer(self, level: int, waiting: Waiting, place: int) -> Offer:
        carried = waiting.carried
        return Offer(level, carried.columns.heard(place), self.named(carried.topics[place]))

    def named(self, bits: NDArray[np.uint64]) -> tuple[str, ...]:
        return tuple(
            name for t, name in enumerate(self.names) if int(bits[t // 64]) >> (t % 64) & 1
        )

    def forget(self, gone: Iterable[str]) -> None:
        """Drop posts that were deleted upstream, by their ids."""
        ids = set(gone)
        for waiting in self.waiting:
            for place in range(len(waiting.carried)):
                if waiting.carried.columns.heard(place).id in ids:
                    waiting.handed[place] = True


def best(level: NDArray[np.uint8], near: int, most: int) -> NDArray[np.int64]:
    """Places of the levels from `near` on, and of no more than `most` where that can be had."""
    places = np.flatnonzero(level >= near)
    if places.size <= most:
        return places
    cut = np.sort(level[places])[-most]
    among_them: NDArray[np.int64] = places[level[places] >= cut]
    return among_them


def chosen(offers: Sequence[Sequence[Offer]], capacity: int) -> tuple[list[Offer], list[int]]:
    """The best of all workers' offers, and how many of each worker's they are."""
    ranked = sorted(
        ((offer.rank, worker, offer) for worker, made in enumerate(offers) for offer in made),
        key=lambda one: one[:2],
    )[:capacity]
    taken = [sum(worker == w for _, w, _ in ranked) for worker in range(len(offers))]
    return [offer for _, _, offer in ranked], taken
