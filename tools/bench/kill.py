"""Workers killed at random, a server that lies, on either database: what was lost or repeated?

./run bench kill [--deliveries 240] [--kills 35] [--database postgresql] [--queue ox]
    [--shorter 10] [--large]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.peers import peers

ROOT = Path(__file__).parents[2]


def main(words: list[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench kill", description=__doc__.split("\n")[0])
    asked.add_argument("--deliveries", type=int, default=240)
    asked.add_argument("--kills", type=int, default=35)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--limit", type=int, default=600, help="seconds after which to give up")
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--queue", choices=["", "ox", "db"], default="", help="carry through it")
    asked.add_argument("--shorter", type=float, default=10, help="how much shorter the spans are")
    asked.add_argument("--large", action="store_true", help="5,000 deliveries and 500 kills")
    wish = asked.parse_args(words)
    storm = {"deliveries": wish.deliveries, "kills": wish.kills, "seed": wish.seed,
             "limit": wish.limit, "queue": wish.queue, "shorter": wish.shorter}  # fmt: skip
    if wish.large:
        storm |= {
            "deliveries": 5000,
            "kills": 500,
            "limit": 5400,
            "batch": 40,
            "spread": 1500,
            "accounts": 10,
        }
    with ExitStack() as stack:
        memory = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="storm-", dir=memory))
        if wish.database == "postgresql":
            storm["url"] = stack.enter_context(peers.postgresql()).url()
        command = [sys.executable, "-m", "tests.peers.storm", json.dumps(storm), folder]
        found = json.loads(
            subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        )
    print(json.dumps(found, indent=2))
    sys.exit(any(found[bad] for bad in ("lost", "duplicated", "untold", "denied")))
