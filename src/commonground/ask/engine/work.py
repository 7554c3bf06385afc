"""Proof of work: a visitor's machine spends a second, so that a script pays for every ballot.

The puzzle is ALTCHA's: which number, put behind a salt, has this digest? The page's script tries
numbers until one fits. Finding it costs half of HARDNESS digests, checking it costs one.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

HARDNESS = 30_000  # numbers to try at most: about a second on a phone of five years ago


def digest_of(salt: str, number: int) -> str:
    return sha256(f"{salt}{number}".encode()).hexdigest()


def puzzle(salt: str, chance: int) -> str:
    """The digest to be met, from a number drawn by chance."""
    return digest_of(salt, chance % HARDNESS)


def done(salt: str, goal: str, answer: str) -> bool:
    """Whether somebody did the work."""
    number = int(answer) if answer.isascii() and answer.isdecimal() and len(answer) < 9 else -1
    return 0 <= number < HARDNESS and compare_digest(digest_of(salt, number), goal)
