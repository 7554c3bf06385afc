"""Starts the demo's processes, and stops every one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from commonground.kit.families import ends_with_us

STOP_WITHIN = 3.0  # seconds until the stubborn are killed; Ctrl-C must be done within five


class Processes:
    """Children that end with us, however we end."""

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self.env, self.logs = dict(env), logs
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("wb") as log:
            child = subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=ends_with_us(signal.SIGTERM),
            )  # fmt: skip
        self.children[name] = child
        return child

    def run(self, *command: str) -> str:
        """Run to the end; its output. What it says when it fails is shown."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def desk(self, *arguments: str) -> str:
        return self.run(sys.executable, "-m", "commonground", *arguments)

    def ended(self) -> str | None:
        """The name of a child that should still be running and is not."""
        return next((n for n, c in self.children.items() if c.poll() not in (None, 0)), None)

    def stop(self) -> None:
        alive = [child for child in self.children.values() if child.poll() is None]
        for child in alive:
            os.killpg(child.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_WITHIN
        for child in alive:
            try:
                child.wait(max(until - time.monotonic(), 0.05))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
