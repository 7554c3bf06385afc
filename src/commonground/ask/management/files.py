"""Opening what people hand us: plain or gzip, any size, and words for what is wrong."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError

from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.margins import Margin, Unclear, margins_of, people_of
from commonground.ask.engine.reading import (
    LONGEST_LINE,
    Statement,
    Unreadable,
    ballots_of,
    rows_of,
    statements_of,
)


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file, none of them longer than we would ever read."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            while line := file.readline(LONGEST_LINE * 4 + 1):
                yield line.decode("utf-8")
    except FileNotFoundError:
        raise Unreadable("There is no such file.") from None
    except UnicodeDecodeError:
        raise Unreadable("It is not text in UTF-8: is this a CSV file?") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Unreadable("It is named .gz, but what is in it is broken or not gzip.") from None
    except OSError as error:
        raise Unreadable(f"It cannot be read: {error.strerror}.") from None


type Opened = tuple[Ballots, dict[str, Statement], list[object]]


def opened(votes: Path, statements: Path | None) -> Opened:
    """The ballots of a file, the texts of its statements, and those that moderators took out."""
    texts = {}
    try:
        if statements is not None:
            texts = statements_of(lines_of(statements))
    except Unreadable as error:
        raise CommandError(f"{statements}: {error}") from None
    try:
        ballots = ballots_of(lines_of(votes))
    except Unreadable as error:
        raise CommandError(f"{votes}: {error}") from None
    out = [
        name for name in ballots.statements.tolist() if str(name) in texts and texts[str(name)].out
    ]
    return ballots, texts, out


def population(people: Path, margins: Path) -> tuple[dict[str, list[int]], list[Margin]]:
    """What voters told of themselves, by their names, and how their place is made up."""
    try:
        shares = margins_of("".join(lines_of(margins)))
    except (Unreadable, Unclear) as error:
        raise CommandError(f"{margins}: {error}") from None
    if not shares:
        raise CommandError(f"{margins}: It holds no line.")
    try:
        return people_of(rows_of(lines_of(people)), shares), shares
    except (Unreadable, Unclear) as error:
        raise CommandError(f"{people}: {error}") from None
