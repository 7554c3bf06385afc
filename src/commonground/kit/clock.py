"""What the clock does: each room's `tasks` says what, and how often. And whose clock it is."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from importlib import import_module
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Event, Thread

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone, translation

from commonground.kit.refusals import MovedOn

log = logging.getLogger(__name__)

type Task = Callable[[], object]

LOOKS_EVERY = 0.1  # seconds; how late a chore may begin
A_LOOK = 0.3  # seconds; whoever is at it for longer has found something to do


class Lane(StrEnum):
    """Whom a chore may keep waiting: only those in its own lane."""

    ALONE = auto()  # somebody was promised that it happens in time: a thread of its own
    HOUSE = auto()  # asks nobody but our own database
    NETWORKS = auto()  # waits for networks
    MAIL = auto()  # writes letters to our own people
    LINES = auto()  # carries news to many, several at a time


# A thread keeps a connection to the database, and a server of PostgreSQL has a hundred.
THREADS = {Lane.HOUSE: 3, Lane.NETWORKS: 4, Lane.MAIL: 2, Lane.LINES: 8}


@dataclass
class Chore:
    """One task, how often it is due, and when it is due next (seconds of the monotonic clock)."""

    task: Task
    seconds: float
    lane: Lane = Lane.HOUSE
    due_at: float = field(default=0.0)
    ended_at: datetime | None = None  # the last time, well or badly: see kit.rounds
    took: float = 0.0  # seconds
    failed_at: datetime | None = None
    failures: int = 0  # since this worker began
    trouble: str = ""  # what kind of error it was
    helps: Chore | None = None  # whose work it shares, where there is enough for two
    began_at: float = math.inf  # of the run that goes on; else never
    found: bool = False  # something to do, when it looked last

    @property
    def is_wanted(self) -> bool:
        """Six who look whether there is something to do find no more than one does."""
        return self.helps is None or self.helps.is_at_it

    @property
    def is_at_it(self) -> bool:
        return self.found or time.monotonic() - self.began_at > A_LOOK

    @property
    def name(self) -> str:
        """Its room and what it does: say.tasks.keep_going."""
        module = self.task.__module__.removeprefix("commonground.")
        return f"{module}.{self.task.__qualname__}"

    def run(self) -> None:
        # One room's bad day must not stop the others' work: the error is told, the clock goes on.
        began = self.began_at = time.monotonic()
        try:
            close_old_connections()
            self.found = bool(self.task())
        except Exception as error:
            log.exception("%s.%s failed", self.task.__module__, self.task.__qualname__)
            self.failed_at, self.trouble = timezone.now(), type(error).__name__
            self.failures, self.found = self.failures + 1, False
        self.began_at = math.inf
        self.ended_at, self.took = timezone.now(), time.monotonic() - began
        self.due_at = time.monotonic() + self.seconds

    def keep(self, stop: Event) -> None:
        """Run it for as long as the worker lives."""
        while not stop.is_set():
            if self.is_wanted:
                self.run()
            stop.wait(self.seconds)
        connection.close()


@contextmanager
def on_its_own(language: str) -> Iterator[None]:
    """One row's bad luck, even a mistake of ours, must not keep the others of a chore waiting.

    What is written down about it is in this language, its agency's.
    """
    try:
        with translation.override(language):
            yield
    except MovedOn:
        return  # somebody else settled it meanwhile, and theirs stands
    except Exception:
        log.exception("this one is left, the others go on")


class Crew:
    """A few threads that share the chores of one lane, first come, first served."""

    def __init__(self, chores: list[Chore], threads: int) -> None:
        self.chores = chores
        self.due: SimpleQueue[Chore | None] = SimpleQueue()
        self.threads = threads

    def keep(self, stop: Event) -> None:
        """Hand out what is due until asked to stop; what nobody began by then is left."""
        threads = [Thread(target=self.work, args=[stop]) for _ in range(self.threads)]
        for thread in threads:
            thread.start()
        while not stop.wait(LOOKS_EVERY):
            for chore in self.chores:
                if time.monotonic() >= chore.due_at and chore.is_wanted:
                    chore.due_at = math.inf  # until it has been run
                    self.due.put(chore)
        for _ in threads:
            self.due.put(None)
        for thread in threads:
            thread.join()

    def work(self, stop: Event) -> None:
        while chore := self.due.get():
            if not stop.is_set():
                chore.run()
        connection.close()


CHORES: list[Chore] = []
COMING: list[Task] = []  # what a worker does before its first round
GOING: list[Task] = []  # and after its last


def every(seconds: float, lane: Lane = Lane.HOUSE, *, hands: int = 1) -> Callable[[Task], Task]:
    """Have the worker call this again and again, so many seconds after it last ended.

    `hands`: as many at once as there is work for, at most so many. One looks; the others help while
    it is at it. A task with several hands says whether it found something to do.
    """

    def register(task: Task) -> Task:
        lead = Chore(task, seconds, lane)
        CHORES.append(lead)
        CHORES.extend(Chore(task, seconds, lane, helps=lead) for _ in range(hands - 1))
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
        if time.monotonic() >= chore.due_at and chore.is_wanted:
            chore.run()


@contextmanager
def at_work() -> Iterator[None]:
    """Others can see that a worker is here: an upgrade waits until it is gone."""
    find_chores()  # they say what is done then
    for task in COMING:
        task()
    yield
    for task in GOING:
        task()


def keep_running(stop: Event) -> None:
    chores = find_chores()
    with at_work():
        keep_all(chores, stop)


def keep_all(chores: list[Chore], stop: Event) -> None:
    keeps = [chore.keep for chore in chores if chore.lane is Lane.ALONE]
    keeps += [Crew([c for c in chores if c.lane is lane], n).keep for lane, n in THREADS.items()]
    threads = [Thread(target=keep, args=[stop]) for keep in keeps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
