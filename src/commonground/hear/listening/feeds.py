"""News feeds: RSS, Atom and JSON Feed, from bytes we fetched ourselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext_noop as _

from commonground.hear.engine.feeds import ENTITIES, NO_FEED, NewsItem, told_by
from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.markup import plain
from commonground.hear.engine.reading import Passed, clean, moment_of, said
from commonground.hear.listening.got import Got
from commonground.hear.models import Source
from commonground.kit.apart import Unusable
from commonground.kit.outbound import (
    FEED_BYTES,
    Answer,
    TurnedAway,
    Unreachable,
    again_after,
    fetch,
)

POLL_SECONDS = 120.0
OLDEST_SECONDS = 2 * 86_400.0  # what was news before that says nothing about now
WORDS = 600  # characters of an article's summary; the headline says what it is about

IN_WORDS = {
    NO_FEED: _("The answer is not a feed."),
    ENTITIES: _("The feed declares entities of its own, which no honest feed needs."),
}


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
    try:
        told = told_by(answer.body, answer.url)
    except Unusable as why:
        raise Unreachable(IN_WORDS[why.code]) from None
    found = [taken(one, host) if isinstance(one, NewsItem) else one for one in told]
    return sorted(found, key=lambda item: item.at if isinstance(item, Heard) else 0.0)


def taken(item: NewsItem, host: str) -> Heard | Skipped:
    """One item. The voice is the outlet's: ten articles of one paper are one voice."""
    try:
        if not item.name:
            raise Passed("no id")
        at = moment_of(item.when) if item.when else time.time()
        if at < time.time() - OLDEST_SECONDS:
            raise Passed("older than two days")
        if at > time.time() + 3600:
            raise Passed("dated in the future")
        link = clean(item.url)[:500] if item.url.startswith(("https://", "http://")) else ""
        title = plain(item.title)
        text = f"{title}. {item.body}"[:WORDS] if item.body else title
        return said(item.name, at, text, "", host, link)
    except Passed as reason:
        return Skipped(str(reason))
