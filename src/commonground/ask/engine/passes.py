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
    store.by_row(row, column, votes, starts, c, v)
    left = store.last_only(starts, c, v, statements)
    return starts, c[:left], v[:left]


def reordered(
    starts: Ints, c: Columns, v: Signs, rows: Ints, columns: Ints
) -> tuple[Ints, Columns, Signs]:
    """The same table with its rows and columns taken in these orders."""
    number = np.empty(len(columns), np.int64)
    number[columns] = np.arange(len(columns))
    new = np.zeros_like(starts), np.empty_like(c), np.empty_like(v)
    store.rearrange(starts, c, v, rows, number, *new)
    return new


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
