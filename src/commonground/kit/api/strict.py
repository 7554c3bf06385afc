"""Reads JSON as a stranger may have written it: what is not plainly JSON is refused, in words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 512 * 1024  # the longest text there is, in the widest letters, for several channels
DEEPEST = 20  # nothing we ask for is more than four deep


class NotRead(Exception):
    """The message says why, for whoever wrote the program."""


def read(body: bytes) -> Any:
    """The value, if every reader of JSON would read the same. Raises NotRead."""
    if len(body) > MOST_BYTES:
        raise NotRead(f"The request is longer than {MOST_BYTES // 1024} kB.")
    try:
        found = json.loads(
            body.decode(), object_pairs_hook=once, parse_constant=no_number, parse_float=a_number
        )
    except UnicodeDecodeError:
        raise NotRead("The request is not written in UTF-8.") from None
    except RecursionError:
        raise NotRead("The request is nested too deeply.") from None
    except ValueError as error:  # also a whole number of more digits than Python reads
        raise NotRead(f"The request is not JSON: {str(error)[:200]}") from None
    for value, depth in every(found):
        if depth > DEEPEST:
            raise NotRead("The request is nested too deeply.")
        if isinstance(value, str):
            must_be_letters(value)
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values for one name one reader takes the first, another the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotRead("A name stands twice in the same object.")
    return found


def no_number(word: str) -> float:
    raise NotRead(f"{word} is not a number in JSON.")


def a_number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotRead("A number is too large.")
    return number


def every(found: Any) -> Iterator[tuple[Any, int]]:
    """Every value in it and how deep it stands, without calling itself."""
    waiting = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def must_be_letters(text: str) -> None:
    """No database keeps a NUL, and half a letter cannot be written down."""
    if "\0" in text:
        raise NotRead("A text holds the sign NUL, which no text may hold.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotRead("A text holds half a letter (a lone surrogate).") from None
