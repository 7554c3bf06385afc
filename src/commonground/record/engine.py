"""Links each entry to the one before it, so that a missing or altered one shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain sees it: its number, its body, and the digest it was given."""

    number: int
    body: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a record stops being believable, and why."""

    number: int
    why: str


def digest_of(previous: str, number: int, body: Mapping[str, object]) -> str:
    """The SHA-256 (64 hex digits) that ties an entry to everything before it."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{number}\n{text}".encode()).hexdigest()


def first_break(links: Iterable[Link], *, count: int, head: str) -> Break | None:
    """The first entry that does not follow from the one before it, or None.

    `count` and `head` are what the head row claims: without them an attacker who
    removes the newest entries leaves a chain that looks whole.
    """
    previous, expected = START, 1
    for link in links:
        if link.number != expected:
            return Break(expected, f"entry {expected} is missing")
        if link.digest != digest_of(previous, link.number, link.body):
            return Break(link.number, f"entry {link.number} is not what was written")
        previous, expected = link.digest, expected + 1
    if expected - 1 != count:
        first = min(expected, count + 1)
        return Break(first, f"{count} entries were written and {expected - 1} are here")
    return None if previous == head else Break(count, "the head names another last entry")
