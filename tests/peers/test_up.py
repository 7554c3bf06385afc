"""`commonground up` on a machine where there is nothing yet: a whole desk, that stays one."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.peers.renewing import ROOT
from tests.peers.starting import free_port
from tests.peers.stopping import until

pytestmark = pytest.mark.peer


@pytest.fixture
def place(tmp_path):
    return tmp_path / "new"


@pytest.fixture
def env(place):
    mine = {name: held for name, held in os.environ.items() if not name.startswith("COMMONGROUND_")}
    return mine | {
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{place}/desk.sqlite3",
        "COMMONGROUND_STATIC_ROOT": f"{place}/static", "COMMONGROUND_LOG": "json",
        "DJANGO_SETTINGS_MODULE": "commonground.settings",
    }  # fmt: skip


def up(env, place, port):
    place.mkdir(exist_ok=True)
    with (place / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "commonground", "up", "--port", str(port)],
            env=env, cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip


def asked(port, path):
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path, headers={"Host": "localhost"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        line.close()


def running_as(place):
    """The number of each child that was started last, by its name."""
    said = (place / "log").read_text()
    with closing(sqlite3.connect(place / "desk.sqlite3")) as held:
        rows = held.execute("SELECT kind, pid FROM commonground_kit_atwork").fetchall()
        shifts = held.execute(
            "SELECT pid FROM commonground_say_shift WHERE ended_at IS NULL"
        ).fetchall()
    assert '"event": "%s runs as process %s"' in said
    return dict(rows) | {"worker": shifts[0][0] if shifts else None}


def test_it_makes_a_desk_keeps_it_alive_and_ends_all_of_it(env, place):
    port = free_port()
    desk = up(env, place, port)
    try:
        assert until(lambda: asked(port, "/readyz") == (200, "ready\n"), 180), log_of(place)
        assert until(lambda: 'at_work{kind="listener"} 1.0' in asked(port, "/metrics")[1], 60)
        status, page = asked(port, "/account/login/")
        assert status == 200
        sheet = re.search(r'href="(/static/kit/look\.[0-9a-f]+\.css)"', page)[1]
        assert asked(port, sheet)[0] == 200

        worker = running_as(place)["worker"]
        os.kill(worker, signal.SIGKILL)
        assert until(lambda: running_as(place)["worker"] not in (worker, None), 60), log_of(place)
        assert '"event": "%s ended with %s; it starts again in %s s"' in log_of(place)
        newest = running_as(place)
    finally:
        desk.send_signal(signal.SIGTERM)
        assert desk.wait(60) == 0
    assert asked(port, "/healthz") == (0, "")
    assert not [pid for pid in newest.values() if is_alive(pid)]
    with closing(sqlite3.connect(place / "desk.sqlite3")) as held:
        left = "SELECT count(*) FROM commonground_say_shift WHERE ended_at IS NULL"
        assert held.execute(left).fetchone() == (0,)
        assert held.execute("SELECT count(*) FROM commonground_kit_atwork").fetchone() == (0,)


def log_of(place):
    return (place / "log").read_text()


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
