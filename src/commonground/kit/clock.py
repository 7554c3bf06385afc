"""What the clock does: each room's `tasks` says what, and how often. And whose clock it is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from threading import Event, Thread

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

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

    def keep(self, stop: Event) -> None:
        """Run it for as long as the worker lives, in a thread of its own."""
        while not stop.is_set():
            close_old_connections()
            self.run()
            stop.wait(self.seconds)
        connection.close()


CHORES: list[Chore] = []
COMING: list[Task] = []  # what a worker does before its first round
GOING: list[Task] = []  # and after its last


def every(seconds: float) -> Callable[[Task], Task]:
    """Have the worker call this again and again, so many seconds after it last ended."""

    def register(task: Task) -> Task:
        CHORES.append(Chore(task, seconds))
        return task

    return register


def first(task: Task) -> Task:
    """Have each worker call this once, before anything else."""
    COMING.append(task)
    return task


def last(task: Task) -> Task:
    """Have a worker that is asked to stop call this once, after its last round."""
    GOING.append(task)
    return task


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


def keep_running(stop: Event) -> None:
    """Every chore in its own thread: one that waits for a slow network holds up no other."""
    chores = find_chores()
    for task in COMING:
        task()
    threads = [Thread(target=chore.keep, args=[stop], name=str(chore.task)) for chore in chores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for task in GOING:
        task()


def database_now() -> datetime:
    """What time it is by the database's clock: the only one that all workers share.

    SQLite has no server: its clock is that of the one machine it runs on, which is ours.
    """
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now
