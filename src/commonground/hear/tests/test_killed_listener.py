"""The listener's process killed with SIGKILL in the middle of a stream: heard once all the same."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from commonground.hear.tests.servers import first_version, served

ROOT = Path(__file__).parents[4]
COUNT = 700
A_SECOND = 25  # frames; so that a kill comes in the middle

FOUNDED = """
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from tests import given
from commonground.hear.models import Source, Topic
call_command("migrate", verbosity=0)
agency = given.an_agency()
Topic.objects.create(agency=agency, name="Fire", purpose="p", watch={"en": ["fire"]}, state="live",
    proposed_by=given.a_member(agency=agency), approved_by=given.a_member(agency=agency),
    expires_on=timezone.now() + timedelta(days=9))
Source.objects.create(agency=agency, name="S", kind="jetstream", address="ADDRESS")
"""


def dripping(frames: list[dict]):
    """A stream with a memory that gives what is past at once, and the rest at its pace."""
    began: list[float] = []  # when the first listener came

    def handle(connection) -> None:
        began.append(time.monotonic())
        after = int(parse_qs(urlsplit(connection.request.path).query).get("cursor", ["0"])[0])
        with suppress(ConnectionClosed):
            for number, frame in enumerate(frames):
                due = began[0] + number / A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))
                if frame["time_us"] >= after:
                    connection.send(json.dumps(frame))
            connection.recv()

    return serve(handle, "127.0.0.1", 0, compression=None)


class Desk:
    """A desk of its own on disk, and a listener that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "desk.sqlite3"
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT),
            "COMMONGROUND_DATABASE_URL": f"sqlite:///{self.file}",
        }  # fmt: skip

    def found(self, address: str) -> None:
        code = FOUNDED.replace("ADDRESS", address)
        subprocess.run([sys.executable, "-c", code], env=self.env, cwd=ROOT, check=True)

    def counted(self) -> tuple[int, int]:
        """What the source counts, and how many posts are kept; read past Django, for speed."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as base:
            (items,) = base.execute("SELECT items FROM commonground_hear_source").fetchone()
            kept = base.execute("SELECT count(*) FROM commonground_hear_overheard").fetchone()
        return items, kept[0]

    def listen_until(
        self, enough: Callable[[int], bool], *more: str, seconds: float = 60
    ) -> int:  # fmt: skip
        """Listen until so much is counted, then die as a machine does that loses its power."""
        command = [sys.executable, "-m", "django", "hear", "listen", *more]
        listener = subprocess.Popen(command, env=self.env, cwd=ROOT, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + seconds
        try:
            while not enough(self.counted()[0]) and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            listener.kill()
            listener.wait(10)
        return self.counted()[0]


@pytest.mark.peer
def test_listener_killed_twice_counts_every_post_once(tmp_path):
    began = time.time() - 1000
    frames = [first_version(f"k{n}", f"Fire {n}", at=began + n / A_SECOND) for n in range(COUNT)]
    desk = Desk(tmp_path)
    with dripping(frames) as server, served(server):
        desk.found(f"ws://127.0.0.1:{server.socket.getsockname()[1]}/subscribe")
        first = desk.listen_until(lambda items: items > 50)
        second = desk.listen_until(lambda items: items > first)
        desk.listen_until(lambda items: items >= COUNT)
    assert 50 < first < second <= COUNT
    assert first < COUNT  # it was killed in the middle
    assert desk.counted() == (COUNT, COUNT)
