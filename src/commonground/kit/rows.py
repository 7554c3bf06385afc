"""The rows of a spreadsheet that somebody brought, CSV or XLSX, read as text and nothing else.

Pure work on a stranger's bytes, done in a process of its own (see kit.apart): no formula is
calculated, no link followed, no second sheet opened.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from commonground.kit.apart import Unusable

WORK = f"{__name__}:read"
# Measured: five hundred full rows take a second and 200 MB, most of it the library itself.
SECONDS, MEMORY = 20, 700_000_000
MOST_BYTES = 2_000_000
# A service has dozens of accounts and some hundred places of help; a page shows each row.
MOST_ROWS = 500
MOST_COLUMNS = 60
LONGEST = 2_000  # characters of a cell
UNPACKED = 40_000_000  # of a packed sheet: an honest one of 500 rows has a hundredth of it
FORMULA = "=?"  # what stands for a cell that calculates: no text may begin so either

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
BETWEEN = (",", ";", "\t")  # what different languages' programs put between two cells

type Row = tuple[int, list[str]]


def read(given: bytes) -> bytes:
    """{"header": [...], "rows": [[number, [...]], ...]}, the numbers as the program shows them.

    Raises Unusable with one of: large, empty, old, packed, letters, rows, columns, cell, headers.
    """
    if len(given) > MOST_BYTES:
        raise Unusable("large")
    if given.startswith(OLE):
        raise Unusable("old")  # a workbook of before 2007, or one with a password
    rows = of_xlsx(given) if given.startswith(ZIP) else of_csv(given)
    full = [row for row in bounded(rows) if any(row[1])]
    if not full:
        raise Unusable("empty")
    (_, header), *rest = full
    named = [name for name in header if name]
    if len({name.casefold() for name in named}) < len(named):
        raise Unusable("headers")
    return json.dumps({"header": header, "rows": rest}).encode()


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    for number, (at, cells) in enumerate(rows):
        if number > MOST_ROWS:
            raise Unusable("rows")
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unusable("columns")
        if any(len(cell) > LONGEST for cell in cells):
            raise Unusable("cell")
        yield at, cells


def of_csv(given: bytes) -> Iterator[Row]:
    text = in_letters(given)
    first = text.lstrip("\r\n").partition("\n")[0]
    between = max(BETWEEN, key=first.count)
    csv.field_size_limit(LONGEST * 4)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, [tidy(cell) for cell in cells]
    except csv.Error as error:
        raise Unusable("cell") from error


def in_letters(given: bytes) -> str:
    """Never guessed: a name that is read in the wrong letters is another name."""
    found = [name for mark, name in MARKS.items() if given.startswith(mark)]
    try:
        text = given.decode(found[0] if found else "utf-8")
    except UnicodeDecodeError as error:
        raise Unusable("letters") from error
    if "\0" in text:
        raise Unusable("letters")
    return text


def of_xlsx(given: bytes) -> Iterator[Row]:
    import openpyxl  # type: ignore[import-untyped]  # slow to load, and seldom needed

    must_be_small(given)
    try:
        book = openpyxl.load_workbook(io.BytesIO(given), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        # What the file says of its own size is not believed: an honest program writes it, and a
        # dishonest one makes us walk a million empty rows.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
            yield number, [of_cell(cell) for cell in cells]
    except Unusable:
        raise
    except MemoryError:
        raise
    except Exception as error:  # of a library, on bytes that were made to break it
        raise Unusable("packed") from error


def must_be_small(given: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(given)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unusable("packed") from error
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Unusable("large")


def of_cell(cell: Any) -> str:
    if getattr(cell, "data_type", "") == "f":
        return FORMULA
    value = cell.value
    if value is None:
        return ""
    if hasattr(value, "strftime"):  # a day, or a day with its time
        return str(value.isoformat())[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a number that was typed without a point
    return tidy(str(value))


def tidy(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def make_ready() -> None:
    """All that the library reads from the disk, it reads now."""
    import openpyxl

    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    book.save(made)
    list(of_xlsx(made.getvalue()))
    b"".decode("utf-16")
    b"".decode("utf-8-sig")
