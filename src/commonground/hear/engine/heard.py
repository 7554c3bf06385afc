"""What every source is turned into, whatever it looked like on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

# Bluesky stops at 300 characters, most Mastodon servers at 500; a news feed may send an article.
LONGEST_TEXT = 5_000
MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """One public post, or its deletion. `author` is raw: it never leaves the memory.

    `at` is in seconds of UTC since 1970. A deletion without an id takes back everything
    its author said.
    """

    id: str
    at: float
    text: str = ""
    lang: str = ""
    author: str = ""
    url: str = ""
    deleted: bool = False
    label: str = ""  # what a recorded stream says about it, for measuring only


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that was not taken, and why, in words an operator reads beside a number."""

    why: str


def upstream_of(post_id: str) -> str:
    """What we keep of an upstream id: enough to obey its deletion, too little to look it up."""
    return blake2b(post_id.encode("utf-8", "replace"), digest_size=16).hexdigest()


def mark_of(post_id: str) -> bytes:
    """By which a post is known when its stream repeats itself."""
    return blake2b(post_id.encode("utf-8", "replace"), digest_size=MARK_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Told:
    """A post reduced to what may be counted: its author has become a voice."""

    upstream: str
    at: float
    text: str
    lang: str = ""
    url: str = ""
    voice: str = ""
    topics: tuple[str, ...] = ()
