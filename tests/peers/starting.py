"""Starting a server of somebody else's, waiting until it answers, and stopping it again."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".peers"  # what was installed for the peers; git does not see it


class Unavailable(Exception):
    """This machine cannot run the peer. The message says why, and what would help."""


def free_port() -> int:
    """A port of loopback that nobody has this second."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], bool], child: subprocess.Popen[bytes], seconds: float) -> None:
    """Until it is ready. A child that ends before that took its reason with it."""
    give_up = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None:
            raise Unavailable(f"{child.args} ended with {child.returncode} before it was ready")
        if time.monotonic() > give_up:
            raise Unavailable(f"{child.args} was not ready after {seconds:.0f} s")
        time.sleep(0.05)


def answers_on(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


@contextlib.contextmanager
def running(
    *command: str | Path, ready: Callable[[], bool], log: Path, seconds: float = 120,
    stop_with: int = signal.SIGTERM, **how: object,
) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    """A child of ours, from ready to gone. Its standard input closes when we die."""
    with log.open("wb") as said:
        child = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=said, stderr=said, **how
        )
    try:
        wait_for(ready, child, seconds)
        yield child
    except Unavailable as error:
        tail = log.read_text(errors="replace")[-600:]
        raise Unavailable(f"{error}: {tail}") from error
    finally:
        stop(child, stop_with)


def stop(child: subprocess.Popen[bytes], how: int) -> None:
    if child.poll() is None:
        child.send_signal(how)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(5)
    if child.stdin:
        child.stdin.close()


def by_hand(peer: contextlib.AbstractContextManager[object]) -> None:
    """Run one peer until Control-C: what `python -m tests.peers.pds` does."""
    with contextlib.suppress(KeyboardInterrupt), peer as it:
        sys.stdout.write(json.dumps(vars(it), default=str) + "\n")
        sys.stdout.flush()
        signal.pause()
