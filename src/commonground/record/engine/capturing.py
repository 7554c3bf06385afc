"""What a network answered, reduced to what it said of one post of ours."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

NAMES = ("id", "uri", "urn")  # under which networks say what a thing is called
SECRET = ("token", "secret", "proof", "password", "jwt", "apikey", "api_key")
# An answer that opens an account is no capture of a post, whoever asked for it.
OPENS = (b"accessJwt", b"refreshJwt", b"access_token", b"refresh_token")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network showed when it was asked. `part`: cut out of a longer answer."""

    body: bytes = field(repr=False)
    type: str
    address: str = ""
    status: int = 200
    part: bool = False


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or video as it was handed over, and the words for people who cannot see it."""

    content: bytes = field(repr=False)
    type: str
    alt: str = ""


def about(answer: Answer, name: str) -> Answer | None:
    """Only what it says of the post of this name. None: it says nothing of it.

    A list of our posts may hold letters to single people among them: the rest of it is left out.
    """
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if opens_an_account(answer) or not name:
        return None
    if isinstance(said, dict) and is_called(said, name):
        return answer
    found = next((one for one in things_in(said) if is_called(one, name)), None)
    if found is None:
        return None
    return replace(answer, body=json.dumps(found, ensure_ascii=False).encode(), part=True)


def things_in(said: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, those further out first. Without recursion: a stranger wrote it."""
    waiting = deque([said])
    while waiting:
        one = waiting.popleft()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def is_called(thing: dict[str, Any], name: str) -> bool:
    return any(isinstance(thing.get(n), str | int) and str(thing[n]) == name for n in NAMES)


def opens_an_account(answer: Answer) -> bool:
    return any(word in answer.body for word in OPENS)


def without_secrets(address: str) -> str:
    """The address that was asked, without what must not be read by whoever reads the record."""
    parts = urlsplit(address)
    asked = [(n, v) for n, v in parse_qsl(parts.query) if not n.lower().endswith(SECRET)]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(asked), ""))[:400]
