"""However workers die and networks answer: nothing lost, nothing repeated, nothing untold."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.peers.unfriendly import SCRIPTS

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.peer,
    pytest.mark.xdist_group("storm"),
    # Its spans are a tenth of the real ones, so it wants a quiet machine; and it takes a quarter of
    # an hour.
    pytest.mark.skipif(
        not os.environ.get("COMMONGROUND_STORM"),
        reason="NOT RUN: the storm needs a quiet machine and COMMONGROUND_STORM=1",
    ),
]


def storm(**wish):
    """What became of a run of the storm: see tests/peers/storm.py."""
    shared_memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=shared_memory if shared_memory.is_dir() else None) as at:
        done = subprocess.run(
            [sys.executable, "-m", "tests.peers.storm", json.dumps(wish), at],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=900, check=True,
        )  # fmt: skip
    return json.loads(done.stdout)


def check(found, *, deliveries):
    bad = {name: found[name] for name in ("lost", "duplicated", "untold", "denied")}
    assert bad == {"lost": [], "duplicated": [], "untold": [], "denied": []}
    assert found["deliveries"] >= deliveries
    assert found["record"] == "whole"


def test_killed_and_frozen_workers_and_a_server_that_lies_on_files():
    found = storm(deliveries=240, kills=35, troubles=["busy", "full"], spread=100, limit=480)

    check(found, deliveries=200)
    assert found["kills"] >= 35
    assert 0.15 < found["faulty"] < 0.6
    assert found["troubles"] == ["busy", "full"]


def test_killed_and_frozen_workers_and_a_server_that_lies_on_postgresql(postgres_server):
    url = postgres_server.new_url("storm")
    found = storm(deliveries=240, kills=35, url=url, seed=2, spread=100, limit=480)

    check(found, deliveries=240)
    assert found["kills"] >= 35


@pytest.mark.parametrize("queue", ["ox", "db"])
def test_killed_and_frozen_workers_and_a_server_that_lies_through_a_queue(queue):
    found = storm(deliveries=120, kills=20, queue=queue, seed=3, spread=75, limit=600)

    check(found, deliveries=120)
    assert found["kills"] >= 20


def test_every_way_to_answer_wrongly_in_every_class():
    only = {
        f"{kind}1 Post number {n}.": script for n, script in enumerate(SCRIPTS) for kind in "ABCD"
    }
    found = storm(deliveries=4 * len(SCRIPTS), kills=0, only=only, kill_every=[1e9, 1e9], limit=120)

    check(found, deliveries=4 * len(SCRIPTS))
    assert found["ends"]["sent"] >= 3 * len(SCRIPTS) - 4
