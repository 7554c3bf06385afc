"""What a news feed tells: RSS, Atom and JSON Feed, from bytes that were fetched before."""

from __future__ import annotations

import codecs
import json
from calendar import timegm
from dataclasses import astuple, dataclass
from io import BytesIO
from typing import Any

import feedparser
import msgspec

from commonground.hear.engine.heard import Skipped
from commonground.hear.engine.markup import plain
from commonground.kit.apart import Unusable

MOST_ITEMS = 500  # of one feed at one time
WORK = f"{__name__}:read"
NO_FEED, ENTITIES = "no feed", "entities"
# Ways of writing letters that feeds use. A process apart can load no other once it is shut.
CHARSETS = ("utf-8", "cp1252", "iso8859-1", "iso8859-2", "iso8859-15", "cp1251", "utf-16", "utf-32")


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One item as its feed tells it. `when`: an ISO text, seconds of UTC, or nothing."""

    name: str
    when: str | int
    title: str
    body: str
    url: str


def told_by(body: bytes, address: str) -> list[NewsItem | Skipped]:
    """The items in the feed's order, each told or counted with its reason. Raises Unusable."""
    if body.lstrip()[:1] == b"{":
        return [from_json(raw) for raw in json_items(body)]
    if b"<!ENTITY" in body.replace(b"\0", b"").upper():
        raise Unusable(ENTITIES)  # it wants to read our files or fill our memory
    # As a stream: of plain bytes the library would try whether they are the name of a file.
    parsed = feedparser.parse(BytesIO(body), response_headers={"content-location": address})
    return [from_entry(entry) for entry in parsed.entries[:MOST_ITEMS]]


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
        raise Unusable(NO_FEED) from None


def from_json(raw: msgspec.Raw) -> NewsItem | Skipped:
    try:
        item = msgspec.json.decode(raw, type=Item)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Skipped("a field of the wrong kind")
    body = item.content_text or plain(item.summary or item.content_html or "")
    name = str(item.id or item.url)
    return NewsItem(name, item.date_published or "", item.title or "", body, item.url)


def from_entry(entry: Any) -> NewsItem:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    name = str(entry.get("id") or entry.get("link") or "")
    body = plain(str(entry.get("summary", "")))
    when = timegm(parsed) if parsed else 0
    return NewsItem(name, when, str(entry.get("title", "")), body, str(entry.get("link", "")))


def make_ready() -> None:
    """Load what reading needs while files may still be opened."""
    for name in CHARSETS:
        codecs.lookup(name)
    for sample in (
        b"<rss version='2.0'><channel><item><title>a &amp;eacute; <b>b</b></title><link>c</link>"
        b"<pubDate>Sat, 07 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>x</title><updated>"
        b"2026-03-07T10:00:00Z</updated></entry></feed>",
        b"<rss><channel><item><title>broken",
    ):
        told_by(sample, "https://a.example/")


def read(given: bytes) -> bytes:
    """The work of a process apart: a line with the feed's address, then its bytes."""
    address, _, body = given.partition(b"\n")
    told = told_by(body, address.decode("ascii", "replace"))
    rows = [astuple(one) for one in told if isinstance(one, NewsItem)]
    return json.dumps(rows).encode()


def asked(body: bytes, address: str) -> bytes:
    return address.encode("ascii", "replace") + b"\n" + body


def answered(said: bytes) -> list[NewsItem]:
    return [NewsItem(*row) for row in json.loads(said)]
