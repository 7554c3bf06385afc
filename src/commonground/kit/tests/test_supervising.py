"""Processes that die are started again, ever later; and all end when asked."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from commonground.kit import supervising
from commonground.kit.management.commands.up import must_not_be_open
from commonground.kit.supervising import Child, keep

LIVES = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(0)); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def child(code):
    return Child("one", [sys.executable, "-c", code])


def until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@pytest.fixture
def kept():
    """Runs them in a thread, until the test is over."""
    over, threads = threading.Event(), []

    def start(*children):
        threads.append(threading.Thread(target=keep, args=[children, over]))
        threads[-1].start()
        return over

    yield start
    over.set()
    for thread in threads:
        thread.join()


def test_what_is_killed_is_started_again(kept):
    one = child(LIVES)
    kept(one)
    assert until(lambda: one.process)
    first = one.process.pid
    one.process.kill()
    assert until(lambda: one.process and one.process.pid != first)
    assert one.deaths == 1


def test_what_dies_at_once_is_started_ever_later(monkeypatch):
    one, now = child("exit(3)"), 1000.0
    pauses = []
    for _ in range(9):
        one.start()
        one.began = now
        one.process.wait()
        one.look(now)
        pauses.append(one.again_at - now)
        one.look(now)  # not before its pause is over
        assert one.process is None
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_whoever_was_steady_begins_with_short_pauses_again():
    one = child("exit(3)")
    one.pause = 60.0
    one.start()
    one.process.wait()
    one.look(one.began + supervising.STEADY)
    assert one.again_at - one.began == supervising.STEADY + supervising.FIRST_PAUSE


def test_who_stood_down_for_an_upgrade_comes_back_at_once():
    one = child("exit(75)")
    one.start()
    one.process.wait()
    one.look(now := time.monotonic())
    assert (one.again_at, one.deaths) == (now, 0)


def test_all_end_when_asked_and_the_stubborn_are_killed(kept, monkeypatch):
    monkeypatch.setattr(supervising, "TIME_TO_END", 2.0)
    children = [child(LIVES), child(STUBBORN)]
    over = kept(*children)
    assert until(lambda: all(one.process for one in children))
    time.sleep(1)
    processes = [one.process for one in children]
    over.set()
    assert until(lambda: all(p.poll() is not None for p in processes))
    assert [p.returncode for p in processes] == [0, -signal.SIGKILL]


SLEEPS = "import time; time.sleep(60)"
PARENT = f"""
import sys, time
from commonground.kit.supervising import Child
child = Child("one", [sys.executable, "-c", {SLEEPS!r}])
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""
FAMILY = f"""
import subprocess, sys, time
with open(sys.argv[1], "w") as said:
    print(subprocess.Popen([sys.executable, "-c", {SLEEPS!r}]).pid, file=said)
time.sleep(60)
"""


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_they_end_with_whoever_is_killed_without_a_chance_to_end_them():
    desk = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    pid = int(desk.stdout.readline())
    assert is_alive(pid)
    desk.kill()
    desk.wait()
    desk.stdout.close()
    assert until(lambda: not is_alive(pid))


def test_what_a_child_started_is_killed_with_it(kept, tmp_path):
    said = tmp_path / "said"
    one = Child("one", [sys.executable, "-c", FAMILY, str(said)])
    kept(one)
    assert until(lambda: said.exists() and said.read_text().endswith("\n"))
    grandchild = int(said.read_text())
    one.process.kill()
    assert until(lambda: not is_alive(grandchild))


@pytest.mark.parametrize(
    "site",
    ["https://desk.example.org", "http://localhost:8000", "http://127.0.0.1", "http://[::1]"],
)
def test_a_desk_comes_up_where_nothing_travels_in_the_open(site):
    must_not_be_open(site)


@pytest.mark.parametrize("site", ["http://desk.example.org", "http://10.0.0.5:8000", "http://[::]"])
def test_and_nowhere_else(site):
    with pytest.raises(CommandError, match="in the open"):
        must_not_be_open(site)


def test_the_command_refuses_before_it_touches_anything(tmp_path):
    place = tmp_path / "desk.sqlite3"
    done = subprocess.run(
        [sys.executable, "-m", "commonground", "up"], capture_output=True, text=True,
        env={"COMMONGROUND_SITE_URL": "http://desk.example.org", "COMMONGROUND_SECRET_KEY": "x",
             "COMMONGROUND_DATABASE_URL": f"sqlite:///{place}"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "sign-ins would travel in the open" in done.stderr
    assert not place.exists()
