"""One line of any stream we know, as a post, a deletion, or the reason it was passed over.

Three shapes are read: our own lines `{id, ts, text, lang?, author?, url?}`, Jetstream frames
(the first version and the second), and ActivityStreams objects.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from commonground.hear.engine.heard import LONGEST_TEXT, Heard, Skipped
from commonground.hear.engine.markup import plain

EARLIEST = datetime(2006, 3, 21, tzinfo=UTC).timestamp()  # the first public short post there was
MILLISECONDS_SINCE = 1e11  # as seconds this would be the year 5138
MICROSECONDS_SINCE = 1e14
HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # how half a character is written
NOTHING = msgspec.Raw()  # a field that is not there
POSTS = "app.bsky.feed.post"


class Record(msgspec.Struct):
    text: str = ""
    langs: list[str] | None = None
    created_at: str | None = msgspec.field(name="createdAt", default=None)


class Commit(msgspec.Struct):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Record | None = None


class Account(msgspec.Struct):
    active: bool = True
    status: str | None = None


class Payload(msgspec.Struct):
    """The inside of a second version frame: the commit's fields lie flat in it."""

    kind: str = msgspec.field(name="$type", default="")
    time: str = ""
    did: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Record | None = None
    account: Account | None = None


class Line(msgspec.Struct):
    """The fields of all three shapes at once; whatever else a line holds is not even decoded."""

    id: str | int | None = None
    ts: str | int | float | None = None
    text: str | None = None
    lang: str | None = None
    author: str | int | None = None
    url: msgspec.Raw = NOTHING
    label: msgspec.Raw = NOTHING  # recorded streams for measuring say what is off-topic
    deleted: bool | None = None  # {id, ts, deleted: true} takes a post back
    # Jetstream
    did: str = ""
    time_us: int = 0
    kind: str = ""
    commit: Commit | None = None
    account: Account | None = None
    payload: Payload | None = None
    # ActivityStreams
    type: str | list[str] = ""
    actor: msgspec.Raw = NOTHING
    object: msgspec.Raw = NOTHING
    published: str | None = None
    content: str | None = None
    content_map: dict[str, str] | None = msgspec.field(name="contentMap", default=None)
    attributed_to: msgspec.Raw = msgspec.field(name="attributedTo", default=NOTHING)


decode = msgspec.json.Decoder(Line).decode


class Passed(Exception):
    """Inside this file only: why a line is passed over."""


class Reader:
    """Reads line after line; remembers ids, because streams repeat themselves after a break."""

    def __init__(self, *, latest: float, remember: int = 500_000) -> None:
        """`latest`: seconds of UTC; whatever claims to be later is passed over."""
        self.latest = latest
        self.remember = remember
        self.seen: OrderedDict[str, None] = OrderedDict()

    def read(self, line: bytes) -> Heard | Skipped:
        """One line. Never raises, whatever the bytes are."""
        try:
            return self.once(self.in_time(heard(decoded(line))))
        except Passed as reason:
            return Skipped(str(reason))

    def in_time(self, post: Heard) -> Heard:
        if post.deleted:
            return post
        if post.at < EARLIEST:
            raise Passed("dated before there were such posts")
        if post.at > self.latest:
            raise Passed("dated in the future")
        return post

    def once(self, post: Heard) -> Heard:
        if post.deleted:
            self.seen.pop(post.id, None)
            return post
        if post.id in self.seen:
            raise Passed("seen before")
        self.seen[post.id] = None
        if len(self.seen) > self.remember:
            self.seen.popitem(last=False)
        return post


def decoded(line: bytes) -> Line:
    line = line.removeprefix(codecs.BOM_UTF8)
    if not line.strip():
        raise Passed("empty line")
    try:
        return decode(line)
    except msgspec.ValidationError:
        raise Passed("a field of the wrong kind") from None
    except RecursionError:
        raise Passed("nested too deep") from None
    except (msgspec.DecodeError, UnicodeError):
        raise Passed("a broken character" if HALF.search(line) else "not JSON") from None


def heard(line: Line) -> Heard:
    if line.payload:
        return from_second_jetstream(line.payload)
    if line.did and line.kind:
        return from_jetstream(line)
    if line.type:
        return from_activity(line)
    return from_our_own(line)


def from_our_own(line: Line) -> Heard:
    if line.id in (None, ""):
        raise Passed("no id")
    if line.ts is None:
        raise Passed("no time")
    if line.deleted:
        return Heard(clean(str(line.id))[:500], moment_of(line.ts), deleted=True)
    author = "" if line.author is None else str(line.author)
    at, url = moment_of(line.ts), link(line.url)
    post = said(str(line.id), at, line.text, line.lang, clean(author), url)
    return replace(post, label=name_in(line.label)) if bytes(line.label) else post


