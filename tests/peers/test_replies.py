"""Strangers answer on three networks while lines are cut and the worker is killed: each arrives
once, in the order in which it was said. `./run bench replies` does it with a thousand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NETWORKS = ["mastodon", "bluesky", "fedify"]
MANY = 30
pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("replies")]


def heard(folder, **wish):
    """See tests/peers/replying.py."""
    asked = {"replies": MANY, "pace": 2, "breaks": 1, "networks": NETWORKS, **wish}
    done = subprocess.run(
        [sys.executable, "-m", "tests.peers.replying", json.dumps(asked), str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=600, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)["networks"]


def check(networks):
    assert set(networks) == set(NETWORKS)
    for network in networks.values():
        assert network["trouble"] == []
        assert (network["arrived"], network["lost"], network["twice"]) == (MANY, 0, 0)
        assert network["out_of_order"] == 0
        assert network["cut"]["replies"] > 0, "nothing was said while it was cut"


# The servers are started by another process: these say what is missing here, and that they work.
@pytest.mark.usefixtures("bluesky_network", "fedify_server", "mastodon_server")
@pytest.mark.parametrize("fedify_server", ["rfc9421"], indirect=True)
def test_each_reply_arrives_once_in_order_across_cut_lines_and_a_killed_worker(
    tmp_path, postgres_server
):
    check(heard(tmp_path, url=postgres_server.new_url("replies")))
