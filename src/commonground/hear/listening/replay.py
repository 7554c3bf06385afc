"""A recorded stream, heard again at any pace, over any background."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from commonground.hear.contract import Finding
from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import lines
from commonground.hear.engine.reading import Reader
from commonground.hear.listening.ear import Ear
from commonground.hear.models import Source

SLICE_SECONDS = 60
DAY = 86_400
FUTURE_SECONDS = 7 * DAY  # a drill's stream may run a few days ahead of the clock
GZIP = b"\x1f\x8b"
OFF_TOPIC = "off-topic"
REST_SECONDS = 1.0
NAP_SECONDS = 0.25  # so that Ctrl-C is answered at once

type Item = Heard | Skipped


def opened(path: Path) -> BinaryIO:
    """The file's lines, unpacked if it is packed, whatever it is called."""
    file = path.open("rb")
    if file.read(2) == GZIP:
        file.close()
        return cast("BinaryIO", gzip.open(path, "rb"))
    file.seek(0)
    return file


def recorded(path: Path) -> Iterator[Item]:
    reader = Reader(latest=time.time() + FUTURE_SECONDS)
    with opened(path) as file:
        for line in lines(file):
            yield line if isinstance(line, Skipped) else reader.read(line)


def overlaid(main: Sequence[Item], backgrounds: Iterable[Sequence[Item]]) -> list[Item]:
    """The main stream with each background laid over it, in the order of time.

    A background keeps its time of day and its order of days; when it is longer than the
    main stream, its days begin again at the main stream's first. Where its posts carry a
    label, only those labelled off-topic are laid over: its own event is not background.
    """
    posts = [item for item in main if isinstance(item, Heard)]
    if not posts:
        return list(main)
    first = min(post.at for post in posts) // DAY
    days = max(post.at for post in posts) // DAY - first + 1
    laid = [move(item, b, first, days) for b in backgrounds for item in b if belongs(item)]
    return sorted([*main, *laid], key=lambda item: item.at if isinstance(item, Heard) else 0.0)


def belongs(item: Item) -> bool:
    return isinstance(item, Skipped) or item.label in ("", OFF_TOPIC)


def move(item: Item, background: Sequence[Item], first: float, days: float) -> Item:
    if isinstance(item, Skipped) or item.deleted:
        return item
    began = next(b.at for b in background if isinstance(b, Heard)) // DAY
    day = (item.at // DAY - began) % days
    return replace(item, id=f"background/{item.id}", at=(first + day) * DAY + item.at % DAY)


def stream(path: Path, backgrounds: Sequence[Path]) -> Iterable[Item]:
    """The file as it comes; with backgrounds, all of it in memory, for it must be put in order."""
    if not backgrounds:
        return recorded(path)
    return overlaid(list(recorded(path)), [list(recorded(b)) for b in backgrounds])


class Pace:
    """How fast stream time may pass: a number of times the clock, and never ahead of it."""

    def __init__(self, speed: float | None, *, ahead: bool, live_from: float = 0.0) -> None:
        self.speed = speed
        self.live_from = live_from  # what is older is passed as fast as it can be read
        self.ahead = ahead  # whether posts may come before their time, as in an analysis
        self.began: tuple[float, float] | None = None  # stream time, clock time

    def wait_for(self, at: float, meanwhile: Callable[[], None]) -> None:
        if at < self.live_from:
            return
        now = time.time()
        self.began = self.began or (at, now)
        due = self.began[1] + (at - self.began[0]) / self.speed if self.speed else now
        if not self.ahead:
            due = max(due, at)
        while (left := due - time.time()) > 0:
            meanwhile()
            time.sleep(min(left, NAP_SECONDS))


def play(
    items: Iterable[Item], ear: Ear, pace: Pace, *, source: Source | None = None
) -> Iterator[Finding]:
    """Play the stream into the ear, minute by minute; what is found comes out as it is found."""
    until = 0.0
    rest = resting(ear)
    for item in items:
        if isinstance(item, Heard) and item.at >= until:
            if until:
                pace.wait_for(until, rest)
                yield from ear.pass_on(until)
            until = (item.at // SLICE_SECONDS + 1) * SLICE_SECONDS
        ear.take(item, source)
        rest()
    if until:
        pace.wait_for(until, rest)
        yield from ear.pass_on(until)
    yield from ear.finish()


def resting(ear: Ear) -> Callable[[], None]:
    """Have the ear write down what it holds about once a second, however often it is called."""
    rested = time.monotonic()

    def rest() -> None:
        nonlocal rested
        if time.monotonic() - rested > REST_SECONDS:
            ear.rest()
            rested = time.monotonic()

    return rest
