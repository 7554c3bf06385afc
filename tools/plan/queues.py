"""Waiting in line: by arithmetic, and by trying it out with dice. The two must agree."""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass

FULL = 0.7  # of what it can do: beyond that a line grows long by chance alone


@dataclass(frozen=True, slots=True)
class Station:
    """Where things wait for one of `servers`; each takes `service` seconds.

    They come `rate` a second, each whenever it likes. `even`: all take equally long; else as long
    as it happens (exponential).
    """

    name: str
    rate: float
    service: float
    servers: int
    even: bool = True

    @property
    def busy(self) -> float:
        """The share of the servers' time that is taken; at 1 and beyond the line never ends."""
        return self.rate * self.service / self.servers

    def waits(self) -> float:
        """Seconds in line, on average. Exact for one server (Pollaczek and Khinchine) and for
        uneven service (Erlang's C); else halved as Allen and Cunneen propose."""
        if self.busy >= 1:
            return math.inf
        waits = erlang_c(self.servers, self.rate * self.service)
        waits *= self.service / (self.servers * (1 - self.busy))
        return waits / 2 if self.even else waits


def erlang_c(servers: int, offered: float) -> float:
    """The chance that whoever comes must wait, by the recursion for Erlang's B."""
    lost = 1.0
    for n in range(1, servers + 1):
        lost = offered * lost / (n + offered * lost)
    return lost / (1 - offered / servers * (1 - lost))


def needed(rate: float, service: float, full: float = FULL) -> int:
    """So many servers, and none is busier than it should be."""
    return max(1, math.ceil(rate * service / full))


@dataclass(frozen=True, slots=True)
class Tried:
    busy: float
    waits: float


def tried(station: Station, *, things: int, seed: int) -> Tried:
    """The same by dice: so many things come, in the order of their coming."""
    dice = random.Random(seed)
    free = [0.0] * station.servers
    at = worked = waited = 0.0
    for _ in range(things):
        at += dice.expovariate(station.rate)
        takes = station.service if station.even else dice.expovariate(1 / station.service)
        begins = max(at, heapq.heappop(free))
        heapq.heappush(free, begins + takes)
        waited += begins - at
        worked += takes
    return Tried(worked / (max(max(free), at) * station.servers), waited / things)


@dataclass(frozen=True, slots=True)
class Wave:
    """A rate that is higher than what can be carried, for a while, and lower after it."""

    before: float
    during: float
    lasts: float  # seconds
    service: float
    servers: int

    @property
    def carried(self) -> float:
        return self.servers / self.service

    def most_waiting(self) -> float:
        return max(0.0, (self.during - self.carried) * self.lasts)

    def longest_wait(self) -> float:
        """Seconds, of whatever comes last in the wave."""
        return self.most_waiting() / self.carried

    def over_after(self) -> float:
        """Seconds from the wave's end until nothing waits."""
        return self.most_waiting() / (self.carried - self.before)


def tried_wave(wave: Wave, *, seed: int) -> tuple[float, float]:
    """The longest wait, and how long after the wave nothing waits any more; by dice."""
    dice = random.Random(seed)
    free = [0.0] * wave.servers
    at = longest = 0.0
    while True:
        inside = at < wave.lasts
        at += dice.expovariate(wave.during if inside else wave.before)
        begins = max(at, heapq.heappop(free))
        heapq.heappush(free, begins + wave.service)
        longest = max(longest, begins - at)
        if at > wave.lasts and begins == at:
            return longest, at - wave.lasts
