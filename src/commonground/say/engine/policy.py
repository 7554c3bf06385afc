"""Who must read a post before it goes out: rules as data, the first that fits decides.

Without any rule one approver reads it. No rule asks for fewer, and nobody counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time

ANYBODY = ""  # of any unit


@dataclass(frozen=True, slots=True)
class Step:
    """So many people, of one unit or of any, before the next step is asked."""

    people: int = 1
    unit: str = ANYBODY

    def __post_init__(self) -> None:
        if self.people < 1:
            raise ValueError("A step takes at least one person.")


ONE_PERSON = (Step(),)


@dataclass(frozen=True, slots=True)
class About:
    """What a rule looks at: where a post goes, whose it is, and the hour there."""

    channels: frozenset[str]
    at: time
    unit: str = ANYBODY
    topic: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, all of which must fit, and the steps it then takes. Empty fits everything.

    channels: one of them is enough. hours: from one time to another, over midnight if need be.
    """

    name: str
    steps: tuple[Step, ...] = ONE_PERSON
    channels: frozenset[str] = field(default_factory=frozenset)
    unit: str = ANYBODY
    topic: str = ""
    urgent: bool | None = None
    hours: tuple[time, time] | None = None

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("A rule takes at least one step.")

    def fits(self, about: About) -> bool:
        return (
            (not self.channels or bool(self.channels & about.channels))
            and self.unit in (ANYBODY, about.unit)
            and self.topic in ("", about.topic)
            and self.urgent in (None, about.urgent)
            and (self.hours is None or within(about.at, *self.hours))
        )


def within(at: time, start: time, end: time) -> bool:
    """Whether a time lies in these hours; the same time twice is the whole day."""
    if start < end:
        return start <= at < end
    return at >= start or at < end


EVERYDAY = Rule("")


def rule_for(rules: Iterable[Rule], about: About) -> Rule:
    """The first that fits."""
    return next((rule for rule in rules if rule.fits(about)), EVERYDAY)


@dataclass(frozen=True, slots=True)
class Left:
    """What is still missing: how many people of which unit; number counts steps from 1."""

    number: int
    step: Step
    people: int


def left_of[T: Hashable](
    steps: Sequence[Step], yes: Iterable[T], counts_for: Callable[[T, Step], bool]
) -> Left | None:
    """The first step that is not complete; None where every step is.

    yes: whoever said yes, in that order, each as often as they like: they count once. A yes is
    taken by the first incomplete step alone, so nobody jumps the order: what does not count there
    counts nowhere, and is asked for again once its step has come.
    """
    said = iter(dict.fromkeys(yes))
    for number, step in enumerate(steps, 1):
        missing = step.people
        while missing:
            person = next(said, None)
            if person is None:
                return Left(number, step, missing)
            missing -= counts_for(person, step)
    return None
