"""Fingerprints that say what somebody voted and not who they are or when they came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine import passes

type Marks = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ROUNDS = 2  # statements by their totals, voters by those, statements by their voters, once more


def mixed(values: NDArray[np.generic]) -> Marks:
    """Every 64-bit number to another, without any pattern left (Steele et al.: SplitMix64)."""
    x = values.astype(np.uint64) + GOLDEN
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def marks_of(
    starts: NDArray[np.int64], columns: NDArray[np.unsignedinteger],
    votes: NDArray[np.int8], many: int,
) -> tuple[Marks, Marks]:  # fmt: skip
    """Fingerprints of voters (P) and statements (S) that only their votes decide.

    Colour refinement (Weisfeiler and Leman, 1968): a statement starts as its totals, a voter is
    the sum of the statements as they voted on them, and round again. Two that end alike are,
    but for accidents of 1 in 10^12, interchangeable: swapping them changes nothing.
    """
    counts = passes.totals(columns, votes, many)
    statement = mixed(counts[:, 0]) ^ mixed(mixed(counts[:, 1])) + mixed(
        mixed(counts[:, 2]) ^ GOLDEN
    )
    voter = np.zeros(len(starts) - 1, np.uint64)
    for _ in range(ROUNDS):
        voter = mixed(passes.row_marks(starts, columns, votes, as_voted(statement)))
        statement = mixed(
            statement ^ passes.column_marks(starts, columns, votes, as_voted(voter), many)
        )
    return voter, statement


def as_voted(marks: Marks) -> Marks:
    """One number for each mark and vote (n x 3: disagree, pass, agree)."""
    salts = mixed(np.arange(3))
    return np.stack([mixed(marks ^ salt) for salt in salts], axis=1)


def spread(marks: Marks) -> Marks:
    """The same marks, where those that are alike get different ones.

    Copies of one ballot must not lie side by side: the first rows serve as a sample.
    """
    order = np.argsort(marks, kind="stable")
    alike = marks[order]
    first = np.concatenate(([True], alike[1:] != alike[:-1])) if len(marks) else np.ones(0, bool)
    number = np.arange(len(marks)) - np.flatnonzero(first)[np.cumsum(first) - 1]
    result = np.empty_like(marks)
    result[order] = np.where(number == 0, alike, mixed(alike ^ mixed(number)))
    return result
