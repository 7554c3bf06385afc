"""Mastodon servers: the stream where it is open to us, else the timeline again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import LONGEST_LINE
from commonground.hear.engine.statuses import id_of, read_status
from commonground.hear.models import Source
from commonground.kit.outbound import Unreachable, fetch, lines

POLL_SECONDS = 30.0
PAGE = 40  # statuses, the most a server gives
MOST_PAGES = 5  # at once, when we come back after a break

type Got = tuple[Heard | Skipped | None, str]


def follow_mastodon(source: Source, stop: threading.Event) -> Iterator[Got]:
    """First what was said while we were away, then the stream; polling where it is closed."""
    yield from catch_up(source)
    try:
        yield from streamed(source, stop)
    except Unreachable:
        yield from polled(source, stop)


def polled(source: Source, stop: threading.Event) -> Iterator[Got]:
    while not stop.wait(POLL_SECONDS):
        yield None, ""
        yield from catch_up(source)


def catch_up(source: Source) -> Iterator[Got]:
    """Statuses after the cursor, oldest first. The cursor is the newest id we have of each tag."""
    server = urlsplit(source.address).netloc
    seen = cursors(source.cursor)
    for tag in source.hashtags or [""]:
        for _ in range(MOST_PAGES):
            page = timeline(source, tag, seen.get(tag, ""))
            for raw in reversed(page):
                seen[tag] = newest(seen.get(tag, ""), msgspec.json.decode(raw, type=Named).id)
                yield read_status(bytes(raw), server), written(seen)
            if len(page) < PAGE:
                break


class Named(msgspec.Struct):
    id: str


def newest(old: str, new: str) -> str:
    """Ids are numbers that grow, written as text."""
    return max(old, new, key=lambda one: (len(one), one))


def cursors(cursor: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(cursor or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def written(seen: dict[str, str]) -> str:
    text = msgspec.json.encode(seen).decode()
    return text if len(text) <= 300 else ""  # too many hashtags: then start anew after a break


def timeline(source: Source, tag: str, after: str) -> list[msgspec.Raw]:
    path = f"/api/v1/timelines/tag/{quote(tag)}" if tag else "/api/v1/timelines/public"
    asked = {"limit": str(PAGE)} | ({"min_id": after} if after else {})
    answer = fetch(f"{source.address.rstrip('/')}{path}?{urlencode(asked)}", most=4 << 20)
    if answer.status != 200:
        raise Unreachable(f"The server answered {answer.status}.")
    try:
        return msgspec.json.decode(answer.body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        raise Unreachable("The server's answer is not a timeline.") from None


def streamed(source: Source, stop: threading.Event) -> Iterator[Got]:
    """Server-sent events: `update` brings a status, `delete` takes one back."""
    server = urlsplit(source.address).netloc
    if len(source.hashtags) > 1:
        raise Unreachable("One stream carries one hashtag.")
    tag = source.hashtags[0] if source.hashtags else ""
    path = f"hashtag?{urlencode({'tag': tag})}" if tag else "public"
    address = f"{source.address.rstrip('/')}/api/v1/streaming/{path}"
    kind = ""
    for line in lines(address, longest=LONGEST_LINE):
        if stop.is_set():
            return
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        if name == b"event":
            kind = value.strip().decode("ascii", "replace")
        elif name == b"data" and kind in ("update", "status.update"):
            yield read_status(value.strip(), server), cursor_after(value, tag)
        elif name == b"data" and kind == "delete":
            gone = id_of(value.strip().decode("ascii", "replace"), server)
            yield Heard(gone, 0.0, deleted=True), ""


def cursor_after(raw: bytes, tag: str) -> str:
    try:
        return written({tag: msgspec.json.decode(raw, type=Named).id})
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return ""
