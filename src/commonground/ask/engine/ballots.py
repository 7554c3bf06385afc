"""The store: append-only votes become one sparse row a voter, and the last vote wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonground.ask.engine import passes
from commonground.ask.engine.hashing import marks_of, spread

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True)
class Ballots:
    """Who voted what, one row a voter, in an order that depends on the votes alone.

    voters, statements: their names, in the order of rows and columns. starts (P + 1), columns (V)
    and votes (V; +1 agree, -1 disagree, 0 pass) are a compressed sparse row table.

    Rows and columns are sorted by a fingerprint of the votes themselves, so neither the order in
    which the votes came nor how voters are named can move a result; and since a fingerprint is
    as good as a draw, the first n rows are a fair sample of all voters.
    """

    voters: NDArray[np.generic]
    statements: NDArray[np.generic]
    starts: Ints
    columns: NDArray[np.unsignedinteger]
    votes: NDArray[np.int8]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.starts) - 1, len(self.statements)

    @property
    def per_voter(self) -> Ints:
        return np.diff(self.starts)

    @property
    def rows(self) -> Ints:
        """The row of every vote (V)."""
        return np.repeat(np.arange(self.shape[0], dtype=np.int64), self.per_voter)

    def first(self, many: int) -> Ballots:
        """The first rows: a fair sample of the voters, always the same one."""
        end = int(self.starts[min(many, self.shape[0])])
        return replace(
            self, voters=self.voters[:many], starts=self.starts[: many + 1],
            columns=self.columns[:end], votes=self.votes[:end],
        )  # fmt: skip

    def only(self, kept: NDArray[np.bool_]) -> Ballots:
        """The same voters with a part of their votes; kept (V) says which."""
        starts, columns, votes = passes.kept_only(self.starts, self.columns, self.votes, kept)
        return replace(self, starts=starts, columns=columns, votes=votes)

    def of(self, kept: NDArray[np.bool_]) -> Ballots:
        """These voters alone (kept: P), as if the others had never come."""
        votes = np.repeat(kept, self.per_voter)
        row = (np.cumsum(kept) - 1)[self.rows[votes]]
        return arranged(
            self.voters[kept], self.statements, row, self.columns[votes], self.votes[votes]
        )

    def without(self, statements: Sequence[object] | ArrayLike) -> Ballots:
        """The same voters with every vote on these statements left out, and their columns too."""
        out = np.isin(self.statements, np.asarray(statements))
        number = np.cumsum(~out) - 1
        left = self.only(~out[self.columns])
        columns = number[left.columns].astype(left.columns.dtype)
        return replace(left, statements=self.statements[~out], columns=columns)


def rows_of(ballots: Ballots, who: Ints) -> Ballots:
    """These rows alone, in this order, the columns as they are."""
    starts, columns, votes = passes.picked(ballots.starts, ballots.columns, ballots.votes, who)
    return replace(ballots, voters=ballots.voters[who], starts=starts, columns=columns, votes=votes)


def gathered(voters: ArrayLike, statements: ArrayLike, votes: ArrayLike) -> Ballots:
    """Ballots from votes in the order they came (V each); of two on one thing the later holds.

    Names may be numbers or texts. Raises ValueError for votes other than -1, 0 and 1.
    """
    value = np.asarray(votes)
    whole = value.dtype.kind in "iu" or not value.size or (value == np.rint(value)).all()
    if value.size and not (whole and value.min() >= -1 and value.max() <= 1):
        raise ValueError("A vote is 1 (agree), -1 (disagree) or 0 (pass).")
    voter_names, row = numbered(np.asarray(voters))
    statement_names, column = numbered(np.asarray(statements))
    return arranged(voter_names, statement_names, row, column, value.astype(np.int8))


def small(names: Ints) -> bool:
    return bool(names.min() >= 0 and names.max() < 4 * len(names))


def numbered(names: NDArray[np.generic]) -> tuple[NDArray[np.generic], NDArray[np.integer]]:
    """The names that occur, sorted, and each vote's place among them."""
    if names.size and names.dtype.kind in "iu" and small(np.asarray(names, np.int64)):
        there = np.zeros(
            int(np.max(np.asarray(names, np.int64))) + 1, np.bool_
        )  # small whole numbers need no sorting
        there[names] = True
        return np.flatnonzero(there), (np.cumsum(there, dtype=np.int32) - 1)[names]
    return np.unique(names, return_inverse=True)


def arranged(
    voters: NDArray[np.generic], statements: NDArray[np.generic],
    row: NDArray[np.integer], column: NDArray[np.integer], votes: NDArray[np.int8],
) -> Ballots:  # fmt: skip
    """Ballots from votes whose voters and statements are already numbered from 0 (V each)."""
    starts, columns, values = passes.stored(row, column, votes, len(voters), len(statements))
    return canonical(Ballots(voters, statements, starts, columns, values))


def canonical(ballots: Ballots) -> Ballots:
    """The same ballots, rows and columns in the order of their fingerprints."""
    voter_marks, statement_marks = marks_of(ballots.starts, ballots.columns, ballots.votes,
                                            len(ballots.statements))  # fmt: skip
    rows, columns = np.argsort(spread(voter_marks)), np.argsort(spread(statement_marks))
    starts, numbers, votes = passes.reordered(
        ballots.starts, ballots.columns, ballots.votes, rows, columns
    )
    return Ballots(ballots.voters[rows], ballots.statements[columns], starts, numbers, votes)
