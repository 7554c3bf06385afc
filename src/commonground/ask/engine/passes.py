"""Every pass over the votes, compiled or plain; what calls it cannot tell but by the time."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import loops, plain, storing
from commonground.ask.engine.compiled import COMPILED

type Ints = NDArray[np.int64]
type Numbers = NDArray[np.integer]
type Columns = NDArray[np.unsignedinteger]
type Signs = NDArray[np.int8]
type Marks = NDArray[np.uint64]
type Floats = NDArray[np.float64]

model: ModuleType = loops if COMPILED else plain
store: ModuleType = storing if COMPILED else plain


def column_type(many: int) -> type[np.unsignedinteger]:
    """Two bytes a vote wherever they suffice."""
    return np.uint16 if many <= 1 << 16 else np.uint32


def stored(
    row: Numbers, column: Numbers, votes: Signs, voters: int, statements: int
) -> tuple[Ints, Columns, Signs]:
    """Votes in the order they came as rows; of two votes on one statement the later holds."""
    starts = np.zeros(voters + 1, np.int64)
    c = np.empty(len(row), column_type(statements))
    v = np.empty(len(row), np.int8)
    store.by_row(row, column, votes, room_to_sort(len(row), voters, statements), starts, c, v)
    left = store.last_only(starts, c, v, statements)
    return starts, c[:left], v[:left]


def room_to_sort(votes: int, voters: int, statements: int) -> NDArray[np.unsignedinteger]:
    """One number for each vote where `by_row` sorts in two turns; nothing where one is quicker."""
    if voters <= storing.FEW:
        return np.empty(0, np.uint32)
    bits = storing.near_bits(voters) + storing.bits_of(statements) + 2
    return np.empty(votes, np.uint32 if bits <= 32 else np.uint64)


def reordered(
    starts: Ints, c: Columns, v: Signs, rows: Ints, columns: Ints
) -> tuple[Ints, Columns, Signs]:
    """The same table with its rows and columns taken in these orders."""
    number = np.empty(len(columns), np.int64)
    number[columns] = np.arange(len(columns))
    new = np.zeros_like(starts), np.empty_like(c), np.empty_like(v)
    store.rearrange(starts, c, v, rows, number, *new)
    return new


def picked(starts: Ints, c: Columns, v: Signs, rows: Ints) -> tuple[Ints, Columns, Signs]:
    """Some rows of the table, in this order."""
    new_starts = np.concatenate(([0], np.cumsum(np.diff(starts)[rows])))
    new_c, new_v = np.empty(new_starts[-1], c.dtype), np.empty(new_starts[-1], np.int8)
    store.pick(starts, c, v, rows, new_starts, new_c, new_v)
    return new_starts, new_c, new_v


def kept_only(
    starts: Ints, c: Columns, v: Signs, kept: NDArray[np.bool_]
) -> tuple[Ints, Columns, Signs]:
    """The same rows with a part of their votes."""
    # One place more than there are votes: the loop writes before it knows whether to keep.
    new = np.zeros_like(starts), np.empty(len(c) + 1, c.dtype), np.empty(len(c) + 1, np.int8)
    store.keep(starts, c, v, kept, *new)
    return new[0], new[1][: new[0][-1]], new[2][: new[0][-1]]


def put_in(
    starts: Ints, c: Columns, v: Signs, row: Ints, column: Ints, votes: Signs,
    voters: int, statements: int,
) -> tuple[Ints, Columns, Signs]:  # fmt: skip
    """The table with more votes put in; where there was one on that statement it is replaced.

    row, column and votes are sorted by row and column, and no pair comes twice.
    """
    kind = column_type(statements)
    starts = np.concatenate((starts, np.full(voters + 1 - len(starts), starts[-1])))
    at = np.empty(len(row), np.int64)
    store.find(starts, c, row, column, at)
    there = (at < starts[row + 1]) & (c[np.minimum(at, max(len(c) - 1, 0))] == column)
    v = v.copy()
    v[at[there]] = votes[there]
    new = ~there
    new_c, new_v = np.empty(len(c) + new.sum(), kind), np.empty(len(c) + new.sum(), np.int8)
    store.insert(c.astype(kind, copy=False), v, at[new], column[new].astype(kind), votes[new],
                 new_c, new_v)  # fmt: skip
    more = np.bincount(row[new], minlength=voters)
    return starts + np.concatenate(([0], np.cumsum(more))), new_c, new_v


def totals(c: Columns, v: Signs, many: int) -> Ints:
    """Votes of each kind on each statement (S x 3: disagree, pass, agree)."""
    out = np.zeros((many, 3), np.int64)
    store.count(c, v, out)
    return out


def totals_by_group(
    starts: Ints, c: Columns, v: Signs, group: Ints, groups: int, many: int
) -> Ints:
    """Votes of each kind on each statement in each group (G x S x 3); group -1 is nobody's."""
    out = np.zeros((groups, many, 3), np.int64)
    store.count_by_group(starts, c, v, group, out)
    return out


def row_marks(starts: Ints, c: Columns, v: Signs, marks: Marks) -> Marks:
    out = np.zeros(len(starts) - 1, np.uint64)
    store.add_to_rows(starts, c, v, marks, out)
    return out


def column_marks(starts: Ints, c: Columns, v: Signs, marks: Marks, many: int) -> Marks:
    out = np.zeros(many, np.uint64)
    store.add_to_columns(starts, c, v, marks, out)
    return out
