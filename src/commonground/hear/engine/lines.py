"""Lines of a stream that may be hostile: no line can fill the memory or end the reading."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from commonground.hear.engine.heard import Skipped

# A Jetstream frame is under 100 kB; ten times that is no longer a post.
LONGEST_LINE = 1_000_000
TOO_LONG = Skipped("longer than 1 MB")
DAMAGED = Skipped("the file is damaged from here on")


def lines(stream: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[bytes | Skipped]:
    """Each line's bytes; one `Skipped` for a line too long, and for a file that breaks off."""
    try:
        while line := stream.readline(longest + 1):
            if len(line) > longest and not line.endswith(b"\n"):
                pass_over(stream, longest)
                yield TOO_LONG
            else:
                yield line
    except (EOFError, OSError, zlib.error):
        yield DAMAGED


def pass_over(stream: BinaryIO, at_once: int) -> None:
    """Read on to the end of the line, keeping nothing."""
    while (rest := stream.readline(at_once)) and not rest.endswith(b"\n"):
        pass
