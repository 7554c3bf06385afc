"""Reads what a stranger sent: JSON that is neither huge, nor deep, nor of two meanings."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 256 * 1024  # an honest activity has a few thousand
DEEPEST = 20  # a note inside its Create inside an Announce, with its pictures, needs six
LONGEST_ID = 1_000
# A string that never ends goes to the end, and what was read is never read again: of a body made
# of nothing but \\" each sign could otherwise be the beginning of one more.
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
PORTS = {"https": 443, "http": 80}

type Thing = dict[str, Any]


class Unreadable(Exception):
    """It is not what it should be. The message says why, to the server that sent it."""


def thing_in(body: bytes) -> Thing:
    """The one JSON object a body holds."""
    if len(body) > MOST_BYTES:
        raise Unreadable("It is too long.")
    if depth(body) > DEEPEST:
        raise Unreadable("It is nested too deep.")
    try:
        found = json.loads(
            body.decode(), object_pairs_hook=without_repeats, parse_constant=not_a_number
        )
        json.dumps(found, ensure_ascii=False).encode()  # half a letter cannot be written down
    except (ValueError, RecursionError) as error:
        raise Unreadable("It is not proper JSON.") from error
    if not isinstance(found, dict):
        raise Unreadable("It is not an object.")
    return found


def depth(body: bytes) -> int:
    """How deep brackets nest, strings left aside; it stops counting once it is too much."""
    now = most = 0
    for sign in STRING.sub(b"", body):
        now += (sign in b"[{") - (sign in b"]}")
        most = max(most, now)
        if most > DEEPEST:
            break
    return most


def without_repeats(pairs: list[tuple[str, Any]]) -> Thing:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def not_a_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def kind_of(thing: Thing) -> str:
    kind = thing.get("type")
    return kind if isinstance(kind, str) else ""


def id_in(value: Any) -> str:
    """The id of something that is named, or embedded; "" if it has none that we would use."""
    named = value.get("id") if isinstance(value, dict) else value
    if not isinstance(named, str) or len(named) > LONGEST_ID:
        return ""
    return named if named.isprintable() else ""  # no database looks for a NUL


def host_of(address: str) -> str:
    """Host and port of an id, written the one way it is compared; "" if it is no id for us."""
    try:
        parts = urlsplit(address)
        usual = PORTS[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError):
        return ""
    host = (parts.hostname or "").rstrip(".")
    odd = parts.username is not None or not address.isascii() or not address.isprintable()
    if not host or odd or any(c in address for c in '\\" <>'):
        return ""
    return f"{host}:{port}"


def same_host(*addresses: str) -> bool:
    hosts = {host_of(address) for address in addresses}
    return len(hosts) == 1 and "" not in hosts
