"""Twenty requests under way, everything stopped, the worker killed: nothing new leaves, and the
desk tells what became of each. Takes minutes: it waits as long as a person would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("stopped")]


def stopped(folder, **wish):
    """What became of it: see tests/peers/stopping.py."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.peers.stopping", json.dumps(wish), str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=600, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def check(found):
    assert (found["under_way_at_the_stop"], found["answered_at_the_kill"]) == (20, 0)
    assert (found["asked"], found["asked_after_five_seconds"]) == (20, 0)
    assert found["listed"] == 20
    assert len(found["listed_after"]) == 20
    assert all(line.endswith("seen in public") for line in found["listed_after"])
    assert found["sign_in"] == "ended at the network"
    assert found["revoked_after"] <= 60


def test_after_the_stop_nothing_new_is_asked_and_all_that_was_under_way_is_listed(tmp_path):
    check(stopped(tmp_path))


def test_the_same_on_postgresql(tmp_path, postgres_server):
    check(stopped(tmp_path, url=postgres_server.new_url("stopped")))
