"""A workflow: the states a thing can be in, and which transitions lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass

DESK = "desk"  # the machine itself, never a person


@dataclass(frozen=True, slots=True)
class Transition[S]:
    """One row of the table. `role` is who may do it, not who happens to be signed in."""

    before: frozenset[S]
    after: S
    role: str


@dataclass(frozen=True, slots=True)
class Workflow[S]:
    """Every state, and every way from one to the next. Checks itself when it is made."""

    first: S
    transitions: Mapping[str, Transition[S]]

    def __post_init__(self) -> None:
        reached = {self.first} | {t.after for t in self.transitions.values()}
        for name, transition in self.transitions.items():
            if lost := transition.before - reached:
                raise ValueError(
                    f"{name} starts from {sorted(map(str, lost))}, which nothing reaches"
                )

    @property
    def states(self) -> list[S]:
        """Every state, the first one first, the others in the order the table reaches them."""
        return list(dict.fromkeys([self.first, *(t.after for t in self.transitions.values())]))

    def after(self, name: str, state: S) -> S | None:
        """Where this transition leads from here; None where it cannot be taken from here."""
        row = self.transitions[name]
        return row.after if state in row.before else None

    def open_to(self, state: S, roles: AbstractSet[str]) -> list[str]:
        """What these roles may do now: the buttons a page offers."""
        return [n for n, t in self.transitions.items() if state in t.before and t.role in roles]

    def edges(self) -> Iterator[tuple[S, str, S]]:
        for name, transition in self.transitions.items():
            for state in sorted(transition.before, key=str):
                yield state, name, transition.after

    def as_mermaid(self) -> str:
        """The diagram the docs show."""
        lines = [f"    [*] --> {self.first}"]
        lines += [f"    {a} --> {b}: {name}" for a, name, b in self.edges()]
        return "\n".join(["stateDiagram-v2", *lines, ""])


def step[S](*before: S, to: S, role: str = DESK) -> Transition[S]:
    return Transition(frozenset(before), to, role)