def from_jetstream(line: Line) -> Heard:
    at = line.time_us / 1e6
    if line.account:
        return gone(line.did, at, line.account)
    if not line.commit:
        raise Passed("not a post")
    return from_commit(line.did, at, line.commit)


def from_second_jetstream(payload: Payload) -> Heard:
    at = moment_of(payload.time)
    if payload.account:
        return gone(payload.did, at, payload.account)
    commit = Commit(payload.operation, payload.collection, payload.rkey, payload.record)
    return from_commit(payload.did, at, commit)


def from_commit(did: str, at: float, commit: Commit) -> Heard:
    if commit.collection != POSTS:
        raise Passed("not a post")
    post_id = f"at://{did}/{commit.collection}/{commit.rkey}"
    if commit.operation == "delete":
        return Heard(post_id, at, author=did, deleted=True)
    if not commit.record:
        raise Passed("no text")
    langs = commit.record.langs or [""]
    url = f"https://bsky.app/profile/{did}/post/{commit.rkey}"
    return said(post_id, at, commit.record.text, langs[0], did, url)


def gone(did: str, at: float, account: Account) -> Heard:
    if account.active or account.status not in ("deleted", "takendown", "suspended"):
        raise Passed("not a post")
    return Heard("", at, author=did, deleted=True)


def from_activity(line: Line) -> Heard:
    kinds = [line.type] if isinstance(line.type, str) else line.type
    if "Delete" in kinds:
        return Heard(clean(name_in(line.object)), 0.0, deleted=True)
    if "Create" in kinds or "Update" in kinds:
        return from_activity(inside(line))
    if not {"Note", "Article", "Question"} & set(kinds):
        raise Passed("not a post")
    return from_note(line)


def inside(activity: Line) -> Line:
    if not bytes(activity.object).startswith(b"{"):
        raise Passed("not a post")
    note = decoded(bytes(activity.object))
    if bytes(note.object):  # a Create of a Create of a Create ...
        raise Passed("nested too deep")
    note.attributed_to = note.attributed_to if bytes(note.attributed_to) else activity.actor
    note.published = note.published or activity.published
    return note


def from_note(note: Line) -> Heard:
    if note.id in (None, ""):
        raise Passed("no id")
    if not note.published:
        raise Passed("no time")
    by_language = note.content_map or {}
    lang = note.lang or next(iter(by_language), "")
    content = note.content or next(iter(by_language.values()), "")
    author = clean(name_in(note.attributed_to))
    at = moment_of(note.published)
    return said(str(note.id), at, plain(content), lang, author, link(note.url) or str(note.id))


def said(
    post_id: str, at: float, text: str | None, lang: str | None, author: str, url: str
) -> Heard:
    words = clean(text or "").strip()
    if not words:
        raise Passed("no text")
    return Heard(clean(post_id)[:500], at, words[:LONGEST_TEXT], short(lang), author, url)


def short(lang: str | None) -> str:
    """en-GB and EN are en; "und", which only says that nobody knows, is nothing."""
    code = clean(lang or "").replace("_", "-").split("-")[0].lower()
    return "" if code == "und" or not 2 <= len(code) <= 3 else code


def clean(text: str) -> str:
    """Without NUL, which PostgreSQL cannot hold, and half characters, which nothing can."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def link(raw: msgspec.Raw) -> str:
    """Only a plain web address; `javascript:` and the like are nothing to us."""
    url = clean(name_in(raw)).strip()
    return url[:500] if url.startswith(("https://", "http://")) else ""


def name_in(raw: msgspec.Raw) -> str:
    """The address in `"x"`, `{"id": "x"}`, `{"href": "x"}`, or the first in a list of those."""
    if not bytes(raw):
        return ""
    try:
        value: Any = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Passed("a field of the wrong kind") from None
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("id") or value.get("href") or ""
    return value if isinstance(value, str) else ""


def moment_of(ts: str | int | float) -> float:
    """Seconds of UTC, from an ISO text or a number of seconds, milli- or microseconds."""
    try:
        at = from_iso(ts) if isinstance(ts, str) else float(ts)
    except (ValueError, OverflowError):
        raise Passed("a time that cannot be read") from None
    if not math.isfinite(at):
        raise Passed("a time that cannot be read")
    if abs(at) > MICROSECONDS_SINCE:
        return at / 1e6
    return at / 1e3 if abs(at) > MILLISECONDS_SINCE else at


def from_iso(text: str) -> float:
    when = datetime.fromisoformat(text.strip())
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
