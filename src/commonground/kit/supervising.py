"""Looks after the processes of a small desk: starts them, starts again what dies, ends them all.

On one machine that is what a desk needs; where systemd or a cluster does it, it is not used.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from commonground.kit.families import ends_with_us, kill_family
from commonground.kit.upkeep.standing import STOOD_DOWN

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # before what died is started again
STEADY = 60.0  # whoever lived for so long begins with short pauses again
# A delivery in hand may take its thirty seconds; then whatever is left is killed, which the desk
# survives: docs/explanation/proven-delivery.md.
TIME_TO_END = 45.0


@dataclass
class Child:
    """One process of the desk, and how often it died lately."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.began = time.monotonic()
        # A group of its own: Control-C is for us, and we end them one after the other.
        self.process = subprocess.Popen(  # noqa: S603 - words of ours
            self.command, env={**os.environ, **self.env}, start_new_session=True,
            preexec_fn=ends_with_us(signal.SIGTERM),
        )  # fmt: skip
        log.info("%s runs as process %s", self.name, self.process.pid)

    def look(self, now: float) -> None:
        """Start it again if it died and its pause is over."""
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        kill_family(self.process.pid)  # pages answered by nobody's children would hold the port
        self.process = None
        if code == STOOD_DOWN:  # an upgrade asked it to: it waits by itself until that is over
            log.info("%s stood down for an upgrade, and starts again", self.name)
            self.again_at = now
            return
        self.deaths += 1
        self.pause = FIRST_PAUSE if now - self.began >= STEADY else self.pause
        self.again_at = now + self.pause
        log.error("%s ended with %s; it starts again in %s s", self.name, code, self.pause)
        self.pause = min(2 * self.pause, LONGEST_PAUSE)

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, until: float) -> None:
        """Wait for it; then kill it, with what it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.error("%s did not end in time and is killed", self.name)
            kill_family(self.process.pid)
            self.process.wait()


def keep(children: Sequence[Child], over: Event) -> None:
    """Until asked to stop. Then all are asked to end at once, and waited for."""
    try:
        while not over.is_set():
            for child in children:
                child.look(time.monotonic())
            over.wait(LOOK_EVERY)
    finally:
        until = time.monotonic() + TIME_TO_END
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end(until)
