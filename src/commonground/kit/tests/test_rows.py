"""Spreadsheets that strangers, haste and other programs make: read as text, or refused in words."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from commonground.kit import rows
from commonground.kit.refusals import Refused
from commonground.kit.rows import FORMULA, MOST_BYTES, MOST_ROWS
from commonground.kit.sheets import read_sheet

HEADER = "Name,Phone\n"


def workbook(*lines, **how):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **how}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            for place, cell in enumerate(line):
                sheet.write(at, place, cell)
    return out.getvalue()


def cells(given):
    return [row for _number, row in read_sheet(given)[1]]


@pytest.mark.parametrize(
    "given",
    [
        b"Name,Phone\nRefuge,+1 902\n",
        b"Name;Phone\r\nRefuge;+1 902\r\n",
        b"Name\tPhone\nRefuge\t+1 902",
        "\ufeffName,Phone\nRefuge,+1 902\n".encode(),
        "Name,Phone\nRefuge,+1 902\n".encode("utf-16"),
        workbook(["Name", "Phone"], ["Refuge", "+1 902"]),
    ],
    ids=["commas", "semicolons", "tabs", "a mark of UTF-8", "UTF-16", "XLSX"],
)
def test_a_sheet_of_any_program_is_read(given):
    assert read_sheet(given) == (["Name", "Phone"], [(2, ["Refuge", "+1 902"])])


def test_rows_have_the_numbers_that_their_program_shows():
    given = b'Name,Phone\n\n"Two\nlines",1\n,,\nLast,2\n'
    assert read_sheet(given)[1] == [(4, ["Two\nlines", "1"]), (6, ["Last", "2"])]
    book = workbook(["Name"], [], ["Third"])
    assert read_sheet(book)[1] == [(3, ["Third"])]


def test_numbers_days_and_spaces_are_what_a_person_sees():
    book = openpyxl.Workbook()
    book.active.append(["Name", "Phone", "Day"])
    book.active.append(["  Refuge ", 9025550100, date(2026, 11, 30)])
    book.active.append(["Share", 0.5, True])
    out = io.BytesIO()
    book.save(out)
    assert cells(out.getvalue()) == [
        ["Refuge", "9025550100", "2026-11-30"], ["Share", "0.5", "True"],
    ]  # fmt: skip


def test_a_formula_is_never_calculated_and_its_old_value_is_not_believed():
    book = workbook(["Name", "Phone"], ["=1+1", '=HYPERLINK("https://evil.example")'])
    assert cells(book) == [[FORMULA, FORMULA]]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "no row"),
        (b"\n\n , ,\n", "no row"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "before 2007"),
        ("Name\nMaison d’été\n".encode("cp1252"), "letters"),
        (b"Name\nRefugi\xf3\n", "letters"),
        (b"Name\nRe\0fuge\n", "letters"),
        ("Name\nRefuge\n".encode("utf-32"), "letters"),
        (b"\xff\xfeN", "letters"),
        (b"Name,name\na,b\n", "same heading"),
        (b'Name\n"never closed\n', "too long"),
        (b"Name\n" + b"x" * 2001, "too long"),
        (b"Name\n" + b"x" * 20_000, "too long"),
        (b"Name" + b",x" * 70 + b"\n", "columns"),
        (b"PK\x03\x04" + b"not a workbook" * 40, "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "letters"),
    ],
    ids=["nothing", "empty rows", "an old workbook", "Windows letters", "Latin letters", "a zero",
         "UTF-32", "half a letter", "two headings alike", "open quotation marks", "a long cell",
         "a very long cell", "many columns", "no workbook", "a picture"],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_words(given, says):
    with pytest.raises(Refused, match=says):
        read_sheet(given)


def test_a_million_rows_are_left_at_the_first_too_many():
    million = b"Name\n" + b"x\n" * 990_000
    assert len(million) < MOST_BYTES
    with pytest.raises(Refused, match=f"more than {MOST_ROWS} rows"):
        read_sheet(million)
    with pytest.raises(Refused, match="two megabytes"):
        read_sheet(b"Name\n" + b"x\n" * 1_000_000)


def packed(**parts):
    """A workbook whose parts are somebody's own."""
    whole = io.BytesIO(workbook(["Name"], ["Refuge"]))
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>")  # fmt: skip


def test_a_workbook_of_a_million_rows_is_left_at_the_first_too_many():
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    with pytest.raises(Refused, match=r"more than|too large"):
        read_sheet(packed(**{SHEET: OPEN + row * 600_000 + b"</sheetData></worksheet>"}))


def test_a_workbook_that_lies_about_how_far_it_goes_costs_nothing():
    far = OPEN + b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    with pytest.raises(Refused):
        read_sheet(packed(**{SHEET: far + b"</sheetData></worksheet>"}))


def test_a_packed_bomb_is_not_unpacked():
    with pytest.raises(Refused, match="too large"):
        read_sheet(packed(**{"xl/sharedStrings.xml": b" " * 200_000_000}))


def test_a_bomb_of_entities_is_not_unfolded():
    laughs = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 5000 + b'">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a;" * 60) for n in range(3)
    ) + b"]>"  # fmt: skip
    evil = laughs + OPEN + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a2;</t></is></c></row>'
    with pytest.raises(Refused):
        read_sheet(packed(**{SHEET: evil + b"</sheetData></worksheet>"}))


def test_the_reader_stands_alone():
    """No settings, no database: it runs where none of them can be reached."""
    assert rows.read(b"Name\nRefuge\n") == b'{"header": ["Name"], "rows": [[2, ["Refuge"]]]}'
