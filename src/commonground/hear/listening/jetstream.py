"""Bluesky through a Jetstream."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import LONGEST_LINE
from commonground.hear.engine.reading import POSTS, Reader
from commonground.hear.models import Source
from commonground.kit.outbound import Unreachable, checked, dial

LATEST_AHEAD = 3600.0  # seconds; other people's clocks
STEP_BACK = 5_000_000  # microseconds: what came in one instant may be cut in two; repeats are known
SILENCE = 60.0  # seconds; all of Bluesky is never silent for so long


def follow_jetstream(
    source: Source, stop: threading.Event
) -> Iterator[tuple[Heard | Skipped, str]]:
    """Posts and deletions from the cursor on, each with the cursor that comes after it."""
    asked = {"wantedCollections": POSTS}
    if source.cursor.isdigit():
        asked["cursor"] = str(int(source.cursor) - STEP_BACK)
    address = f"{source.address.rstrip('/')}?{urlencode(asked)}"
    reader = Reader(latest=time.time() + LATEST_AHEAD)
    try:
        with connect(
            address, sock=dial(checked(address)), max_size=LONGEST_LINE, open_timeout=10
        ) as stream:
            yield from frames(stream, reader, stop)
    except (OSError, WebSocketException, TimeoutError) as error:
        raise Unreachable(f"The stream broke off: {type(error).__name__}.") from error


def frames(
    stream: object, reader: Reader, stop: threading.Event
) -> Iterator[tuple[Heard | Skipped, str]]:
    heard_at = time.monotonic()
    while not stop.is_set():
        try:
            frame = stream.recv(timeout=1.0)  # type: ignore[attr-defined]
        except TimeoutError:
            if time.monotonic() - heard_at > SILENCE:
                raise
            continue
        heard_at = time.monotonic()
        reader.latest = time.time() + LATEST_AHEAD
        item = reader.read(frame.encode("utf-8", "replace") if isinstance(frame, str) else frame)
        yield item, str(int(item.at * 1e6)) if isinstance(item, Heard) and item.at else ""
