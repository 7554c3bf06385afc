"""The network of the pretended world: what it does with a request, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from commonground.channels.contract import Settles

KEY_LIFE = timedelta(hours=1)  # since the server first saw the key: the strictest reading

# What may come of a request: how long the answer takes, what is heard, and from when to
# when the effect may come (None: never). The last two are a server that acts up to a
# minute after we gave up, and one that says yes and does nothing.
OUTCOMES: dict[str, tuple[tuple[float, float], str, tuple[float, float] | None]] = {
    "500 before": ((0.05, 3), "nothing", None),
    "500 after": ((0.05, 3), "nothing", (0.0, 0.05)),
    "reset before": ((0.01, 1), "nothing", None),
    "reset after": ((0.01, 3), "nothing", (0.0, 0.01)),
    "hang": ((30, 30), "nothing", None),
    "late": ((30, 30), "nothing", (1.0, 89.0)),
    "429": ((0.05, 1), "not now", None),
    "400": ((0.05, 1), "no", None),
    "yes, and nothing": ((0.05, 1), "took", None),
}


@dataclass(frozen=True, slots=True)
class Effect:
    at: datetime
    thawed: bool  # sent by a process that was frozen between its fence and its first byte


class Network:
    """One account somewhere. Each world has its own favourite faults, so that rare ones meet."""

    def __init__(self, settles: Settles, rng: Random) -> None:
        self.settles = settles
        self.effects: list[Effect] = []
        self.seen: dict[str, datetime] = {}
        self.done: set[str] = set()
        self.likely = set(rng.sample([*OUTCOMES, "blind"], 3))
        self.lag = timedelta(seconds=rng.choice((0, 0, 0.5, 4)))

    def often(self, fault: str) -> float:
        return 0.25 if fault in self.likely else 0.02

    def choose(self, fault: Callable[[float], bool]) -> str:
        for outcome in OUTCOMES:
            if fault(self.often(outcome)):
                return outcome
        return "ok"

    def answer(self, outcome: str, rng: Random) -> tuple[float, str, float | None]:
        if outcome == "ok":
            return rng.uniform(0.05, 2), "took", 0.0
        took, heard, effect = OUTCOMES[outcome]
        return rng.uniform(*took), heard, rng.uniform(*effect) if effect else None

    def act(self, world: Any, key: str, thawed: bool) -> None:
        """A request takes effect, unless this network keeps itself from repeating."""
        now: datetime = world.now
        first = self.seen[key]
        remembers = self.settles == Settles.BY_KEY and now - first < KEY_LIFE
        if key in self.done and (remembers or self.settles == Settles.BY_OWN_ID):
            return
        self.done.add(key)
        self.effects.append(Effect(now, thawed))
        world.say("it appears in public")

    def shows(self, key: str, now: datetime) -> bool:
        """What a look finds. By words everywhere, except where the id is ours."""
        if self.settles == Settles.NEVER:
            return bool(self.effects) and now - self.effects[-1].at < timedelta(seconds=5)
        if self.settles == Settles.BY_OWN_ID and key not in self.done:
            return False
        return any(e.at + self.lag <= now for e in self.effects)
