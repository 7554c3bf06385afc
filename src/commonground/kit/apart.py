"""Pure work on a stranger's bytes, in a process of its own that can reach and spend little.

    python -I -m commonground.kit.apart MODULE:FUNCTION SECONDS MEMORY

It gets the bytes on its input and answers on its output. It has no settings, no secrets and no
database; it may open nothing and write no file; and whatever it does to itself, the desk goes on.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

UNUSABLE = 3  # the exit code of work that says why in one word
TOO_MUCH = "too much"  # it took more time or memory than it may, or broke on the way
FILES = 3  # input, output, errors


class Unusable(Exception):
    """The bytes cannot be used. `code` says why, in one word of the work's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def apart(work: str, given: bytes, *, seconds: int, memory: int) -> bytes:
    """What `module:function` makes of these bytes; at most so long, in so much memory."""
    command = [sys.executable, "-I", "-m", __name__, work, str(seconds), str(memory)]
    try:
        # Its own environment is empty: ours holds the desk's secrets.
        done = subprocess.run(  # noqa: S603 - the command is ours; the stranger's part is the input
            command, input=given, capture_output=True, timeout=seconds, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unusable(TOO_MUCH) from error
    if done.returncode == UNUSABLE:
        raise Unusable(done.stderr.decode(errors="replace").strip()[-40:])
    if done.returncode:
        raise Unusable(TOO_MUCH)
    return done.stdout


def main() -> None:
    work, seconds, memory = sys.argv[1:]
    place, _, name = work.partition(":")
    module = import_module(place)
    todo: Callable[[bytes], bytes] = getattr(module, name)
    # Whatever the work needs from the disk it takes before the door is shut.
    getattr(module, "make_ready", bool)()
    given = sys.stdin.buffer.read()
    lock_up(int(seconds), int(memory))
    try:
        sys.stdout.buffer.write(todo(given))
    except Unusable as why:
        sys.stderr.write(why.code)
        sys.exit(UNUSABLE)


def lock_up(seconds: int, memory: int) -> None:
    """From here on: no file, no line to anywhere, and not more than this."""
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ]
    for what, most in limits:
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    # Run as a script this file is another module than the one the work raises from.
    from commonground.kit import apart as itself

    itself.main()
