"""What a follower hands on, and what it may run into."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from commonground.hear.engine.heard import MARK_BYTES, Heard, Skipped

# What a source may say again after a break: a feed repeats all of its 500 items, a network the
# last seconds. Ten times the most of either; written beside the cursor it is 64 kB.
MOST_MARKS = 8_000

# Something heard (or why not, or nothing new), and where to go on after it.
type Got = tuple[Heard | Skipped | Line | None, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a whole network as it came: read later, with many others at once."""

    raw: bytes


class LostPlace(Exception):
    """The server no longer knows our place in its stream: what it said meanwhile is lost to us."""


class Known:
    """What was heard lately, so that a stream that repeats itself is not counted twice.

    Marks are digests of ids of posts: enough to know one again, nothing to read.
    """

    def __init__(self, tail: bytes = b"", most: int = MOST_MARKS) -> None:
        """`tail`: marks one after another, the oldest first, as a source keeps them."""
        ends = range(0, len(tail) - MARK_BYTES + 1, MARK_BYTES)
        self.marks = OrderedDict.fromkeys(tail[at : at + MARK_BYTES] for at in ends)
        self.most = most

    def again(self, mark: bytes) -> bool:
        """Whether it was heard before; from now on it was."""
        if mark in self.marks:
            self.marks.move_to_end(mark)
            return True
        self.marks[mark] = None
        if len(self.marks) > self.most:
            self.marks.popitem(last=False)
        return False
