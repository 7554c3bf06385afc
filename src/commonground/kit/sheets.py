"""Many things at once, out of a spreadsheet: what can be brought, and what each row is.

A room's `sheets.py` registers what it takes; this file knows no room.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from commonground.kit import rows as reading
from commonground.kit.apart import TOO_MUCH, Unusable, apart
from commonground.kit.refusals import Refused

type Words = str | Promise
type Cells = dict[str, str]

# A spreadsheet that opens what we once took runs a cell that begins so.
RUNS = ("=", "+", "-", "@", "\t", "\r", "|", "%")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its heading for people, and what belongs there."""

    name: str
    label: Words
    about: Words
    needed: bool = False
    begins: str = ""  # signs that an honest cell of it may begin with, though formulas do too


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it will be, or why it cannot."""

    number: int  # as the program that made the sheet shows it
    title: str
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    there: bool = False  # the desk has it already; it stays as it is

    @property
    def is_new(self) -> bool:
        return not self.wrong and not self.there


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be brought, and how one row of it becomes a thing.

    `form`: of an agency and cells, the form that reads them; `names`: what is there already;
    `make`: of an agency, a form's values and a member, the thing; `used`: whether something came
    of it, so that it cannot be taken back; `take_back`: of a thing and a member.
    """

    name: str
    title: Words
    about: Words
    columns: tuple[Column, ...]
    may: Callable[[Any], None]
    form: Callable[[Any, Cells], forms.Form]
    names: Callable[[Any], set[str]]
    make: Callable[[Any, Mapping[str, Any], Any], Any]
    of: Callable[[Any, Sequence[str]], Iterable[Any]]
    used: Callable[[Any], bool]
    take_back: Callable[[Any, Any], None]
    page: str


KINDS: dict[str, Kind] = {}


def sheets() -> dict[str, Kind]:
    """All that can be brought, by its name."""
    for app in settings.ROOMS:
        if find_spec(f"{app}.sheets"):
            import_module(f"{app}.sheets")
    return KINDS


def read_sheet(given: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the rows of a file. Raises Refused, in words for whoever brought it."""
    if len(given) > reading.MOST_BYTES:
        raise Refused(why_unusable("large"))
    try:
        told = apart(reading.WORK, given, seconds=reading.SECONDS, memory=reading.MEMORY)
    except Unusable as why:
        raise Refused(why_unusable(why.code)) from why
    found = json.loads(told)
    return found["header"], [(number, cells) for number, cells in found["rows"]]


def why_unusable(code: str) -> str:
    words = {
        "large": _("The file is too large: two megabytes at most. Bring it in parts."),
        "empty": _("There is no row in it. The first sheet is read, its first row is the header."),
        "old": _("This is a workbook of before 2007, or one with a password. Save it as .xlsx"
                 " without a password, or as CSV."),
        "letters": _("Its letters cannot be told for certain. Save it as “CSV UTF-8”, or as"
                     " .xlsx."),
        "rows": _("It has more than %(most)d rows. Bring it in parts."),
        "columns": _("It has more columns than any sheet of ours. Begin from the template."),
        "cell": _("A cell is too long, or its quotation marks do not close."),
        "headers": _("Two columns have the same heading. Give each its own, or delete one."),
        TOO_MUCH: _("Reading it took too much time or memory, so it was left. Begin from the"
                    " template."),
    }  # fmt: skip
    unknown = _("This is not a spreadsheet that can be read. Save it as .xlsx or as CSV.")
    return words.get(code, unknown) % {"most": reading.MOST_ROWS}


def headings(kind: Kind) -> dict[str, str]:
    """Every heading that is understood -> the column: in each language of the desk, and its own
    name."""
    found: dict[str, str] = {}
    for column in kind.columns:
        found[column.name.casefold()] = column.name
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[str(column.label).casefold()] = column.name
    return found


def lines_of(
    kind: Kind, agency: Any, header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[list[Line], list[str]]:
    """What becomes of each row; and the headings that nobody understands, which are not read.
    Raises Refused where a column is missing."""
    known = headings(kind)
    placed = [known.get(name.casefold(), "") for name in header]
    must_be_whole(kind, [name for name in placed if name])
    strange = [name for name, column in zip(header, placed, strict=True) if name and not column]
    there, met, lines = {n.casefold() for n in kind.names(agency)}, set[str](), []
    for number, row in rows:
        cells = {column: cell for column, cell in zip(placed, row, strict=False) if column}
        title = cells.get(kind.columns[0].name, "")
        if title.casefold() in there:
            lines.append(Line(number, title, there=True))
            continue
        wrong = formulas(kind, cells)
        if title and title.casefold() in met:
            wrong.append(_("This stands twice in your sheet."))
        met.add(title.casefold())
        lines.append(judged(kind, agency, Line(number, title, wrong=wrong), cells))
    return lines, strange


def must_be_whole(kind: Kind, placed: Sequence[str]) -> None:
    if len(set(placed)) < len(placed):
        raise Refused(why_unusable("headers"))
    if missing := [str(c.label) for c in kind.columns if c.needed and c.name not in placed]:
        raise Refused(
            _("A column is missing: %(names)s. The first row must hold the headings, as in the"
              " template.") % {"names": ", ".join(missing)}
        )  # fmt: skip


def formulas(kind: Kind, cells: Cells) -> list[str]:
    wrong = []
    for column in kind.columns:
        cell = cells.get(column.name, "")
        if cell == reading.FORMULA:
            wrong.append(
                _("%(column)s: the cell calculates. Put in what it shows.")
                % {"column": column.label}
            )
        elif cell.startswith(RUNS) and cell[0] not in column.begins:
            wrong.append(
                _("%(column)s begins with “%(sign)s”: a spreadsheet would run it. Take the sign"
                  " away.") % {"column": column.label, "sign": cell[0]}
            )  # fmt: skip
    return wrong


def judged(kind: Kind, agency: Any, line: Line, cells: Cells) -> Line:
    form = kind.form(agency, cells)
    labels = {column.name: str(column.label) for column in kind.columns}
    for name, errors in form.errors.items():
        label = labels.get(name, str(form.fields[name].label) if name in form.fields else "")
        line.wrong.extend(f"{label}: {error}" if label else str(error) for error in errors)
    if not line.wrong:
        line.values.update(cells)
    return line
