"""Words as 64-bit numbers that are the same in every process, on every machine, for ever.

Never Python's own `hash()`: it differs from process to process, and counts made in two of
them could not be added. FNV-1a over code points (Fowler, Noll, Vo), finished with the mixer
of MurmurHash3 (Appleby), because FNV's low bits alone are too regular for a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.uint64]

ALL = 0xFFFFFFFFFFFFFFFF
BASIS = 0xCBF29CE484222325
PRIME = 0x100000001B3
FIRST = 0xFF51AFD7ED558CCD
SECOND = 0xC4CEB9FE1A85EC53
GOLDEN = 0x9E3779B97F4A7C15
NOTHING = 0  # no word has this number: it marks an empty place in a table


def unmixed(text: str) -> int:
    number = BASIS
    for sign in text:
        number = ((number ^ ord(sign)) * PRIME) & ALL
    return number


def mixed(number: int) -> int:
    number ^= number >> 33
    number = (number * FIRST) & ALL
    number ^= number >> 33
    number = (number * SECOND) & ALL
    return (number ^ (number >> 33)) or 1


def mixed_all(numbers: Numbers) -> Numbers:
    """`mixed` of each. uint64[n] -> uint64[n]."""
    out = numbers.copy()
    for factor in (FIRST, SECOND):
        out ^= out >> np.uint64(33)
        out *= np.uint64(factor)
    out ^= out >> np.uint64(33)
    return np.where(out == 0, np.uint64(1), out)


def word_number(word: str) -> int:
    """The number of a folded word; two words share one about once in 10^19 pairs."""
    return mixed(unmixed(word))


def followed_by(number: int, word: int) -> int:
    """The number of what stood before, and then this word; before the first stood `NOTHING`."""
    number = ((number * GOLDEN) & ALL) ^ word
    return (number ^ (number >> 29)) or 1


def phrase_number(words: Iterable[str]) -> int:
    number = NOTHING
    for word in words:
        number = followed_by(number, word_number(word))
    return number


def in_order(words: Sequence[int]) -> int:
    number = NOTHING
    for word in words:
        number = followed_by(number, word)
    return number
