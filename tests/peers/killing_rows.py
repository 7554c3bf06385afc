"""Kills the worker that hands something over row by row, with SIGKILL before every SQL statement,
commit and piece of network traffic, then lets fresh ones go on. Prints what became of each row.

What kills letters and what kills notices both lean on it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.peers.killing import DESK, FOLDER, MOST_BOUNDARIES, TEMPLATE, Boundaries, in_a_fork

# isort: split
import shutil

import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Victim:
    """What is handed over: who is there, what is written for them, and how it goes on."""

    people: Callable[[], object]
    write: Callable[[str], object]  # one that waits, under this title
    send_some: Callable[[], object]
    fates: Callable[[], dict[str, str]]  # of each reader, by name


def clean(*places: str) -> None:
    for place in places:
        for leftover in FOLDER.glob(place):
            leftover.unlink()


def found(victim: Victim) -> None:
    call_command("migrate", verbosity=0)
    victim.people()
    connection.close()
    clean("desk.sqlite3-*")
    shutil.copy(DESK, TEMPLATE)


def fresh(victim: Victim, title: str) -> Callable[[], object]:
    """One that waits, on a desk as it was founded."""
    clean("desk.sqlite3*")
    shutil.copy(TEMPLATE, DESK)

    def write_it() -> None:
        victim.write(title)

    return write_it


def work_until(victim: Victim, boundary: int | None) -> Callable[[], object]:
    def work() -> object:
        boundaries = Boundaries(boundary)
        boundaries.watch()
        victim.send_some()
        return boundaries.names

    return work


def go_on(victim: Victim) -> dict[str, str]:
    """Fresh workers: at once, when what was held is free, and when silence has lasted."""
    for minutes in (0, 4, 7, 12):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            victim.send_some()
    return victim.fates()


def kill_everywhere(victim: Victim) -> None:
    in_a_fork(lambda: found(victim))
    in_a_fork(fresh(victim, "Nobody dies here"))
    _, names = in_a_fork(work_until(victim, None))
    for boundary in range(1, MOST_BOUNDARIES):
        what = names[boundary - 1] if boundary <= len(names) else "the end"
        title = f"Killed before step {boundary}: {what}"
        in_a_fork(fresh(victim, title))
        killed, _ = in_a_fork(work_until(victim, boundary))
        if not killed and boundary > len(names):
            return
        _, fates = in_a_fork(lambda: go_on(victim))
        sys.stdout.write(json.dumps({"title": title, "killed": killed, "fates": fates}) + "\n")
        sys.stdout.flush()
