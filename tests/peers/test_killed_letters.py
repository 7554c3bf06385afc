"""A worker killed at any instant of handing letters over: nobody gets one twice, nobody is
forgotten, and what is not known is said."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from commonground.channels.networks.mail.tests.world import a_mail_server

ROOT = Path(__file__).parents[2]


@pytest.mark.peer
def test_a_killed_worker_sends_no_letter_twice(tmp_path, settings):
    memory = Path("/dev/shm")  # noqa: S108
    with (
        a_mail_server(settings) as server,
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder,
    ):
        done = subprocess.run(
            [sys.executable, "-m", "tests.peers.killing_letters",
             json.dumps({"port": server.port}), folder],
            cwd=ROOT, capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        got = Counter((e.mail["Subject"], e.rcpt_tos[0]) for e in server.taken)
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(o["killed"] == 9 for o in outcomes) > 40

    for outcome in outcomes:
        for address, fate in outcome["fates"].items():
            arrived = got[outcome["title"], address]
            assert arrived <= 1, outcome
            assert fate in ("taken", "uncertain"), outcome
            assert arrived == 1 or fate == "uncertain", outcome
    # Only whoever dies between "handing over" and the answer leaves a doubt: one letter at most.
    doubts = [list(o["fates"].values()).count("uncertain") for o in outcomes]
    assert max(doubts) == 1
    assert 0 < sum(doubts) < len(outcomes) / 2
