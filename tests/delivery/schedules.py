"""Runs many schedules, and tells the shortest story of one that broke a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from tests.delivery.world import World


@dataclass(frozen=True, slots=True)
class Broken:
    seed: int
    wrong: str
    story: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.wrong}\n{self.story}"


def first_broken(
    rules: ModuleType, seeds: Iterable[int], kind: type[World] = World
) -> Broken | None:
    """The first schedule that breaks a promise, shrunk; None if all hold."""
    for seed in seeds:
        world = kind(seed, rules)
        if world.run():
            return shrunk(seed, rules, world)
    return None


def shrunk(seed: int, rules: ModuleType, world: World) -> Broken:
    """The same schedule with every fault left out that its failure does not need."""
    left_out: frozenset[int] = frozenset()
    tried: set[int] = set()
    while untried := [fault for fault in world.fired if fault not in tried]:
        tried.add(untried[0])
        attempt = type(world)(seed, rules, left_out | {untried[0]})
        if attempt.run():
            left_out, world = left_out | {untried[0]}, attempt
    lines: list[str] = []
    final = type(world)(seed, rules, left_out, tell=lines.append)
    settles, urgent = final.row.settles.value, "urgent" if final.urgent else "normal"
    lines.append(f"settled {settles}, {urgent}, {len(world.fired)} faults needed")
    wrong = final.run()
    return Broken(seed, "; ".join(wrong), "\n".join(lines))


def endings(rules: ModuleType, seeds: Iterable[int], kind: type[World] = World) -> Counter[str]:
    """How the schedules ended: so that a reader sees the hard cases are really met."""
    ended: Counter[str] = Counter()
    for seed in seeds:
        world = kind(seed, rules)
        world.run()
        ended[f"{world.row.state.value}{', handed over' if world.row.handed_over_at else ''}"] += 1
        ended[f"{len(world.fired)} faults"] += 1
        ended["beyond the rules"] += len(world.network.effects) > 1
    return ended
