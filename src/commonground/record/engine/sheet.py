"""The records of an export as a spreadsheet, for people. Nothing in it is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_000  # signs of a cell; Excel holds 32,767
WIDTHS = (9, 27, 22, 18, 34, 40, 22, 12, 34, 60, 26)


def sheet(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX workbook of one table, whose first row names the columns.

    Every cell is text by its type, and one that begins like a formula is marked as text besides
    (the quote sign of spreadsheets), so that it stays text when somebody edits it.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # slow to load, and seldom needed

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": title})
        page = book.add_worksheet("records")
        head = book.add_format({"bold": True, "text_wrap": True})
        words = book.add_format({"text_wrap": True, "valign": "top"})
        quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        page.freeze_panes(1, 0)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                kind = head if at == 0 else quoted if cell.startswith(FORMULA) else words
                page.write_string(at, place, fit(cell), kind)
    return out.getvalue()


def fit(cell: str) -> str:
    """What a cell can hold: no half signs, no signs that XML has not, and not too long."""
    clean = "".join(c if is_sign(c) else "\ufffd" for c in cell)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def is_sign(c: str) -> bool:
    return not ("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" or (c < " " and c not in "\t\n\r"))
