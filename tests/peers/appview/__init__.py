"""Bluesky as a whole, from npm, on loopback: a server (PDS), and the real AppView that reads it and
tells people what was said to them. It needs PostgreSQL and Redis."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers import npm
from tests.peers.pds import BlueskyServer
from tests.peers.postgres import postgresql
from tests.peers.starting import Unavailable, answers_on, by_hand, free_port, running

HERE = Path(__file__).parent


@contextmanager
def redis() -> Iterator[str]:
    program, port = shutil.which("redis-server"), free_port()
    if not program:
        raise Unavailable("redis-server is not installed; Bluesky's AppView needs it")
    with tempfile.TemporaryDirectory(prefix="redis-") as place:
        wish = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with running(
            program, *wish, ready=lambda: answers_on(port), log=Path(place) / "log", cwd=place
        ):
            yield f"127.0.0.1:{port}"


@contextmanager
def bluesky_network() -> Iterator[BlueskyServer]:
    packages = npm.ready("bluesky")
    port = free_port()
    with (
        redis() as memory,
        postgresql() as database,
        tempfile.TemporaryDirectory(prefix="appview-") as place,
    ):
        log = Path(place) / "log"
        with running(
            npm.node(), HERE / "network.cjs", str(port), database.url(), memory,
            ready=lambda: b"ready" in log.read_bytes().split(), log=log, cwd=packages,
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
        ):  # fmt: skip
            yield BlueskyServer(f"http://127.0.0.1:{port}")


if __name__ == "__main__":
    by_hand(bluesky_network())
