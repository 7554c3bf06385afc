"""What is left to do while a desk is new: each room tells its own steps, and how far each is.

A room's `steps.py` registers them here; this file knows no room. How far a step is, is looked up
each time in what the desk holds. Nobody ticks it off, so nobody can tick off what is not so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

type Words = str | Promise


class State(StrEnum):
    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    STANDARD = "standard"  # nobody chose, and what holds then is a choice too
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Found:
    """How far a step is, and what that was read from, in words."""

    state: State
    said: Words


type Tell = Callable[[Any], Found]  # of an agency


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `place`: when its turn is; `to`: the name of the page where it is done."""

    name: str
    place: int
    title: Words
    why: Words
    to: str
    tell: Tell


STEPS: dict[str, Step] = {}


def step(
    name: str, *, place: int, title: Words, why: Words, to: str = ""
) -> Callable[[Tell], Tell]:
    """Have this stand in the list, in its place."""

    def register(tell: Tell) -> Tell:
        STEPS[name] = Step(name, place, title, why, to, tell)
        return tell

    return register


def find_steps() -> list[Step]:
    """Those of every room that has a `steps.py`, in their order."""
    for app in settings.ROOMS:
        if find_spec(f"{app}.steps"):
            import_module(f"{app}.steps")
    return sorted(STEPS.values(), key=lambda one: one.place)


@dataclass(frozen=True, slots=True)
class Beginning:
    """All steps of a desk, as they stand now."""

    open: list[tuple[Step, Found]]
    done: list[tuple[Step, Found]]

    @property
    def next(self) -> tuple[Step, Found] | None:
        """What to do now: the first that waits for somebody, before what holds by itself."""
        waiting = [row for row in self.open if row[1].state != State.STANDARD]
        return waiting[0] if waiting else None

    @property
    def all(self) -> int:
        return len(self.open) + len(self.done)


def beginning_of(agency: Any) -> Beginning:
    rows = [(one, looked_up(one, agency)) for one in find_steps()]
    return Beginning(
        open=[row for row in rows if row[1].state != State.DONE],
        done=[row for row in rows if row[1].state == State.DONE],
    )


def looked_up(one: Step, agency: Any) -> Found:
    """One that cannot be looked up keeps no other from being told, and is not called done."""
    try:
        return one.tell(agency)
    except Exception:
        log.exception("how far %s is could not be looked up", one.name)
        return Found(State.TO_DO, _("The desk could not look this up. The log says why."))


def note(what: str) -> None:
    """This was done just now, on this desk, by nobody in particular: a copy, a letter that left.

    Never raises: it is done, and must not be done again because it could not be noted.
    """
    try:
        cache.set(f"done on this desk: {what}", timezone.now().isoformat(), None)
    except DatabaseError:
        log.exception("that a %s was done could not be noted", what)


def noted(what: str) -> datetime | None:
    """When it was done last, as far as this database knows."""
    found = cache.get(f"done on this desk: {what}")
    return datetime.fromisoformat(found) if found else None
