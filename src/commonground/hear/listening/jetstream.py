"""Bluesky through a Jetstream, of the first version or the second.

The first marks its frames with the server's own clock, and another server's clock may differ: so
it is asked again for a few seconds, and what comes twice is known. The second counts its frames.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import msgspec

from commonground.hear.engine.lines import LONGEST_LINE
from commonground.hear.engine.reading import POSTS
from commonground.hear.listening.got import Got, Line, LostPlace
from commonground.hear.listening.sockets import frames, opened
from commonground.hear.models import Source
from commonground.kit import troubles
from commonground.kit.outbound import TurnedAway, Unreachable

STEP_BACK = 5_000_000  # microseconds
SILENCE = 60.0  # seconds; all of Bluesky is never silent for so long
SECOND = "network.bsky.jetstream.subscribeEvents"
SECOND_PROTOCOL = "xrpc.v1.json"
NO_SUCH_PLACE = {"CursorTooOld", "OutdatedCursor", "FutureCursor"}


class Place(msgspec.Struct):
    """Of any frame only where it stands, and whether it is a complaint."""

    time_us: int = 0
    payload: Counted | None = None
    kind: str = msgspec.field(name="$type", default="")
    error: str = ""


class Counted(msgspec.Struct):
    seq: int = 0


read_place = msgspec.json.Decoder(Place).decode


def follow_jetstream(source: Source, stop: threading.Event) -> Iterator[Got]:
    """Lines from the cursor on, unread, each with the cursor that comes after it."""
    second = is_second(source.address)
    protocols = [SECOND_PROTOCOL] if second else []
    try:
        with opened(asking(source, second), longest=LONGEST_LINE, protocols=protocols) as stream:
            for frame in frames(stream, stop, silence=SILENCE):
                raw = frame.encode("utf-8", "replace") if isinstance(frame, str) else frame
                yield Line(raw), cursor_after(raw)
    except TurnedAway as answer:
        # A second version refuses a place it no longer has before it opens the stream.
        if answer.status == 400 and second and source.cursor:
            raise LostPlace from None
        raise


def is_second(address: str) -> bool:
    return urlsplit(address).path.startswith("/xrpc/")


def asking(source: Source, second: bool) -> str:
    """The address with what we want of it: posts, from our place on."""
    address = source.address.rstrip("/")
    if not urlsplit(address).path:
        address += "/subscribe"
    asked = {"collections" if second else "wantedCollections": POSTS}
    if source.cursor.isdigit():
        asked["cursor"] = source.cursor if second else str(int(source.cursor) - STEP_BACK)
    return f"{address}?{urlencode(asked)}"


def cursor_after(frame: bytes) -> str:
    """Where to go on after this frame; also after those that hold no post."""
    try:
        place = read_place(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    if place.error or place.kind == "error":
        if place.error in NO_SUCH_PLACE:
            raise LostPlace
        raise Unreachable(troubles.STREAM_ENDED % {"what": place.error[:60]})
    number = place.payload.seq if place.payload else place.time_us
    return str(number) if number > 0 else ""
