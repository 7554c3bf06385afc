"""Bluesky from a server itself, or from a relay of many: com.atproto.sync.subscribeRepos."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from commonground.hear.engine.firehose import LONGEST_FRAME, Frame, read_frame
from commonground.hear.engine.heard import Skipped
from commonground.hear.listening.got import Got, LostPlace
from commonground.hear.listening.sockets import frames, opened
from commonground.hear.models import Source
from commonground.kit import troubles
from commonground.kit.outbound import Unreachable

METHOD = "/xrpc/com.atproto.sync.subscribeRepos"
# One town's server may well be quiet for an hour; whether the line still holds, the WebSocket's
# own pings tell.
SILENCE = 6 * 3600.0
OTHER = Skipped("not a post")


def follow_firehose(source: Source, stop: threading.Event) -> Iterator[Got]:
    """Posts and deletions after the cursor, which is the number of the last frame."""
    with opened(asking(source), longest=LONGEST_FRAME) as stream:
        for raw in frames(stream, stop, silence=SILENCE):
            frame = read_frame(raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace"))
            yield from got(complaint(frame))


def asking(source: Source) -> str:
    place = urlsplit(source.address)
    asked = f"?{urlencode({'cursor': source.cursor})}" if source.cursor.isdigit() else ""
    return f"{place.scheme}://{place.netloc}{METHOD}{asked}"


def complaint(frame: Frame) -> Frame:
    if frame.error == "FutureCursor":  # the server began anew, and counts from one again
        raise LostPlace
    if frame.error:
        raise Unreachable(troubles.STREAM_ENDED % {"what": frame.error[:60]})
    return frame


def got(frame: Frame) -> Iterator[Got]:
    """The mark covers the whole frame, so it goes with its last item only."""
    items = frame.items or (OTHER,)
    after = str(frame.seq) if frame.seq else ""
    for item in items[:-1]:
        yield item, ""
    yield items[-1], after
