"""Kills the worker that hands letters to a mail server, with SIGKILL before every SQL statement,
commit and piece of network traffic, then lets fresh ones go on. Prints what became of each letter.

Run by test_killed_letters.py as a process of its own, because it forks.

    python -m tests.peers.killing_letters '{"port": 2525}' FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.peers.killing import DESK, FOLDER, MOST_BOUNDARIES, TEMPLATE, Boundaries, in_a_fork

# isort: split
import shutil

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from commonground.channels.networks.mail.models import Recipient
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import a_letter, a_list, a_reader, name_it

PEOPLE = ("ana@people.example", "ben@people.example")


def found() -> None:
    call_command("migrate", verbosity=0)
    channel = a_list()
    for address in PEOPLE:
        a_reader(channel, address)
    connection.close()
    for leftover in FOLDER.glob("desk.sqlite3-*"):
        leftover.unlink()
    shutil.copy(DESK, TEMPLATE)


def fresh(title: str) -> Callable[[], None]:
    """One letter that waits, on a desk as it was founded."""

    def write_it() -> None:
        from commonground.channels.models import Channel

        a_letter(Channel.objects.get(), title=title)

    for leftover in FOLDER.glob("desk.sqlite3*"):
        leftover.unlink()
    shutil.copy(TEMPLATE, DESK)
    return write_it


def work_until(boundary: int | None) -> Callable[[], object]:
    def work() -> object:
        boundaries = Boundaries(boundary)
        boundaries.watch()
        send_some()
        return boundaries.names

    return work


def go_on() -> dict[str, Any]:
    """Fresh workers: at once, when what was held is free, and when silence has lasted."""
    for minutes in (0, 4, 7, 12):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            send_some()
    rows = Recipient.objects.select_related("subscriber")
    return {row.subscriber.address: row.fate for row in rows if row.subscriber}


def main() -> None:
    name_it(settings, json.loads(sys.argv[1])["port"])
    in_a_fork(found)
    in_a_fork(fresh("Nobody dies here"))
    _, names = in_a_fork(work_until(None))
    for boundary in range(1, MOST_BOUNDARIES):
        what = names[boundary - 1] if boundary <= len(names) else "the end"
        title = f"Killed before step {boundary}: {what}"
        in_a_fork(fresh(title))
        killed, _ = in_a_fork(work_until(boundary))
        if not killed and boundary > len(names):
            return
        _, fates = in_a_fork(go_on)
        sys.stdout.write(json.dumps({"title": title, "killed": killed, "fates": fates}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
