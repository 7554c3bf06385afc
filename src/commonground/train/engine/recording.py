"""A recorded stream as it is brought, reduced to what a drill may keep of it. Pure.

The reduction runs in a process of its own (kit.apart), for the bytes are a stranger's. Authors
become voices under a salt that is thrown away; ids become digests; addresses are dropped, for they
name people.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, cast

from commonground.hear.engine.heard import Heard, Skipped, upstream_of
from commonground.hear.engine.lines import lines
from commonground.hear.engine.reading import Reader
from commonground.hear.engine.reducing import voice
from commonground.kit.apart import Unusable

GZIP = b"\x1f\x8b"
MOST_POSTS = 50_000  # a day of a city of a million; a drill lasts hours
MOST_LINES = 200_000
MOST_BYTES = 120_000_000  # unpacked
TOO_MANY, TOO_LARGE, NOTHING = "too many", "too large", "nothing"
LINES_NAMED = 5  # of each reason: enough to find the mistake in the file


class Counted:
    """A file that may not give more than so much, whatever it was packed to."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.left = file, MOST_BYTES

    def readline(self, most: int) -> bytes:
        line = self.file.readline(most)
        self.left -= len(line)
        if self.left < 0:
            raise Unusable(TOO_LARGE)
        return line


def reduced(given: bytes) -> bytes:
    """What `apart` calls. A first line of JSON: `salt` (hex), `latest` (seconds of UTC); then the
    file as it was brought, packed or not. Raises Unusable: too many, too large, nothing."""
    first, _, raw = given.partition(b"\n")
    told = json.loads(first)
    salt, reader = bytes.fromhex(told["salt"]), Reader(latest=told["latest"])
    posts: list[list[Any]] = []
    skipped: dict[str, list[Any]] = {}
    for number, item in numbered(raw, reader):
        if isinstance(item, Skipped):
            counted = skipped.setdefault(item.why, [0, []])
            counted[0] += 1
            counted[1] += [number] if len(counted[1]) < LINES_NAMED else []
        else:
            posts += rows_of(item, posts, salt)
            if len(posts) > MOST_POSTS:
                raise Unusable(TOO_MANY)
    if not any(text for _at, _id, text, *_rest in posts):
        raise Unusable(NOTHING)
    return json.dumps({"posts": from_the_first(posts), "skipped": skipped}).encode()


def numbered(raw: bytes, reader: Reader) -> Iterator[tuple[int, Heard | Skipped]]:
    file = BytesIO(raw)
    opened = gzip.GzipFile(fileobj=file) if raw.startswith(GZIP) else file
    stream = cast("BinaryIO", Counted(cast("BinaryIO", opened)))
    for number, line in enumerate(lines(stream), 1):
        if number > MOST_LINES:
            raise Unusable(TOO_MANY)
        yield number, line if isinstance(line, Skipped) else reader.read(line)


def rows_of(post: Heard, before: list[list[Any]], salt: bytes) -> list[list[Any]]:
    """`at`, digest of the id, text, language, voice. Without a text: it was deleted. A deletion
    without an id is one of each post that its author had written by then."""
    said_by = voice(post.author, post.id, salt)
    if post.deleted and not post.id:
        theirs = [one[1] for one in before if one[4] == said_by and one[2]]
        return [[post.at, name, "", "", said_by] for name in theirs]
    text = "" if post.deleted else post.text
    return [[post.at, upstream_of(post.id), text, post.lang, said_by]]


def from_the_first(posts: list[list[Any]]) -> list[list[Any]]:
    """In order, in seconds from the first post. A deletion that names no time comes after all."""
    said = [one[0] for one in posts if one[2]]
    first, last = min(said), max(said)
    for one in posts:
        one[0] = round((one[0] if first <= one[0] <= last or one[2] else last) - first, 3)
    return sorted(posts, key=lambda one: (one[0], one[1]))


def packed(posts: list[list[Any]]) -> bytes:
    return zlib.compress(json.dumps(posts, ensure_ascii=False).encode(), 6)


def unpacked(kept: bytes) -> list[Heard]:
    """As posts whose author is a voice, and whose time is seconds from the first."""
    rows = json.loads(zlib.decompress(kept))
    return [
        Heard(name, at, text, lang, said_by, deleted=not text)
        for at, name, text, lang, said_by in rows
    ]
