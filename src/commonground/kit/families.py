"""Processes that end with whoever started them."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # prctl(2)


def ends_with_us(how: signal.Signals) -> Callable[[], None]:
    """To be called in a child before its program begins: it gets the signal when the thread that
    started it is no more, also after a kill -9. Linux alone knows this; elsewhere it does nothing.
    """

    def ask() -> None:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)

    return ask


def kill_family(leader: int) -> None:
    """Kill what a process that had a group of its own left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
