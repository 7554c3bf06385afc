"""Numbers looked up by numbers: open addressing, small enough for the processor's cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED, compiled
from commonground.hear.engine.hashing import NOTHING

ROOM = 4  # places for each entry: nearly every look-up ends at its first place
SMALLEST = 64


@dataclass(frozen=True, slots=True)
class Table:
    """`keys` uint64[2^n], zero where empty; `values` int32[2^n]; from place `key mod 2^n` on."""

    keys: NDArray[np.uint64]
    values: NDArray[np.int32]
    entries: Mapping[int, int]

    def look_up(self, numbers: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The value of each number, -1 where there is none. uint64[n] -> int32[n]."""
        if COMPILED:
            return looked_up(numbers, self.keys, self.values)
        return np.array([self.entries.get(int(n), -1) for n in numbers], dtype=np.int32)


def table(entries: Mapping[int, int]) -> Table:
    """Entries from a number (never zero) to a value of zero or more."""
    size = SMALLEST
    while size < ROOM * len(entries):
        size *= 2
    keys = np.zeros(size, np.uint64)
    values = np.full(size, -1, np.int32)
    for number, value in entries.items():
        place = number & (size - 1)
        while keys[place] != NOTHING:
            place = (place + 1) & (size - 1)
        keys[place], values[place] = number, value
    return Table(keys, values, dict(entries))


@compiled
def signed(number: int | np.integer[Any]) -> int:
    """For places: a compiled sum of a signed and an unsigned number is a fraction."""
    return int(np.int64(number))


@compiled
def found(number: np.uint64, keys: NDArray[np.uint64], values: NDArray[np.int32]) -> int:
    last = np.uint64(keys.size - 1)
    place = number & last
    while keys[place] != np.uint64(0):
        if keys[place] == number:
            return signed(values[place])
        place = (place + np.uint64(1)) & last
    return -1


@compiled
def looked_up(
    numbers: NDArray[np.uint64], keys: NDArray[np.uint64], values: NDArray[np.int32]
) -> NDArray[np.int32]:
    out = np.empty(numbers.size, np.int32)
    for i in range(numbers.size):
        out[i] = found(numbers[i], keys, values)
    return out


class NumberSet:
    """Up to so many numbers above one, to be added many at a time."""

    def __init__(self, most: int) -> None:
        size = SMALLEST
        while size < ROOM * most:
            size *= 2
        # Without a compiler a plain set is the faster one.
        self.keys = np.zeros(size if COMPILED else 1, np.uint64)
        self.plain: set[int] = set()
        self.count = 0

    def __len__(self) -> int:
        return self.count if COMPILED else len(self.plain)

    def holds(self, numbers: NDArray[np.uint64]) -> NDArray[np.bool_]:
        if COMPILED:
            return held(numbers, self.keys)
        return np.array([int(n) in self.plain for n in numbers], np.bool_)

    def add(self, numbers: NDArray[np.uint64], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Add those; of each whether it was there before, or stood earlier among them."""
        there = np.zeros(numbers.size, np.bool_)
        if COMPILED:
            self.count += add_numbers(numbers, which, self.keys, there)
            return there
        for n in np.flatnonzero(which).tolist():
            there[n] = int(numbers[n]) in self.plain
            self.plain.add(int(numbers[n]))
        return there

    def drop(self, number: int) -> None:
        self.plain.discard(number)
        if COMPILED:
            drop_number(np.uint64(number), self.keys)


DROPPED = np.uint64(1)  # stands where a number was dropped: those behind it must be found


@compiled
def held(numbers: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    out = np.zeros(numbers.size, np.bool_)
    last = np.uint64(keys.size - 1)
    for i in range(numbers.size):
        place = numbers[i] & last
        while keys[place] != np.uint64(0) and not out[i]:
            out[i] = keys[place] == numbers[i]
            place = (place + np.uint64(1)) & last
    return out


@compiled
def add_numbers(
    numbers: NDArray[np.uint64], which: NDArray[np.bool_], keys: NDArray[np.uint64],
    there: NDArray[np.bool_],
) -> int:  # fmt: skip
    count, last = 0, np.uint64(keys.size - 1)
    for i in range(numbers.size):
        if not which[i]:
            continue
        place = numbers[i] & last
        while keys[place] != np.uint64(0) and keys[place] != numbers[i]:
            place = (place + np.uint64(1)) & last
        there[i] = keys[place] == numbers[i]
        if not there[i]:
            keys[place] = numbers[i]
            count += 1
    return count


@compiled
def drop_number(number: np.uint64, keys: NDArray[np.uint64]) -> None:
    last = np.uint64(keys.size - 1)
    place = number & last
    while keys[place] != np.uint64(0):
        if keys[place] == number:
            keys[place] = DROPPED
        place = (place + np.uint64(1)) & last
