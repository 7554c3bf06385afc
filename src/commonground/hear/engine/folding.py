"""What `words.fold` does to each sign, as tables, so that a compiled loop can do the same.

Case, accents and compatibility forms are a matter of one sign at a time, with two exceptions:
Korean letters that join into syllables, and a few vowel signs of southern Asia that join with
their neighbour. Posts that hold one of those are `ASK`ed about: the Python path reads them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.words import UNSPACED as UNSPACED_RUN, fold

SIGNS = 0x20000  # beyond are old Chinese signs and flags of regions: rare enough to ask about
SURROGATES = range(0xD800, 0xE000)
SYLLABLES = range(0xAC00, 0xD7A4)
JOINING_LETTERS = {*map(chr, range(0x1161, 0x1176)), *map(chr, range(0x11A8, 0x11C3))}

# What a sign is once folded.
BETWEEN, LETTER, UNSPACED, APOSTROPHE, GONE, SEVERAL, ASK = range(7)
# What it is before: as `\w` and `\s` see it.
IN_WORD, SPACE = 1, 2


@dataclass(frozen=True, slots=True)
class Folding:
    """By code point below `SIGNS`.

    `kind` uint8 and `raw` uint8 as named above; `to` uint32 is the folded sign, or for `SEVERAL`
    the place in `more` (uint32) times 32 plus how many; `more_kind` uint8 is the kind of each.
    """

    kind: NDArray[np.uint8]
    raw: NDArray[np.uint8]
    to: NDArray[np.uint32]
    more: NDArray[np.uint32]
    more_kind: NDArray[np.uint8]


def kind_of(sign: str) -> int:
    """Of one sign that is folded already."""
    if sign in "'’":
        return APOSTROPHE
    if not sign.isalnum():
        return BETWEEN
    return UNSPACED if UNSPACED_RUN.fullmatch(sign) else LETTER


def raw_of(sign: str) -> int:
    return (IN_WORD if sign.isalnum() or sign == "_" else 0) | (SPACE if sign.isspace() else 0)


def joining() -> set[str]:
    """Signs that may become one with the sign before them, though no accent."""
    seconds = set(JOINING_LETTERS)
    for code in range(SIGNS):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if not unicodedata.combining(second):
                seconds.add(second)
    return seconds


def apart(sign: str) -> str:
    """Folded without putting together again: what its neighbours would meet."""
    there = unicodedata.normalize("NFKD", sign)
    return "".join(c for c in there if not unicodedata.combining(c)).casefold()


@cache
def folding() -> Folding:
    """Made once, in about half a second."""
    kind = np.full(SIGNS, ASK, np.uint8)
    raw = np.zeros(SIGNS, np.uint8)
    to = np.zeros(SIGNS, np.uint32)
    more: list[str] = []
    joins = joining()
    for code in range(SIGNS):
        sign = chr(code)
        if code in SURROGATES:
            continue
        raw[code] = raw_of(sign)
        if code in SYLLABLES:
            kind[code], to[code] = UNSPACED, code
            continue
        folded = fold(sign)
        if not joins.isdisjoint(apart(sign)) or (not sign.isascii() and folded != apart(sign)):
            continue
        if len(folded) == 1:
            kind[code], to[code] = kind_of(folded), ord(folded)
        elif not folded:
            kind[code] = GONE
        else:
            kind[code], to[code] = SEVERAL, len(more) * 32 + len(folded)
            more.extend(folded)
    more_kind = np.array([kind_of(c) for c in more], np.uint8)
    return Folding(kind, raw, to, np.array([ord(c) for c in more], np.uint32), more_kind)
