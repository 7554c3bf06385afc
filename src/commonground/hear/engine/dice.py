"""Chance that can be repeated: the same labels always fall the same way."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from hashlib import blake2b
from math import log

WORD = 1 << 64
LOW_BITS = WORD - 1


class Dice:
    """A stream of chance named by its labels: a seed, and what it decides.

    Naming every stream of chance keeps a scenario stable under editing: a new phrase about
    the ferry does not move the minute of the crash. SplitMix64 (Steele, Lea, Flood 2014) is
    a counter with a good mixer; its few lines are the same on every machine and Python.
    """

    __slots__ = ("state",)

    def __init__(self, *labels: object) -> None:
        name = "\x1f".join(map(str, labels)).encode()
        self.state = int.from_bytes(blake2b(name, digest_size=8).digest())

    def bits(self) -> int:
        """Sixty-four even bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & LOW_BITS
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & LOW_BITS
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & LOW_BITS
        return z ^ (z >> 31)

    def fraction(self) -> float:
        """Anywhere in [0, 1)."""
        return (self.bits() >> 11) * 2.0**-53

    def below(self, count: int) -> int:
        """A whole number in [0, count)."""
        return (self.bits() * count) >> 64

    def chance(self, share: float) -> bool:
        return self.fraction() < share

    def pick[T](self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def gap(self, rate: float) -> float:
        """The wait until the next of things that happen `rate` times a unit of time."""
        return -log(1.0 - self.fraction()) / rate


class Weighted[T]:
    """Things to draw from, each as often as its weight says. Weights need not add to one."""

    def __init__(self, things: Sequence[tuple[T, float]]) -> None:
        total, self.totals, self.things = 0.0, [], []
        for thing, weight in things:
            total += weight
            self.totals.append(total)
            self.things.append(thing)

    def __bool__(self) -> bool:
        return bool(self.totals) and self.totals[-1] > 0

    def draw(self, dice: Dice) -> T:
        return self.things[bisect(self.totals, dice.fraction() * self.totals[-1])]
