"""What Django opens when the desk runs on SQLite: its own backend, and one lock besides.

One transaction writes at a time. Whoever comes meanwhile sleeps a little, by SQLite's own way of
waiting, and looks again; of two dozen hands most are asleep when the file is free. Threads of one
process can do better: whoever came first is woken the moment the last is done, so that nobody is
passed over for seconds where two dozen wait. Other processes still wait as SQLite does, so that
nothing rests on this lock but speed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from threading import Lock
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base


class Queue:
    """A lock that is given to whoever asked first; Python's own goes to whoever wakes first."""

    def __init__(self) -> None:
        self.guard = Lock()
        self.taken = False
        self.waiting: deque[Lock] = deque()

    def acquire(self, timeout: float) -> bool:
        """Whether it was ours within so many seconds."""
        with self.guard:
            if not self.taken:
                self.taken = True
                return True
            mine = Lock()
            mine.acquire()
            self.waiting.append(mine)
        return mine.acquire(timeout=timeout) or not self.leaves(mine)

    def leaves(self, mine: Lock) -> bool:
        """Whether it could still leave. Else it was given its turn in that same moment."""
        with self.guard:
            if mine not in self.waiting:
                return False
            self.waiting.remove(mine)
            return True

    def release(self) -> None:
        with self.guard:
            if self.waiting:
                self.waiting.popleft().release()  # taken it stays, by the next
            else:
                self.taken = False


# One lock a file: a process may have several open, as the tests do.
LINES: defaultdict[str, Queue] = defaultdict(Queue)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but its turn to write is asked for before BEGIN and given up after the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.our_turn: Queue | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self.wait_in_line()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.next_please()
            raise

    def wait_in_line(self) -> None:
        line = LINES[str(self.settings_dict["NAME"])]
        patience = self.settings_dict["OPTIONS"].get("timeout", 5.0)
        if not line.acquire(timeout=patience):
            raise OperationalError("database is locked")  # as SQLite says it
        self.our_turn = line

    def next_please(self) -> None:
        if self.our_turn:
            line, self.our_turn = self.our_turn, None
            line.release()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.next_please()  # a commit that failed is rolled back

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.next_please()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.next_please()
