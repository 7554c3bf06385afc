"""The words by which an entry is found, as hashes that mean nothing without the entry's own key."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

WORD = re.compile(r"\w+")
WIDE = (
    4  # bytes of a hash: of a hundred thousand entries that do not fit, one may be opened in vain
)
MOST = 2_000  # different words of one entry
# Scripts that put no space between words: two signs beside each other are what is looked for.
RUNS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
WHO = "who:"


def words_in(text: str) -> set[str]:
    """The words of a text, as they are compared: without case, width or marks that vary."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: set[str] = set()
    for word in WORD.findall(plain):
        found |= pairs_in(word) if RUNS.search(word) else {word}
    return found


def pairs_in(word: str) -> set[str]:
    return {word[n : n + 2] for n in range(max(1, len(word) - 1))}


def words_of(facts: Mapping[str, Any]) -> set[str]:
    """By what an entry with these facts is found; the words of a name also as those of a person."""
    said = words_in("\n".join(str(value) for value in facts.values()))
    who = words_in(str(facts.get("who", "")))
    return set(sorted(said)[:MOST]) | {WHO + word for word in who}


def asked(who: str, words: str) -> set[str]:
    """All of these must be among the words of an entry."""
    return words_in(words) | {WHO + word for word in words_in(who)}


def hashed(words: Iterable[str], key: bytes) -> bytes:
    """The hashes, sorted, one behind the other. `key`: 32 bytes that nobody has but the entry."""
    return b"".join(sorted({mark(word, key) for word in words}))


def mark(word: str, key: bytes) -> bytes:
    return hashlib.blake2b(word.encode(errors="replace"), digest_size=WIDE, key=key).digest()


def may_hold(hashes: bytes, words: Iterable[str], key: bytes) -> bool:
    """Whether all of these words may be in it; whether they are, its facts tell."""
    return all(stands_in(hashes, mark(word, key)) for word in words)


def stands_in(hashes: bytes, one: bytes) -> bool:
    at = hashes.find(one)
    while at % WIDE and at >= 0:
        at = hashes.find(one, at + 1)
    return at >= 0
