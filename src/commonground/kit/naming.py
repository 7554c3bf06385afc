"""Looks a name up within a time. The system's own look-up knows no end: where no name server
answers, it may take minutes, and nothing can call it off."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any, cast

# Look-ups that hang at once. Each is a thread that nobody can end.
AT_ONCE = BoundedSemaphore(64)

type Found = Sequence[tuple[Any, ...]]


def looked_up(host: str, port: int, seconds: float) -> Found:
    """As `socket.getaddrinfo` for a stream; TimeoutError, an OSError, when time is over."""
    return within(seconds, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def within[T](seconds: float, look: Callable[[], T]) -> T:
    """What a look-up finds; TimeoutError when time is over, and then it goes on unseen."""
    door = AT_ONCE
    if not door.acquire(timeout=max(seconds, 0)):
        raise TimeoutError("too many names are being looked up")
    answers: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((look(), None))
        except Exception as trouble:
            answers.put((None, trouble))
        finally:
            door.release()

    Thread(target=work, daemon=True, name="look-up").start()
    try:
        found, trouble = answers.get(timeout=max(seconds, 0))
    except Empty:
        raise TimeoutError("the name was not found in time") from None
    if trouble:
        raise trouble
    return cast(T, found)
