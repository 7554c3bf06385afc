"""How a place is made up, a trait a line: `Age: under 30 = 23; 30 to 59 = 48; 60 and over = 29`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_TRAITS = 4  # each more question is answered by fewer
CLASSES = range(2, 9)
LONGEST_NAME = 60
WHOLE = (99.0, 101.0)  # per cent: what a table rounded to whole numbers adds up to

SHARE = re.compile(r"(?P<name>[^=]+)=\s*(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%?\Z")


class Unclear(ValueError):
    """What is wrong with a line, in words."""


@dataclass(frozen=True)
class Margin:
    """One trait, its classes, and the share of each in the population, in per cent."""

    name: str
    classes: tuple[str, ...]
    shares: tuple[float, ...]

    def told(self) -> dict[str, Any]:
        """As plain lists, ready to be kept."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


def margins_of(text: str) -> list[Margin]:
    """The margins in these lines. Raises Unclear with the line that cannot be read."""
    found = [margin_of(line) for line in text.splitlines() if line.strip()]
    if len(found) > MOST_TRAITS:
        raise Unclear(f"More than {MOST_TRAITS} lines. Each more question is answered by fewer.")
    if len({m.name for m in found}) < len(found):
        raise Unclear("Two lines begin with the same name.")
    return found


def margin_of(line: str) -> Margin:
    name, colon, rest = (part.strip() for part in line.partition(":"))
    parts = [part for part in rest.split(";") if part.strip()]
    if not (colon and name and parts):
        raise Unclear(f"Write it as “Age: under 30 = 23; 30 and over = 77”, not as “{line[:80]}”.")
    read = [SHARE.match(part.strip()) for part in parts]
    if None in read:
        bad = parts[read.index(None)].strip()
        raise Unclear(f"“{bad[:80]}” lacks its share, as in “under 30 = 23”.")
    classes = tuple(m["name"].strip() for m in read if m)
    shares = tuple(float(m["share"].replace(",", ".")) for m in read if m)
    must_be_told_apart(name, classes)
    if not WHOLE[0] <= sum(shares) <= WHOLE[1]:
        raise Unclear(f"The shares of “{name[:80]}” add up to {sum(shares):g}, not to 100.")
    if min(shares) <= 0:
        raise Unclear(f"Leave out the answers to “{name[:80]}” that are nobody’s.")
    return Margin(name, classes, shares)


def must_be_told_apart(name: str, classes: Sequence[str]) -> None:
    if not name or not all(classes):
        raise Unclear("A name or an answer is empty.")
    if len(classes) not in CLASSES or len(set(classes)) < len(classes):
        raise Unclear(f"“{name[:80]}” takes two to eight answers, no two of them the same.")
    if max(map(len, (name, *classes))) > LONGEST_NAME:
        raise Unclear(f"“{max((name, *classes), key=len)[:40]}…” is too long for a glance.")


def names_of(text: str, like: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines without shares: what is told, in another language. Raises Unclear where they
    are not as many, with as many answers, as in `like`."""
    lines = [line.partition(":") for line in text.splitlines() if line.strip()]
    rows = [(name.strip(), [c.strip() for c in rest.split(";")]) for name, _colon, rest in lines]
    if [len(classes) for _name, classes in rows] != [len(row["classes"]) for row in like]:
        raise Unclear("As many lines and answers as above, in the same order.")
    for name, classes in rows:
        must_be_told_apart(name, classes)
        if "=" in "".join(classes):
            raise Unclear("Without shares: they are the same in every language.")
    return [{"name": name, "classes": classes} for name, classes in rows]


def written(rows: Iterable[dict[str, Any]]) -> str:
    """The lines again, for whoever changes them."""
    return "\n".join(
        f"{row['name']}: {'; '.join(answer(row, n) for n in range(len(row['classes'])))}"
        for row in rows
    )


def answer(row: dict[str, Any], n: int) -> str:
    share = f" = {row['shares'][n]:g}" if "shares" in row else ""
    return f"{row['classes'][n]}{share}"


def people_of(
    table: Iterable[tuple[int, Sequence[str]]], margins: Sequence[Margin]
) -> dict[str, list[int]]:
    """By voter, their class in each margin, -1 where it is empty; from a table whose first line
    names the voter and every margin. Raises Unclear."""
    rows = iter(table)
    _line, first = next(rows, (0, []))
    header = [name.strip().lstrip("\ufeff") for name in first]
    if missing := [m.name for m in margins if m.name not in header[1:]]:
        raise Unclear(f"The first line must name the voter and: {', '.join(missing)}.")
    at = [header.index(m.name, 1) for m in margins]
    return {
        row[0].strip(): [
            class_of(line, row[a].strip(), m) for a, m in zip(at, margins, strict=True)
        ]
        for line, row in rows
        if same_width(line, row, len(header))
    }


def same_width(line: int, row: Sequence[str], wide: int) -> bool:
    if len(row) != wide:
        raise Unclear(f"Line {line} has {len(row)} fields where the first line has {wide}.")
    return True


def class_of(line: int, name: str, margin: Margin) -> int:
    if name and name not in margin.classes:
        raise Unclear(f"Line {line}: “{name[:40]}” is no answer to “{margin.name}”.")
    return margin.classes.index(name) if name else -1
