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
