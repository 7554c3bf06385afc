"""Mastodon servers: the stream where it is open to us, else the timeline again and again.

The stream is opened first and the timeline read then, so that nothing falls between the two; what
comes twice is known. Most servers open their streams only to who has an account: with an access
token they do, without one we ask for the timeline.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import msgspec
from django.utils.translation import gettext_noop as _

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import LONGEST_LINE
from commonground.hear.engine.statuses import id_of, read_status
from commonground.hear.listening.got import Got
from commonground.hear.listening.sockets import frames, opened
from commonground.hear.listening.timelines import (
    POLL_SECONDS,
    Places,
    catch_up,
    headers,
    places_of,
    polled,
)
from commonground.hear.models import Source
from commonground.kit import troubles
from commonground.kit.outbound import JSON_BYTES, TurnedAway, Unreachable, fetch, listening

SILENCE = 90.0  # seconds; a server sends a sign of life every fifteen or thirty
STREAM = "/api/v1/streaming"
TRY_STREAM_AGAIN = 3600.0  # seconds of asking for the timeline until the stream is tried again
BRINGS = {"update", "status.update"}
BUSY = 429  # the one refusal that says nothing about whether the stream is open to us


def follow_mastodon(
    source: Source, stop: threading.Event, every: float = POLL_SECONDS
) -> Iterator[Got]:
    """By WebSocket, else by server-sent events, else by asking for the timeline."""
    for way in (by_socket, by_events):
        try:
            yield from way(source, stop)
            return
        except TurnedAway as answer:
            if answer.status == BUSY or answer.status >= 500:
                raise
    yield from polled(source, stop, every, until=time.monotonic() + TRY_STREAM_AGAIN)


def by_socket(source: Source, stop: threading.Event) -> Iterator[Got]:
    """One connection for any number of hashtags."""
    places = places_of(source)
    tags = source.hashtags or [""]
    first, *others = [subscription(tag) for tag in tags]
    address = f"{streaming_address(source)}?{urlencode(first)}"
    with opened(address, longest=LONGEST_LINE, headers=headers(source)) as stream:
        for asked in others:
            stream.send(msgspec.json.encode({"type": "subscribe", **asked}).decode())
        yield from catch_up(source, places)
        for frame in frames(stream, stop, silence=SILENCE):
            yield from of_frame(frame, source, places)


def subscription(tag: str) -> dict[str, str]:
    return {"stream": "hashtag", "tag": tag} if tag else {"stream": "public"}


def streaming_address(source: Source) -> str:
    """Where the server says its streams are: often on a machine of their own."""
    base = source.address.rstrip("/")
    answer = fetch(f"{base}/api/v2/instance", headers=headers(source), most=JSON_BYTES)
    told = ""
    if answer.status == 200:
        try:
            told = msgspec.json.decode(answer.body, type=Instance).configuration.urls.streaming
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            told = ""
    # Our token goes there, so it must not be an open line where the server's own is secure.
    secure = urlsplit(base).scheme == "https"
    fits = told.startswith("wss://") or (told.startswith("ws://") and not secure)
    own = f"{'wss' if secure else 'ws'}://{urlsplit(base).netloc}"
    return f"{(told if fits else own).rstrip('/').removesuffix(STREAM)}{STREAM}"


class Urls(msgspec.Struct):
    streaming: str = ""


class Configuration(msgspec.Struct):
    urls: Urls = msgspec.field(default_factory=Urls)


class Instance(msgspec.Struct):
    configuration: Configuration = msgspec.field(default_factory=Configuration)


class Framed(msgspec.Struct):
    """What comes by WebSocket: which stream, what happened, and the thing as a text of JSON."""

    event: str = ""
    payload: str = ""
    stream: list[str] = []
    error: str = ""


def of_frame(frame: str | bytes, source: Source, places: Places) -> Iterator[Got]:
    try:
        framed = msgspec.json.decode(frame, type=Framed)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        yield Skipped("not JSON"), ""
        return
    if framed.error:
        raise Unreachable(troubles.STREAM_ENDED % {"what": framed.error[:60]})
    tag = framed.stream[1] if len(framed.stream) > 1 else ""
    yield from happened(framed.event, framed.payload.encode(), tag, source, places)


def happened(event: str, payload: bytes, tag: str, source: Source, places: Places) -> Iterator[Got]:
    """A status that came, changed or went; all else is of no use to us."""
    server = urlsplit(source.address).netloc
    if event in BRINGS:
        yield read_status(payload, server), places.after(payload, tag)
    elif event == "delete":
        gone = id_of(payload.decode("ascii", "replace"), server)
        yield Heard(gone, 0.0, deleted=True), ""


def by_events(source: Source, stop: threading.Event) -> Iterator[Got]:
    """Server-sent events: one stream carries one hashtag."""
    if len(source.hashtags) > 1:
        raise TurnedAway(400)
    tag = source.hashtags[0] if source.hashtags else ""
    path = f"hashtag?{urlencode({'tag': tag})}" if tag else "public"
    places = places_of(source)
    address = f"{source.address.rstrip('/')}{STREAM}/{path}"
    with listening(
        address, headers=headers(source), longest=LONGEST_LINE, silence=SILENCE
    ) as lines:
        yield from catch_up(source, places)
        yield from of_lines(lines, tag, source, places, stop)
    if not stop.is_set():
        raise Unreachable(_("The stream broke off."))


def of_lines(
    lines: Iterator[bytes], tag: str, source: Source, places: Places, stop: threading.Event
) -> Iterator[Got]:
    """`event: update`, then `data: {...}`. A line the connection cut in two does not end in one."""
    kind = ""
    for line in lines:
        if stop.is_set() or not line.endswith(b"\n"):
            return
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        if name == b"event":
            kind = value.strip().decode("ascii", "replace")
        elif name == b"data":
            yield from happened(kind, value.strip(), tag, source, places)
