"""What stands in a link or a return path and opens something: a name and a seal made from it.

The table holds the name alone. The seal is made with a key that the database does not hold in
clear, so a copy of it takes nobody off a list and stops nobody's letters.
"""

from __future__ import annotations

import secrets
from functools import partial
from hmac import compare_digest

from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark

NAME, SEAL = 24, 16  # hex digits; a return path takes 64 signs, with the name of its box

name = partial(secrets.token_hex, NAME // 2)


def token_of(kind: str, called: str) -> str:
    """What whoever is written to gets to know, and nobody else."""
    return called + mark(lasting_key("links of letters"), kind, called)[:SEAL]


def called_by(kind: str, token: str) -> str | None:
    """The name in it, if we made it for this kind of row."""
    called = token[:NAME]
    ours = compare_digest(token.encode(), token_of(kind, called).encode())
    return called if ours else None
