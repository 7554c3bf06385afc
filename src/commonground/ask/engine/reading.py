"""Votes as they come in files: one vote a line, or Polis' export with one voter a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from commonground.ask.engine.ballots import Ballots, gathered

LONGEST_LINE = 1_000_000  # characters; ten thousand statements fit in a tenth of it
NAMES = {
    "voter": ("voter", "voter-id", "voter_id", "participant", "participant_id"),
    "statement": ("statement", "statement-id", "statement_id", "comment-id", "comment_id"),
    "vote": ("vote",),
}
VOTES = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0, "+1": 1, "-0.0": 0}
WIDE_EXTRAS = ("group-id", "n-comments", "n-votes", "n-agree", "n-disagree")


class Unreadable(ValueError):
    """What is wrong with a file, and where, in words."""


@dataclass(frozen=True)
class Statement:
    text: str
    out: bool  # a moderator took it out: its votes do not count


def ballots_of(lines: Iterable[str], out: Sequence[str] = ()) -> Ballots:
    """Ballots from the lines of a file, its first line the names of the columns.

    out: names of statements that are left out. Raises Unreadable.
    """
    table = rows_of(lines)
    header = [name.strip().lower().lstrip("\ufeff") for name in next(table, (0, []))[1]]
    if not any(header):
        raise Unreadable("The file is empty.")
    if "voter" in columns(header) and {"statement", "vote"} <= columns(header).keys():
        votes = long_votes(table, header)
    elif header[0] in NAMES["voter"] and len(header) > 1 and "vote" not in header:
        votes = wide_votes(table, header)
    else:
        raise Unreadable(
            "The first line must name the columns: voter, statement, vote; or, as Polis exports "
            f"them, participant and a column for each statement. It says: {', '.join(header)[:80]}"
        )
    return made(votes, set(out))


def made(votes: Iterator[tuple[str, str, int]], out: set[str]) -> Ballots:
    kept = [vote for vote in votes if vote[1] not in out]
    if not kept:
        raise Unreadable("The file holds no votes.")
    voters, statements, values = zip(*kept, strict=True)
    ballots = gathered(named(voters), named(statements), np.array(values, np.int8))
    if ballots.shape[0] < 2:
        raise Unreadable("There is one voter only: common ground takes at least two.")
    return ballots


def named(names: Sequence[str]) -> NDArray[np.generic]:
    """Numbers where all names are whole numbers written as such, texts otherwise."""
    if all(
        name.isdecimal() and (name == "0" or name[0] != "0") and len(name) < 16
        for name in set(names)
    ):
        return np.array([int(name) for name in names], np.int64)
    return np.array(names)


def rows_of(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines split into fields, each with its number; empty lines are passed over.

    Fields are parted by commas; by semicolons or tabs where the first line has those instead, as
    spreadsheets write them in half of Europe.
    """
    lines = short(lines)
    first = next(lines, "")
    parted = max(",;\t", key=first.count)
    reader = csv.reader(chain([first], lines), strict=True, delimiter=parted)
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} is not CSV: {error}.") from None


def short(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable(f"Line {number} is longer than {LONGEST_LINE:,} characters.")
        if "\0" in line:
            raise Unreadable(f"Line {number} is not text: is this a CSV file?")
        yield line


def columns(header: Sequence[str]) -> dict[str, int]:
    """Where voter, statement and vote stand."""
    return {
        name: header.index(known)
        for name, all_known in NAMES.items()
        for known in all_known[::-1]
        if known in header
    }


def long_votes(
    table: Iterator[tuple[int, list[str]]], header: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    at = columns(header)
    when = header.index("timestamp") if "timestamp" in header else None
    found = (one_vote(line, row, at, len(header)) for line, row in dated(table, when))
    yield from found


def dated(
    table: Iterator[tuple[int, list[str]]], when: int | None
) -> Iterable[tuple[int, list[str]]]:
    """In the order of their times, where times are given: the last vote wins."""
    if when is None:
        return table
    return sorted(table, key=lambda pair: stamp(pair[0], pair[1], when))


def stamp(line: int, row: Sequence[str], when: int) -> float:
    try:
        return float(row[when])
    except (ValueError, IndexError):
        raise Unreadable(f"Line {line}: the timestamp is not a number.") from None


def one_vote(line: int, row: Sequence[str], at: dict[str, int], wide: int) -> tuple[str, str, int]:
    if len(row) != wide:
        raise Unreadable(f"Line {line} has {len(row)} fields where the first line has {wide}.")
    voter, statement = row[at["voter"]].strip(), row[at["statement"]].strip()
    if not voter or not statement:
        raise Unreadable(f"Line {line} does not say who voted on what.")
    return voter, statement, value_of(line, row[at["vote"]])


def value_of(line: int, text: str) -> int:
    value = VOTES.get(text.strip())
    if value is None:
        raise Unreadable(
            f"Line {line}: a vote is 1 (agree), -1 (disagree) or 0 (pass), "
            f"not {text.strip()[:20]!r}."
        )
    return value


def wide_votes(
    table: Iterator[tuple[int, list[str]]], header: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """Polis' table: one line a voter, one column a statement, nothing where there is no vote."""
    asked = [at for at in range(1, len(header)) if header[at] not in WIDE_EXTRAS]
    if len({header[at] for at in asked}) < len(asked):
        raise Unreadable("Two columns have the same name.")
    for line, row in table:
        if len(row) != len(header):
            raise Unreadable(
                f"Line {line} has {len(row)} fields where the first line has {len(header)}."
            )
        for at in asked:
            if row[at].strip():
                yield row[0].strip(), header[at], value_of(line, row[at])


def statements_of(lines: Iterable[str]) -> dict[str, Statement]:
    """Texts of statements by name: columns statement (or comment-id), text, moderated (-1: out)."""
    table = rows_of(lines)
    header = [name.strip().lower().lstrip("\ufeff") for name in next(table, (0, []))[1]]
    at = columns(header).get("statement")
    text = next((header.index(name) for name in ("text", "comment-body") if name in header), None)
    if at is None or text is None:
        raise Unreadable(
            "The first line of the statements must name the columns statement and text."
        )
    said = header.index("moderated") if "moderated" in header else None
    return {
        row[at].strip(): Statement(row[text], said is not None and row[said].strip() == "-1")
        for line, row in table
        if filled(line, row, len(header))
    }


def filled(line: int, row: Sequence[str], wide: int) -> bool:
    if len(row) != wide:
        raise Unreadable(f"Line {line} has {len(row)} fields where the first line has {wide}.")
    return True
