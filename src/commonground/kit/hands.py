"""Threads for errands that wait on somebody else: so many at once, first come, first served.

Each keeps its line to the database while there is work, and lets it go when it rests. To
PostgreSQL a new line is a new process that has read nothing yet, so one for each errand costs more
than the errand. A line kept by a thread that rests for days is one that others lack.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from threading import Condition, Semaphore, Thread, current_thread
from types import TracebackType

from django.db import close_old_connections, connection

log = logging.getLogger(__name__)
RESTS = 5.0  # seconds without work after which a thread ends, and its line with it

type Errand = Callable[[], object]


class Hands:
    """At most so many threads; as few as there is work for."""

    def __init__(self, most: int, name: str) -> None:
        self.most, self.name = most, name
        self.turn = Condition()
        self.errands: deque[Errand] = deque()
        self.threads: set[Thread] = set()
        self.idle = 0
        self.ended = False

    def give(self, errand: Errand) -> None:
        """It is begun as soon as a hand is free. Raises RuntimeError once they have finished."""
        with self.turn:
            if self.ended:
                raise RuntimeError(f"the {self.name} have finished")
            self.errands.append(errand)
            if len(self.errands) <= self.idle:
                self.turn.notify()
            elif len(self.threads) < self.most:
                thread = Thread(target=self.work, name=self.name, daemon=True)
                self.threads.add(thread)
                thread.start()

    def each[T](self, act: Callable[[T], object], things: Iterable[T]) -> None:
        """For each thing one errand; back when all are done. Raises what the first of those that
        failed raised: whoever asked must not take it for done."""
        done, many = Semaphore(0), 0
        failed: list[Exception] = []

        def run(thing: T) -> None:
            try:
                act(thing)
            except Exception as error:
                failed.append(error)
            finally:
                done.release()

        for thing in things:
            self.give(partial(run, thing))
            many += 1
        for _ in range(many):
            done.acquire()
        if failed:
            raise failed[0]

    def finish(self, *, drop: bool = False) -> None:
        """Wait for what was given; with `drop`, only for what was begun."""
        with self.turn:
            self.ended = True
            if drop:
                self.errands.clear()
            self.turn.notify_all()
            threads = list(self.threads)
        for thread in threads:
            thread.join()

    def __enter__(self) -> Hands:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.finish(drop=error is not None)

    def work(self) -> None:
        try:
            while errand := self.next():
                close_old_connections()  # one that the database ended meanwhile is not used again
                try:
                    errand()
                except Exception:
                    log.exception("one of the %s dropped something", self.name)
        finally:
            with self.turn:
                self.threads.discard(current_thread())
            connection.close()

    def next(self) -> Errand | None:
        """What comes next; nothing where nothing came for a while, and the thread ends."""
        with self.turn:
            self.idle += 1
            self.turn.wait_for(lambda: self.errands or self.ended, RESTS)
            self.idle -= 1
            if self.errands:
                return self.errands.popleft()
            self.threads.discard(current_thread())
            return None
