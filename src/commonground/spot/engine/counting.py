"""How often each term is said, by how many voices: the detector's memory."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

HOUR = 3600.0
DAY = 24 * HOUR
# What was said two days ago weighs half: long enough to know a weekday's rhythm,
# short enough to forget last week's news.
HALF_LIFE = 2 * DAY
COPY = 0.5  # what one that repeats counts beside one that speaks for itself


def faded(amount: float, seconds: float) -> float:
    return float(amount * 0.5 ** (seconds / HALF_LIFE))


@dataclass(slots=True)
class Said:
    """One term: who said it in the last day, and a fading count of all before."""

    at: list[tuple[float, int]] = field(default_factory=list)  # when, which post; in order
    copies: list[float] = field(default_factory=list)  # when others repeated it; in order
    weighed: list[float] = field(default_factory=list)  # those of them that were weighed
    voices: dict[str, float] = field(default_factory=dict)  # voice -> when
    weight: float = 0.0
    weighed_at: float = 0.0

    def by(self, voice: str, at: float, post: int) -> None:
        """Count a voice once a day: shouting a word does not make it louder.

        `post` is the post's number; 0 for one that repeats what another said.
        """
        if at - self.voices.get(voice, -DAY) < DAY:
            return
        self.voices[voice] = at
        if post:
            insort(self.at, (at, post))
            self.weigh(1.0, at)
            return
        insort(self.copies, at)
        if len(self.weighed) < len(self.at):
            insort(self.weighed, at)
            self.weigh(COPY, at)

    def weigh(self, amount: float, at: float) -> None:
        self.weight = faded(self.weight, max(0.0, at - self.weighed_at)) + amount
        self.weighed_at = max(at, self.weighed_at)

    def since(self, start: float) -> int:
        return len(self.at) - bisect_left(self.at, (start, -1))

    def heard_since(self, start: float) -> int:
        """All voices in the window, those that only repeat too."""
        return self.since(start) + len(self.copies) - bisect_left(self.copies, start)

    def weighed_since(self, start: float) -> float:
        """What the window's voices added to the weight."""
        return self.since(start) + COPY * (len(self.weighed) - bisect_left(self.weighed, start))

    def believed_since(self, start: float) -> int:
        """Voices that count: two that repeat for one, up to as many as speak for themselves.

        Passing on is how people speak; but a thousand copies of one text are one voice's work,
        and neither alarm nor teach that what they say is usual.
        """
        own = self.since(start)
        return own + min(self.heard_since(start) - own, own) // 2

    def posts_since(self, start: float) -> list[int]:
        return [post for _, post in self.at[bisect_left(self.at, (start, -1)) :]]

    def weight_at(self, now: float) -> float:
        return faded(self.weight, max(0.0, now - self.weighed_at))

    def forget(self, before: float) -> None:
        del self.at[: bisect_left(self.at, (before, -1))]
        del self.copies[: bisect_left(self.copies, before)]
        del self.weighed[: bisect_left(self.weighed, before)]
        self.voices = {v: at for v, at in self.voices.items() if at >= before}


class Volume:
    """How many posts there were, minute by minute for a day, and fading before that."""

    SLOT = 60.0
    SLOTS = 24 * 60

    def __init__(self) -> None:
        self.slots = np.zeros(self.SLOTS, dtype=np.int64)
        self.newest = 0
        self.said = Said()

    def add(self, times: Iterable[float]) -> None:
        for at in times:
            self.add_many(at, 1)

    def add_many(self, at: float, count: int) -> None:
        """So many posts of one time."""
        slot = int(at // self.SLOT)
        self.move_to(slot)
        if count and slot > self.newest - self.SLOTS:
            self.slots[slot % self.SLOTS] += count
            weight = faded(self.said.weight, max(0.0, at - self.said.weighed_at))
            self.said.weight, self.said.weighed_at = weight + count, max(at, self.said.weighed_at)

    def move_to(self, slot: int) -> None:
        if slot - self.newest >= self.SLOTS:
            self.slots[:] = 0
        else:
            for empty in range(self.newest + 1, slot + 1):
                self.slots[empty % self.SLOTS] = 0
        self.newest = max(slot, self.newest)

    def within(self, seconds: float, now: float) -> int:
        """Posts in the window of so many seconds that ends now."""
        self.move_to(int(now // self.SLOT) - 1)
        wanted = min(int(seconds // self.SLOT), self.SLOTS)
        places = np.arange(self.newest - wanted + 1, self.newest + 1) % self.SLOTS
        return int(self.slots[places].sum())

    def weight_at(self, now: float) -> float:
        return self.said.weight_at(now)
