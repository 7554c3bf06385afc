"""Replies on three networks until they stand in the inbox: whether all arrive, and how soon.

./run bench replies [--replies 1000] [--pace 2] [--breaks 3] [--networks mastodon bluesky fedify]
                    [--database postgresql] [--apart] [--json FILE]

So many on each network, while each line is cut and the worker is killed so many times
(tests/peers/replying.py). All networks at once, or, with `--apart`, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.peers import peers

ROOT = Path(__file__).parents[2]
NETWORKS = ["mastodon", "bluesky", "fedify"]
ARRIVES_S = 5  # the bar, of 95 in 100


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench replies", description=__doc__)
    asked.add_argument("--replies", type=int, default=1_000, help="on each network")
    asked.add_argument("--pace", type=float, default=2, help="replies a second on each network")
    asked.add_argument("--breaks", type=int, default=3, help="of each line, and of the worker")
    asked.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS)
    asked.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked.add_argument("--apart", action="store_true", help="one network after the other")
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    together = [[name] for name in wish.networks] if wish.apart else [wish.networks]
    load = os.getloadavg()[0]
    told = {"load": load, "database": wish.database,
            "runs": [run(wish, names) for names in together]}  # fmt: skip
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0 if all(map(keeps, told["runs"])) else 1


def run(wish: argparse.Namespace, names: list[str]) -> dict[str, Any]:
    """In a process of its own: each sets up a desk on a database of its own."""
    asked = {"replies": wish.replies, "pace": wish.pace, "breaks": wish.breaks, "networks": names}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="replies-"))
        if wish.database == "postgresql":
            asked["url"] = stack.enter_context(peers.postgresql()).url()
        command = [sys.executable, "-m", "tests.peers.replying", json.dumps(asked), folder]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def keeps(run: dict[str, Any]) -> bool:
    """Whether every figure is within what was promised."""
    networks = run["networks"].values()
    soon = all(n["up"].get("p95_s", 0) <= ARRIVES_S for n in networks)
    return bool(soon and run["all_arrived_once_in_order"])
