"""What the clock does: each room's `tasks.py` says what, and how often."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import close_old_connections

log = logging.getLogger(__name__)

type Task = Callable[[], object]


@dataclass
class Chore:
    """One task, how often it is due, and when it is due next (seconds of the monotonic clock)."""

    task: Task
    seconds: float
    due_at: float = field(default=0.0)

    def run(self) -> None:
        # One room's bad day must not stop the others' work: the error is told, the clock goes on.
        try:
            self.task()
        except Exception:
            log.exception("%s.%s failed", self.task.__module__, self.task.__qualname__)
        self.due_at = time.monotonic() + self.seconds


CHORES: list[Chore] = []


def every(seconds: float) -> Callable[[Task], Task]:
    """Have the worker call this again and again, so many seconds after it last ended."""

    def register(task: Task) -> Task:
        CHORES.append(Chore(task, seconds))
        return task

    return register


def find_chores() -> list[Chore]:
    """Every chore of every room that has a `tasks.py`."""
    for app in settings.ROOMS:
        if find_spec(f"{app}.tasks"):
            import_module(f"{app}.tasks")
    return CHORES


def run_due() -> None:
    for chore in find_chores():
        if time.monotonic() >= chore.due_at:
            close_old_connections()
            chore.run()
