"""Compiled loops of the store: sorting by voter, the last vote, fingerprints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.compiled import compiled

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Marks = NDArray[np.uint64]

# Which bit of a word is set, where one is: the top six bits of the product differ for all 64
# (Leiserson, Prokop and Randall, "Using de Bruijn sequences to index a 1", 1998).
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT = np.zeros(64, np.int64)
BIT[[((1 << k) * int(DE_BRUIJN) % (1 << 64)) >> 58 for k in range(64)]] = np.arange(64)


@compiled
def by_row(row: Numbers, column: Numbers, votes: Signs, starts: Ints, c: Numbers, v: Signs) -> None:
    """A stable counting sort of the votes by voter; starts (P + 1) is filled too."""
    for p in range(row.size):
        starts[row[p] + 1] += 1
    for i in range(1, starts.size):
        starts[i] += starts[i - 1]
    place = starts[:-1].copy()
    for p in range(row.size):
        at = place[row[p]]
        c[at] = column[p]
        v[at] = votes[p]
        place[row[p]] = at + 1


@compiled
def last_only(starts: Ints, c: Numbers, v: Signs, many: int) -> int:
    """Keeps, in place, the last vote of each voter on each statement; how many are left."""
    seen = np.full(many, -1, np.int64)
    write = 0
    for i in range(starts.size - 1):
        begin, first = starts[i], write
        starts[i] = write
        for p in range(begin, starts[i + 1]):
            old = seen[c[p]]
            if old >= first:
                v[old] = v[p]
            else:
                seen[c[p]] = write
                c[write] = c[p]
                v[write] = v[p]
                write += 1
    starts[-1] = write
    return write


@compiled
def rearrange(
    starts: Ints, c: Numbers, v: Signs, rows: Ints, number: Ints,
    new_starts: Ints, new_c: Numbers, new_v: Signs,
) -> None:  # fmt: skip
    """Rows in another order, columns renumbered and rising within every row.

    A row is marked on a bitmap of all statements and read off again: nothing is compared.
    """
    held = np.zeros(number.size, np.int8)
    bitmap = np.zeros((number.size + 63) // 64, np.uint64)
    one = np.uint64(1)
    for k in range(rows.size):
        write = new_starts[k]
        for p in range(starts[rows[k]], starts[rows[k] + 1]):
            j = number[c[p]]
            held[j] = v[p]
            bitmap[j >> 6] |= one << np.uint64(j & 63)
        for word in range(bitmap.size):
            left = bitmap[word]
            bitmap[word] = 0
            while left:
                lowest = left & (~left + one)
                j = (word << 6) + BIT[(lowest * DE_BRUIJN) >> np.uint64(58)]
                new_c[write] = j
                new_v[write] = held[j]
                write += 1
                left ^= lowest
        new_starts[k + 1] = write


@compiled
def pick(
    starts: Ints, c: Numbers, v: Signs, rows: Ints, new_starts: Ints, new_c: Numbers, new_v: Signs
) -> None:
    """Some rows, each as it was, to where new_starts says."""
    for k in range(rows.size):
        away = new_starts[k] - starts[rows[k]]
        for p in range(starts[rows[k]], starts[rows[k] + 1]):
            new_c[p + away] = c[p]
            new_v[p + away] = v[p]


@compiled
def find(starts: Ints, c: Numbers, row: Ints, column: Ints, at: Ints) -> None:
    """Where in its row each column stands, or would stand."""
    for k in range(row.size):
        low, high = starts[row[k]], starts[row[k] + 1]
        while low < high:
            middle = (low + high) // 2
            if c[middle] < column[k]:
                low = middle + 1
            else:
                high = middle
        at[k] = low


@compiled
def keep(
    starts: Ints, c: Numbers, v: Signs, kept: NDArray[np.bool_],
    new_starts: Ints, new_c: Numbers, new_v: Signs,
) -> None:  # fmt: skip
    """The votes that are kept; new_c and new_v have room for all."""
    write = 0
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            new_c[write] = c[p]
            new_v[write] = v[p]
            write += kept[p]
        new_starts[i + 1] = write


@compiled
def insert(
    c: Numbers, v: Signs, at: Ints, more_c: Numbers, more_v: Signs, new_c: Numbers, new_v: Signs
) -> None:
    """All votes with more of them put in before the places `at`, which rise."""
    read = 0
    for k in range(at.size + 1):
        end = at[k] if k < at.size else c.size
        new_c[read + k : end + k] = c[read:end]
        new_v[read + k : end + k] = v[read:end]
        read = end
        if k < at.size:
            new_c[end + k] = more_c[k]
            new_v[end + k] = more_v[k]


@compiled
def add_to_rows(starts: Ints, c: Numbers, v: Signs, marks: Marks, out: Marks) -> None:
    """out[i] = sum of marks[statement, vote + 1] over the votes of voter i, modulo 2^64."""
    for i in range(starts.size - 1):
        total = out[i]
        for p in range(starts[i], starts[i + 1]):
            total += marks[c[p], v[p] + 1]
        out[i] = total


@compiled
def add_to_columns(starts: Ints, c: Numbers, v: Signs, marks: Marks, out: Marks) -> None:
    """out[j] = sum of marks[voter, vote + 1] over the votes on statement j, modulo 2^64."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            out[c[p]] += marks[i, v[p] + 1]


@compiled
def count(c: Numbers, v: Signs, out: Ints) -> None:
    """Votes of each kind on each statement (S x 3: disagree, pass, agree)."""
    for p in range(c.size):
        out[c[p], v[p] + 1] += 1


@compiled
def count_by_group(starts: Ints, c: Numbers, v: Signs, group: Ints, out: Ints) -> None:
    """Votes of each kind on each statement in each group (G x S x 3); group -1 is nobody's."""
    for i in range(starts.size - 1):
        if group[i] >= 0:
            for p in range(starts[i], starts[i + 1]):
                out[group[i], c[p], v[p] + 1] += 1


@compiled
def least_pass(
    starts: Ints, c: Numbers, v: Signs, tokens: Marks, factors: Marks, out: NDArray[np.uint32]
) -> None:
    """The least of several hashes over each row's (statement, vote) pairs (P x hashes)."""
    for i in range(starts.size - 1):
        for p in range(starts[i], starts[i + 1]):
            token = tokens[c[p], v[p] + 1]
            for h in range(factors.size):
                out[i, h] = min(out[i, h], np.uint32((token * factors[h]) >> np.uint64(32)))
