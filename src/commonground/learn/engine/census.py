"""How a place is made up, read from a table: one answer a line, with how many people give it.

    trait,answer,people,trait_fr,answer_fr
    age,under 30,23410,âge,moins de 30 ans

`area` and `language` are traits the desk knows by name: the answers of `language` are codes (ISO
639), those of `area` are called as the areas of the desk are. Pure: text in, a census or every
mistake with its line out.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

AREA, LANGUAGE = "area", "language"
NEEDED = ("trait", "answer", "people")
MOST_TRAITS = 4  # each more question is left out by more people
CLASSES = range(2, 13)
LONGEST = 60  # characters of a name: read at a glance on a phone
MOST_FAULTS = 10
TRANSLATED = re.compile(r"(trait|answer)_([a-z]{2,3})")
CODE = re.compile(r"[a-z]{2,3}")
COUNT = re.compile(r"\d{1,12}(\.\d{1,6})?")  # no commas or blanks: nobody can guess what they mean


class What(StrEnum):
    """What can be wrong with a line."""

    EMPTY = "empty"
    MISSING = "missing"  # a column
    UNKNOWN = "unknown"  # a column
    TWICE = "twice"
    FIELDS = "fields"
    NAMELESS = "nameless"
    LONG = "long"
    NUMBER = "number"
    NOBODY = "nobody"
    CLASSES = "classes"
    TRAITS = "traits"
    CODE = "code"
    APART = "apart"
    HALF = "half"  # translated
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which line of the file (the first is 1), and with which words of it."""

    line: int
    what: What
    of: str = ""


class Wrong(ValueError):
    """Every mistake that was found, in the order of the lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{f.line}: {f.what} {f.of}" for f in faults))
        self.faults = tuple(faults)


@dataclass
class Trait:
    """One trait: its answers in the order of the file, and how many people give each. `words`: by
    language its name and its answers, where all of them were translated."""

    name: str
    line: int
    classes: list[str] = field(default_factory=list)
    people: list[float] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)

    def told(self) -> dict[str, object]:
        """As plain lists, ready to be kept."""
        return {"name": self.name, "classes": self.classes, "people": self.people,
                "words": self.words}  # fmt: skip


def read(text: str) -> list[Trait]:
    """The traits of a table. Raises Wrong with every mistake of it, ten at most."""
    rows = list(lines_of(text))
    if not rows:
        raise Wrong([Fault(1, What.EMPTY)])
    first, header = rows[0][0], [name.strip().lower() for name in rows[0][1]]
    if faults := faults_of_header(first, header):
        raise Wrong(faults)
    traits, faults = gathered(header, rows[1:])
    if not faults:  # a line that cannot be read is not missed a second time
        faults = [fault for trait in traits for fault in faults_of_trait(trait)]
    if len(traits) > MOST_TRAITS:
        faults.append(Fault(traits[MOST_TRAITS].line, What.TRAITS))
    if not traits and not faults:
        faults.append(Fault(first, What.EMPTY))
    if faults:
        raise Wrong(sorted(faults, key=lambda f: f.line)[:MOST_FAULTS])
    return traits


def gathered(
    header: Sequence[str], lines: Iterable[tuple[int, list[str]]]
) -> tuple[list[Trait], list[Fault]]:
    """The traits of these lines, and what is wrong with lines."""
    traits: dict[str, Trait] = {}
    faults = []
    for line, cells in lines:
        if len(cells) != len(header):
            faults.append(Fault(line, What.FIELDS, f"{len(cells)} / {len(header)}"))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        faults += faults_of_row(line, row) or taken(traits, line, row)
    return list(traits.values()), faults


def lines_of(text: str) -> Iterable[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it ends in."""
    held = text.lstrip("\ufeff")
    head = held.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    table = csv.reader(io.StringIO(held), delimiter=separator)
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield table.line_num, cells
    except csv.Error:
        raise Wrong([Fault(table.line_num, What.UNREADABLE)]) from None


def faults_of_header(line: int, header: Sequence[str]) -> list[Fault]:
    faults = [Fault(line, What.MISSING, name) for name in NEEDED if name not in header]
    for at, name in enumerate(header):
        if name in header[:at]:
            faults.append(Fault(line, What.TWICE, name))
        elif name not in NEEDED and not TRANSLATED.fullmatch(name):
            faults.append(Fault(line, What.UNKNOWN, name))
    return faults


def faults_of_row(line: int, row: Mapping[str, str]) -> list[Fault]:
    if not row["trait"] or not row["answer"]:
        return [Fault(line, What.NAMELESS)]
    faults = [
        Fault(line, What.LONG, cell[:LONGEST])
        for name, cell in row.items()
        if name != "people" and len(cell) > LONGEST
    ]
    if not COUNT.fullmatch(row["people"]):
        faults.append(Fault(line, What.NUMBER, row["people"][:LONGEST]))
    elif not float(row["people"]) > 0:
        faults.append(Fault(line, What.NOBODY, row["answer"]))
    if row["trait"] == LANGUAGE and not CODE.fullmatch(row["answer"]):
        faults.append(Fault(line, What.CODE, row["answer"]))
    return faults


def taken(traits: dict[str, Trait], line: int, row: Mapping[str, str]) -> list[Fault]:
    """Put a sound row to its trait."""
    trait = traits.setdefault(row["trait"], Trait(row["trait"], line))
    if row["answer"] in trait.classes:
        return [Fault(line, What.TWICE, row["answer"])]
    for code in {m[2] for m in map(TRANSLATED.fullmatch, row) if m}:
        said = trait.words.setdefault(code, [row.get(f"trait_{code}", "")])
        said.append(row.get(f"answer_{code}", ""))
        said[0] = said[0] or row.get(f"trait_{code}", "")
    trait.classes.append(row["answer"])
    trait.people.append(float(row["people"]))
    return []


def faults_of_trait(trait: Trait) -> list[Fault]:
    """Also forgets languages in which nothing of this trait was said."""
    trait.words = {code: said for code, said in trait.words.items() if any(said)}
    faults = []
    if len(trait.classes) not in CLASSES:
        faults.append(Fault(trait.line, What.CLASSES, trait.name))
    for code, said in sorted(trait.words.items()):
        if not all(said):
            faults.append(Fault(trait.line, What.HALF, f"{trait.name} ({code})"))
        elif len(set(said[1:])) < len(said[1:]):
            faults.append(Fault(trait.line, What.APART, f"{trait.name} ({code})"))
    return faults


def shares(people: Sequence[float]) -> list[float]:
    """Of how many people give each answer, their shares of all, adding up to 1."""
    whole = math.fsum(people)
    return [n / whole for n in people]
