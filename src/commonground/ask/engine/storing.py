"""Compiled loops of the store: sorting by voter, the last vote, fingerprints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.compiled import compiled

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Signs = NDArray[np.int8]
type Marks = NDArray[np.uint64]

FEW = 1 << 14  # rows: so many places to write next stay in the nearest cache
DIGIT = 8  # bits at most that a row is sorted by at a time


@compiled
def by_row(
    row: Numbers, column: Numbers, votes: Signs, keys: Numbers, starts: Ints, c: Numbers, v: Signs
) -> None:
    """A stable counting sort of the votes by voter; starts (P + 1) is filled too.

    keys: room for one number a vote, of enough bits for a row among its neighbours, a column and
    a vote; none where the rows are few.
    """
    if keys.size:
        by_many_rows(row, column, votes, keys, starts, c, v)
        return
    for p in range(row.size):
        starts[row[p] + 1] += 1
    place = np.cumsum(starts)
    starts[:] = place
    for p in range(row.size):
        at = place[row[p]]
        c[at] = column[p]
        v[at] = votes[p]
        place[row[p]] = at + 1


@compiled
def gathered_near(
    row: Numbers, column: Numbers, votes: Signs, keys: Numbers, near: int, wide: int, rows: int
) -> Ints:
    """Fills keys lot by lot, each a run of 2^near rows; where each lot begins, and the end."""
    ends = np.zeros(((rows - 1) >> near) + 2, np.int64)
    for p in range(row.size):
        ends[(row[p] >> near) + 1] += 1
    ends = np.cumsum(ends)
    place = ends.copy()
    for p in range(row.size):
        b = row[p] >> near
        local = np.uint64(row[p] - (b << near)) << np.uint64(wide)
        keys[place[b]] = (local | np.uint64(column[p])) << np.uint64(2) | np.uint64(votes[p] + 1)
        place[b] += 1
    return ends


@compiled
def by_many_rows(
    row: Numbers, column: Numbers, votes: Signs, keys: Numbers, starts: Ints, c: Numbers, v: Signs
) -> None:
    """The same, neighbours brought together first: a write to any of a million places waits for
    memory, and the second time they lie close."""
    rows = starts.size - 1
    near, wide = near_bits(rows), bits_of(int(column.max()) if column.size else 0)
    ends = gathered_near(row, column, votes, keys, near, wide, rows)
    away, among = np.uint64(wide + 2), np.uint64((1 << wide) - 1)
    place = np.empty((1 << near) + 1, np.int64)
    for b in range(ends.size - 1):
        base, lot = b << near, keys[ends[b] : ends[b + 1]]
        place[:] = 0
        for p in range(lot.size):
            place[np.int64(np.uint64(lot[p]) >> away) + 1] += 1
        place[0] = ends[b]
        for i in range(1, place.size):
            place[i] += place[i - 1]
        held = min(place.size - 1, rows - base)
        starts[base + 1 : base + 1 + held] = place[1 : held + 1]
        for p in range(lot.size):
            key = np.uint64(lot[p])
            local = np.int64(key >> away)
            c[place[local]] = (key >> np.uint64(2)) & among
            v[place[local]] = np.int64(key & np.uint64(3)) - 1
            place[local] += 1


@compiled
def bits_of(most: int) -> int:
    """Bits that a number up to `most` takes, one at least."""
    bits = 1
    while most >> bits:
        bits += 1
    return bits


@compiled
def near_bits(rows: int) -> int:
    """How many neighbours (2 to the power) are brought together: no more than 512 such lots."""
    return max(bits_of(rows) - 9, 0)


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
def by_digit(mine: Ints, other: Ints, ends: Ints, shift: int) -> None:
    """Sorts one into the other by the bits from `shift` on, as many as ends has room for; what
    is alike in them stays in its order."""
    among = ends.size - 2
    ends[:] = 0
    for key in mine:
        ends[((key >> shift) & among) + 1] += 1
    for digit in range(1, ends.size):
        ends[digit] += ends[digit - 1]
    for key in mine:
        digit = (key >> shift) & among
        other[ends[digit]] = key
        ends[digit] += 1


@compiled
def rearrange(
    starts: Ints, c: Numbers, v: Signs, rows: Ints, number: Ints,
    new_starts: Ints, new_c: Numbers, new_v: Signs,
) -> None:  # fmt: skip
    """Rows in another order, columns renumbered and rising within every row: a radix sort, which
    asks no question whose answer is a coin's."""
    bits, longest = bits_of(number.size), 0
    for i in range(starts.size - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    turns = (bits + DIGIT - 1) // DIGIT
    width = (bits + turns - 1) // turns
    mine, other = np.empty(longest, np.int64), np.empty(longest, np.int64)
    ends = np.empty((1 << width) + 1, np.int64)
    for k in range(rows.size):
        begin, many = starts[rows[k]], starts[rows[k] + 1] - starts[rows[k]]
        for p in range(many):
            mine[p] = number[c[begin + p]] << 2 | (v[begin + p] + 1)
        for turn in range(turns):
            by_digit(mine[:many], other, ends, 2 + turn * width)
            mine, other = other, mine
        write = new_starts[k]
        for p in range(many):
            new_c[write + p] = mine[p] >> 2
            new_v[write + p] = (mine[p] & 3) - 1
        new_starts[k + 1] = write + many


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
