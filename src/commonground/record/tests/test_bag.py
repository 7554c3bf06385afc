"""The bag holds what people and archives need, and both verifiers hold it to the log."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree
from tests import given
from warcio.archiveiterator import ArchiveIterator

from commonground.record.actions import capture, publish, witness
from commonground.record.engine.capturing import Answer, Medium
from commonground.record.engine.joining import joined
from commonground.record.engine.outsider import verify
from commonground.record.engine.paper import Item, Paper, paper
from commonground.record.engine.sheet import fit, sheet
from commonground.record.queries.exporting import Wish, export
from commonground.record.queries.log import log_key
from commonground.record.tests.test_export import signed_anew

PICTURE = Medium(b"\xff\xd8 a bridge", "image/jpeg", "A bridge under water")
ADDRESS = "https://social.example/api/8"


@pytest.fixture
def shown(db):
    member = given.a_member(name="Officer Reyes")
    channel = given.a_channel(agency=member.agency)
    witness("pause", channel, by=member, reason="=cmd|' /C calc'!A0")
    page = Answer(b"<h1>Bridge</h1>", "text/html", ADDRESS)
    status = Answer(b'{"id": "8", "text": "The bridge is closed."}', "application/json", ADDRESS)
    capture(channel, "published", status, [PICTURE], channel="Mastodon")
    capture(channel, "changed", page, [PICTURE], channel="Mastodon")
    witness("resume", channel, by=member)
    return publish()


def bag_of(shown, place, **wish):
    export(Wish(1, shown.size, **wish), shown, place)
    return place


def verdict(bag):
    try:
        return list(verify.check(str(bag), key=str(log_key(1))))
    except (verify.Failed, *verify.MALFORMED) as why:
        return [f"FAILED: {why}"]


def test_it_holds_what_was_captured_and_says_so(shown, tmp_path):
    bag = bag_of(shown, tmp_path / "bag")
    lines = verdict(bag)
    assert lines[0].startswith("OK. 4 records")
    assert "Captured: 2 answers of networks and pages, 1 pictures and videos." in lines
    assert (bag / "data/captures/2.json").read_bytes().startswith(b'{"id": "8"')
    assert (bag / "data/captures/3.html").read_bytes() == b"<h1>Bridge</h1>"
    (medium,) = (bag / "data/media").iterdir()
    assert (medium.suffix, medium.read_bytes()) == (".jpg", PICTURE.content)


def test_its_web_archive_is_read_by_others(shown, tmp_path):
    bag = bag_of(shown, tmp_path / "bag")
    with (bag / "data/captures.warc").open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.raw_stream.read())
            for r in ArchiveIterator(file)
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo", "resource", "resource"]
    assert [(url, body[:4]) for _, url, body in records[1:]] == [
        (ADDRESS, b'{"id'), (ADDRESS, b"<h1>"),
    ]  # fmt: skip


@pytest.mark.parametrize("withheld", ["title", "detail.digest", "subject", "detail.media"])
def test_whoever_keeps_back_a_title_keeps_back_the_page_that_shows_it(shown, tmp_path, withheld):
    bag = bag_of(shown, tmp_path / "bag", withhold=lambda e: {withheld: "personal"})
    lines = verdict(bag)
    assert lines[0].startswith("OK.")
    assert not any(line.startswith("Captured") for line in lines)
    assert not (bag / "data/captures").exists()
    assert not (bag / "data/media").exists()
    said = b"".join(f.read_bytes() for f in bag.rglob("*") if f.is_file() and f.suffix != ".xlsx")
    assert b"The bridge is closed." not in said


HARMS = {
    "a capture changed": lambda bag: (bag / "data/captures/2.json").write_bytes(b"{}"),
    "a capture gone": lambda bag: (bag / "data/captures/2.json").unlink(),
    "a capture more": lambda bag: (bag / "data/captures/4.json").write_bytes(b"{}"),
    "a picture changed": lambda bag: next((bag / "data/media").iterdir()).write_bytes(b"x"),
    "a picture more": lambda bag: (bag / "data/media/x.jpg").write_bytes(b"x"),
    "the archive gone": lambda bag: (bag / "data/captures.warc").unlink(),
    "the archive changed": lambda bag: (bag / "data/captures.warc").write_bytes(
        (bag / "data/captures.warc").read_bytes().replace(b"<h1>", b"<h2>")
    ),
    "the archive cut": lambda bag: (bag / "data/captures.warc").write_bytes(
        (bag / "data/captures.warc").read_bytes()[:-3]
    ),
    "the archive of another day": lambda bag: (bag / "data/captures.warc").write_bytes(
        (bag / "data/captures.warc").read_bytes().replace(b"WARC-Date: 2", b"WARC-Date: 1")
    ),
    "the archive empty": lambda bag: (bag / "data/captures.warc").write_bytes(b""),
}


@pytest.mark.parametrize("harm", HARMS)
def test_whoever_holds_the_key_of_the_log_cannot_change_what_was_captured(shown, tmp_path, harm):
    bag = bag_of(shown, tmp_path / "bag")
    HARMS[harm](bag)
    assert verdict(bag)[0].startswith("FAILED")
    signed_anew(bag)
    assert verdict(bag)[0].startswith("FAILED")


def cells(content):
    """What a reader of spreadsheets finds: each cell with its type, and whether it is a formula."""
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        page = etree.fromstring(file.read("xl/worksheets/sheet1.xml"))
        texts = etree.fromstring(file.read("xl/sharedStrings.xml"))
    words = ["".join(t.text or "" for t in one.iter(f"{{{space['s']}}}t")) for one in texts]
    assert page.findall(".//s:f", space) == []
    found = page.findall(".//s:c", space)
    assert {cell.get("t") for cell in found} <= {"s", None}
    return [words[int(cell.find("s:v", space).text)] for cell in found if cell.get("t") == "s"]


EVIL = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1", "http://x.example", "12"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_of_the_spreadsheet_is_ever_a_formula(evil):
    content = sheet("Export", [["number"], [evil]])
    assert cells(content)[1].replace("_x000D_", "\r") == evil
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        styles, links = file.read("xl/styles.xml"), "hyperlink" in "".join(file.namelist())
    assert (b"quotePrefix" in styles) == (evil[0] in "=+-@\t\r")
    assert not links


def test_a_cell_holds_whatever_somebody_typed():
    assert len(fit("x" * 100_000)) <= 32_767
    cells(sheet("Export", [["n"], ["\ud800 \x00 \ufffe \x1b[31m"]]))


def test_the_spreadsheet_and_the_paper_say_what_the_table_says(shown, tmp_path):
    bag = bag_of(shown, tmp_path / "bag", withhold=lambda e: {"who": "personal"})
    words = cells((bag / "data/records.xlsx").read_bytes())
    assert "=cmd|' /C calc'!A0" in "".join(words)
    assert "Reyes" not in "".join(words)
    assert (bag / "data/record.pdf").read_bytes().startswith(b"%PDF")


def a_paper(**but):
    said = {"title": "Réponse à la demande 2026-1", "language": "fr", "before": ["Reçue le 3 mai."],
            "made_at": datetime(2026, 5, 4, tzinfo=UTC), "unseen": "Des signes manquent.",
            "items": [Item("3 mai", "L’œuvre du maire, « Élise »", ["motif : à 8 h"]),
                      Item("4 mai", "الجسر مغلق"), Item("4 mai", "桥关闭了")]}  # fmt: skip
    return paper(Paper(**{**said, **but}))


def test_the_paper_has_a_title_a_language_and_bookmarks():
    made = a_paper()
    for sign in (b"/Lang (fr)", b"/DisplayDocTitle true", b"/Outlines", b"/Title"):
        assert sign in made, sign


def test_signs_that_no_font_shows_are_told_not_dropped(tmp_path):
    """Without any font the paper still comes, in the letters of western Europe."""
    made = a_paper(places=[tmp_path])
    assert made.startswith(b"%PDF")
    with_fonts = a_paper(items=[Item("4 mai", "\U0001f9ff 桥")])
    assert with_fonts.startswith(b"%PDF")


@pytest.mark.parametrize(("typed", "seen"), [
    ("باب", "ﺑﺎﺏ"), ("الجسر", "ﺍﻟﺠﺴﺮ"), ("سلام", "ﺳﻼﻡ"), ("Bridge 12", "Bridge 12"), ("", ""),
])  # fmt: skip
def test_arabic_letters_take_the_form_of_their_place(typed, seen):
    assert joined(typed) == seen


def test_the_gaps_go_with_it(shown, tmp_path):
    bag = bag_of(shown, tmp_path / "bag", agency="nobody")
    told = json.loads((bag / "data/gaps.json").read_text())
    assert told["not_captured"] == []
    assert len(told["never_captured"]) == 3
