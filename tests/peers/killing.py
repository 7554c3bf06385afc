"""Kills a worker with SIGKILL before every SQL statement, commit and piece of network traffic
of one publication, then lets a fresh worker go on. Prints what became of each post.

Run by test_kill_*.py as a process of its own, because it forks: Django is loaded once, and each
of the hundreds of workers is a fork of it.

    python -m tests.peers.killing '{"network": "mastodon", "address": ..., "secrets": ...}' FOLDER

With "addresses" it goes from one server to the next, so that none has more posts of one account
within minutes than a desk looks through. With "parts": 2 it publishes a thread of so many parts.
With "every": 5 it kills at every fifth boundary only: a thread has many, and a single post has met
most of them already. With "reads": false not before those that only read: whoever dies there leaves
what they leave who die at the next.
With "beneath": {"id", "url", "handle", "text"} each post answers what somebody said.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any

ASKED = json.loads(sys.argv[1])
PARTS = ASKED.get("parts", 1) if isinstance(ASKED, dict) else 1
OURS = ("parts", "every", "reads", "addresses", "beneath")  # of what was asked: not the network's
JOINT = "\n---\n"
THREAD = " (in a thread)" if PARTS > 1 else ""  # a server may hold the single posts as well
FOLDER = Path(sys.argv[2])
os.environ["COMMONGROUND_DATABASE_URL"] = f"sqlite:///{FOLDER}/desk.sqlite3"
os.environ["COMMONGROUND_UNDO_SECONDS"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.record.actions import verify
from commonground.say import tasks
from commonground.say.engine import coach
from commonground.say.models import Delivery
from tests import given

DESK = FOLDER / "desk.sqlite3"
TEMPLATE = FOLDER / "template.sqlite3"
ENOUGH = 3  # in a row did not come to where they should have died: there is nothing behind
MOST_BOUNDARIES = 1_000  # no publication of ours comes near; a run away would


class Boundaries:
    """Counts what a worker is about to do, and dies just before number `last`."""

    def __init__(self, last: int | None) -> None:
        self.last, self.passed = last, 0
        self.names: list[str] = []

    def cross(self, name: str) -> None:
        self.passed += 1
        self.names.append(name)
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """SQL has a hook of its own; commits and sockets have none, so we stand before them."""
        connection.execute_wrappers.append(self.before_sql)
        before(BaseDatabaseWrapper, "_commit", lambda: self.cross("commit"))
        for name in ("connect", "send", "sendall", "recv", "recv_into"):
            before(socket.socket, name, lambda name=name: self.cross(f"socket {name}"))

    def before_sql(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.cross(sql.split(maxsplit=1)[0])
        return execute(sql, *rest)


def before(owner: type, name: str, act: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        act()
        return original(self, *args, **kwargs)

    setattr(owner, name, stand_in)


def in_a_fork(work: Callable[[], object]) -> tuple[int, Any]:
    """Run it in a process of its own; the signal that ended it (or 0), and what it returned."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = 1
        try:
            os.write(writer, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as answers:
        said = answers.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status > 0:
        raise SystemExit(f"a worker ended with {status}")
    return -status, json.loads(said) if said else None


def found(login: dict[str, Any]) -> None:
    """An agency with one channel, as every worker will find it."""
    call_command("migrate", verbosity=0)
    agency = given.an_agency()
    author = given.a_member(agency=agency)
    given.a_member(agency=agency, roles=["approver"])
    given.a_channel(agency=agency, authorised=[author], **login)
    connection.close()
    for leftover in FOLDER.glob("desk.sqlite3-*"):
        leftover.unlink()
    shutil.copy(DESK, TEMPLATE)


def in_parts(text: str) -> list[str]:
    """What the post says, part by part; no two say the same."""
    return [text, *(f"{text} And on, {n}." for n in range(2, PARTS + 1))]


def fresh(text: str, address: str = "") -> Callable[[], None]:
    def approve_it() -> None:
        from commonground.say.actions import approve, begin_answer, submit

        if address:
            Channel.objects.update(address=address)
        channel = Channel.objects.get()
        author = channel.authorisations.get().member
        approver = channel.agency.members.get(role_rows__role="approver")
        if said := ASKED.get("beneath"):
            post = begin_answer(channel, said, text=text, language="en", by=author)
        else:
            post = given.a_post(by=author, channels=[channel], text=text, parting="plain")
        submit(post, by=author)
        approve(post, read=post.digest, by=approver)

    for leftover in FOLDER.glob("desk.sqlite3*"):
        leftover.unlink()
    shutil.copy(TEMPLATE, DESK)
    return approve_it


def work_until(boundary: int | None) -> Callable[[], object]:
    def work() -> object:
        boundaries = Boundaries(boundary)
        boundaries.watch()
        for _ in range(PARTS):
            tasks.go_out()
        return boundaries.names

    return work


def go_on() -> dict[str, Any]:
    """The next worker, two minutes later, when the dead one's lease has run out."""
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        for _ in range(3 * PARTS):
            tasks.go_out()
        deliveries = Delivery.objects.order_by("part").select_related("variant__post")
        broken = verify()
        return {
            "delivery": "/".join(sorted({delivery.state for delivery in deliveries})),
            "places": [delivery.network_id for delivery in deliveries],
            "post": deliveries[0].variant.post.state,
            "record": broken.why if broken else "whole",
        }


def main() -> None:
    login = {name: value for name, value in ASKED.items() if name not in OURS}
    servers = cycle(ASKED.get("addresses", [login.get("address", "")]))
    # What is slow to load is loaded once, here, instead of in each of hundreds of workers.
    networks()
    import_module("commonground.channels.networks.bluesky.repo")
    coach.get_ready()
    in_a_fork(lambda: found(login))
    in_a_fork(fresh(JOINT.join(in_parts("Nobody dies here.")), next(servers)))
    _, names = in_a_fork(work_until(None))
    # How many pieces an answer arrives in varies a little: we go on until workers outlive us.
    outlived = 0
    for boundary in range(1, MOST_BOUNDARIES, ASKED.get("every", 1)):
        what = names[boundary - 1] if boundary <= len(names) else "the end"
        if what == "SELECT" and not ASKED.get("reads", True):
            continue
        text = f"Killed before step {boundary}: {what}{THREAD}."
        in_a_fork(fresh(JOINT.join(in_parts(text)), next(servers)))
        killed, _ = in_a_fork(work_until(boundary))
        outlived = 0 if killed else outlived + 1
        if outlived == ENOUGH or (outlived and boundary > len(names)):
            return
        _, became = in_a_fork(go_on)
        sys.stdout.write(
            json.dumps({"text": text, "killed": killed, "parts": in_parts(text), **became}) + "\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
