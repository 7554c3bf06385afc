"""A worker killed at any instant of handing notices over: no device gets one twice, none is
forgotten, and what is not known is said."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from commonground.channels.networks.push.tests.world import a_push_service, opened

ROOT = Path(__file__).parents[2]


def step_in(title):
    return title.partition(":")[0]


@pytest.mark.peer
def test_a_killed_worker_sends_no_notice_twice(tmp_path):
    memory = Path("/dev/shm")  # noqa: S108
    with (
        a_push_service() as service,
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder,
    ):
        done = subprocess.run(
            [sys.executable, "-m", "tests.peers.killing_notices",
             json.dumps({"url": service.url}), folder],
            cwd=ROOT, capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        got = Counter((step_in(json.loads(opened(body))["title"]), path)
                      for path, _, body in service.sent)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(o["killed"] == 9 for o in outcomes) > 20

    for outcome in outcomes:
        assert len(outcome["fates"]) == 2, outcome
        for path, fate in outcome["fates"].items():
            arrived = got[step_in(outcome["title"]), path]
            assert arrived <= 1, outcome
            assert fate in ("taken", "uncertain"), outcome
            assert arrived == 1 or fate == "uncertain", outcome
    # Only whoever dies between "handing over" and the answer leaves a doubt: one notice at most.
    doubts = [list(o["fates"].values()).count("uncertain") for o in outcomes]
    assert max(doubts) == 1
    assert 0 < sum(doubts) < len(outcomes)
