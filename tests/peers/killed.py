"""What the tests of killed workers share: a worker killed at any instant, then a fresh one."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def kill_everywhere(tmp_path, **login):
    """What became of one post for each boundary a worker was killed at."""
    # In memory where there is such a place: a killed process loses nothing a power cut would.
    shared_memory = Path("/dev/shm")  # noqa: S108
    memory = shared_memory if shared_memory.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.peers.killing", json.dumps(login), folder],
            cwd=ROOT, capture_output=True, text=True, timeout=1200,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(outcomes, there, least=40):
    """Each text stands on the server exactly once, and the desk knows it."""
    assert len(outcomes) > least, (
        "too few boundaries: the harness no longer sees what a worker does"
    )
    survivors = [o for o in outcomes if o["killed"] != 9]
    assert len(survivors) <= len(outcomes) // 20, survivors
    wrong = [(there[part], o) for o in outcomes for part in o["parts"] if there[part] != 1]
    assert not wrong, wrong
    unproven = [o for o in outcomes if (o["delivery"], o["post"]) != ("sent", "published")]
    assert not unproven, unproven
    assert {o["record"] for o in outcomes} == {"whole"}, [o["record"] for o in outcomes]
