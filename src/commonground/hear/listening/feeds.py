"""News feeds: RSS, Atom and JSON Feed, from bytes we fetched ourselves."""

from __future__ import annotations

import threading
import time
from calendar import timegm
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import feedparser
import msgspec

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.markup import plain
from commonground.hear.engine.reading import Passed, clean, moment_of, said
from commonground.hear.listening.got import Got
from commonground.hear.models import Source
from commonground.kit.outbound import (
    FEED_BYTES,
    Answer,
    TurnedAway,
    Unreachable,
    again_after,
    fetch,
)

POLL_SECONDS = 120.0
MOST_ITEMS = 500  # of one feed at one time
OLDEST_SECONDS = 2 * 86_400.0  # what was news before that says nothing about now
WORDS = 600  # characters of an article's summary; the headline says what it is about


class Marks(msgspec.Struct, omit_defaults=True):
    """What the server gave us to say "only if it changed"; and until when we have read."""

    etag: str = ""
    changed: str = ""


def follow_feed(
    source: Source, stop: threading.Event, every: float = POLL_SECONDS
) -> Iterator[Got]:
    """What the feed holds each time it changes, until stopped; the follower knows repeats."""
    while not stop.is_set():
        yield from looked(source)
        stop.wait(every)


def looked(source: Source) -> Iterator[Got]:
    marks = marks_of(source.cursor)
    answer = fetch(source.address, headers=conditions(marks), most=FEED_BYTES)
    if answer.status not in (200, 304):
        raise TurnedAway(answer.status, again_after(answer.headers))
    yield None, ""
    if answer.status == 304:
        return
    items = items_of(answer)
    for item in items:
        # The mark covers the whole feed, so it is written with its last item only.
        yield item, cursor_of(answer) if item is items[-1] else ""


def marks_of(cursor: str) -> Marks:
    try:
        return msgspec.json.decode(cursor or "{}", type=Marks)
    except (msgspec.DecodeError, UnicodeError):
        return Marks()


def conditions(marks: Marks) -> dict[str, str]:
    sent = {"If-None-Match": marks.etag, "If-Modified-Since": marks.changed}
    return {name: value for name, value in sent.items() if value}


def cursor_of(answer: Answer) -> str:
    marks = Marks(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    text = msgspec.json.encode(marks).decode()
    return text if len(text) <= 300 else ""


def items_of(answer: Answer) -> list[Heard | Skipped]:
    """The feed's items, oldest first, each read or counted with its reason."""
    host = urlsplit(answer.url).netloc
    if answer.body.lstrip()[:1] == b"{":
        found = [from_json(raw, host) for raw in json_items(answer.body)]
    else:
        refuse_entities(answer.body)
        parsed = feedparser.parse(answer.body, response_headers={"content-location": answer.url})
        found = [from_entry(entry, host) for entry in parsed.entries[:MOST_ITEMS]]
    return sorted(found, key=lambda item: item.at if isinstance(item, Heard) else 0.0)


def refuse_entities(body: bytes) -> None:
    """A feed that declares entities wants to read our files or fill our memory."""
    if b"<!ENTITY" in body.replace(b"\0", b"").upper():
        raise Unreachable("The feed declares entities of its own, which no honest feed needs.")


class Item(msgspec.Struct):
    id: str | int | None = None
    url: str = ""
    title: str | None = None
    summary: str | None = None
    content_text: str | None = None
    content_html: str | None = None
    date_published: str | None = None
    language: str | None = None


class Feed(msgspec.Struct):
    items: list[msgspec.Raw] = []


def json_items(body: bytes) -> list[msgspec.Raw]:
    try:
        return msgspec.json.decode(body, type=Feed).items[:MOST_ITEMS]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Unreachable("The answer is not a feed.") from None


def from_json(raw: msgspec.Raw, host: str) -> Heard | Skipped:
    try:
        item = msgspec.json.decode(raw, type=Item)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Skipped("a field of the wrong kind")
    body = item.content_text or plain(item.summary or item.content_html or "")
    when = item.date_published or ""
    return taken(str(item.id or item.url), when, item.title or "", body, item.url, host)


def from_entry(entry: Any, host: str) -> Heard | Skipped:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    when = timegm(parsed) if parsed else 0
    name = str(entry.get("id") or entry.get("link") or "")
    body = plain(str(entry.get("summary", "")))
    return taken(name, when, str(entry.get("title", "")), body, str(entry.get("link", "")), host)


def taken(
    name: str, when: str | int, title: str, body: str, url: str, host: str
) -> Heard | Skipped:
    """One item. The voice is the outlet's: ten articles of one paper are one voice."""
    try:
        if not name:
            raise Passed("no id")
        at = moment_of(when) if when else time.time()
        if at < time.time() - OLDEST_SECONDS:
            raise Passed("older than two days")
        if at > time.time() + 3600:
            raise Passed("dated in the future")
        link = clean(url)[:500] if url.startswith(("https://", "http://")) else ""
        text = f"{plain(title)}. {body}"[:WORDS] if body else plain(title)
        return said(name, at, text, "", host, link)
    except Passed as reason:
        return Skipped(str(reason))
