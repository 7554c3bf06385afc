"""What a page says of itself, whoever wrote it."""

import json
import unicodedata

import pytest
from hypothesis import example, given, strategies as st

from commonground.kit.apart import Unusable, apart
from commonground.say.engine import heads
from commonground.say.engine.heads import LONGEST_ABOUT, LONGEST_TITLE, Head, head_of, text_of

HERE = "https://roads.example/a12/"


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def test_what_a_page_says_for_cards_goes_before_its_title():
    page = "<title>Roads | Home</title>" + meta("og:title", "The A12") + meta("og:description", "x")
    assert head_of(page, HERE) == Head("The A12", "x", "")


def test_a_page_without_any_of_it_still_has_its_title():
    page = '<title> The  A12\n</title><meta name="description" content="Closed until noon">'
    assert head_of(page, HERE) == Head("The A12", "Closed until noon", "")


def test_the_first_of_two_is_believed():
    page = meta("og:title", "One") + meta("og:title", "Two")
    assert head_of(page, HERE).title == "One"


def test_what_readers_wrote_below_the_head_is_not_believed():
    page = "<head><title>Ours</title></head><body>" + meta("og:title", "Theirs")
    assert head_of(page, HERE).title == "Ours"
    assert head_of("<title>Ours</title><body>" + meta("og:title", "Theirs"), HERE).title == "Ours"


@pytest.mark.parametrize(("words", "seen"), [
    ("A &lt;script&gt;alert(1)&lt;/script&gt; B", "A alert(1) B"),
    ("&lt;iframe src=//evil.example&gt;Road", "Road"),
    ("&lt;scr&lt;b&gt;ipt&gt;Road", "ipt>Road"),
    ("&lt;img src=x onerror=alert(1)", ""),
    ("if 3 &lt; 4 then", "if 3 < 4 then"),
    ("Road\u202edesolc\u202c", "Roaddesolc"),
    ("Ro\u200bad\x07 closed", "Road closed"),
    ("One\nTwo\r\nThree", "One Two Three"),
])  # fmt: skip
def test_words_come_back_as_one_plain_line(words, seen):
    """Hostile input 31: a preview card with a script, a frame, signs that turn the line around."""
    assert head_of(meta("og:title", words), HERE).title == seen


@pytest.mark.parametrize("place", [
    "javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "ftp://a.example/x",
    "", " ", "https://[", "//", "https:///x", "https://a.example/" + "x" * 3000,
])  # fmt: skip
def test_a_picture_lies_on_the_web_or_nowhere(place):
    assert head_of(meta("og:image", place), HERE).picture in ("", HERE)


@pytest.mark.parametrize(("place", "whole"), [
    ("map.png", "https://roads.example/a12/map.png"),
    ("/map.png", "https://roads.example/map.png"),
    ("//cdn.example/map.png", "https://cdn.example/map.png"),
])  # fmt: skip
def test_a_picture_is_found_from_its_page(place, whole):
    assert head_of(meta("og:image", place), HERE).picture == whole


@pytest.mark.parametrize(("body", "told", "seen"), [
    ("Straße".encode(), "utf-8", "Straße"),
    ("Straße".encode("latin-1"), "iso-8859-1", "Straße"),
    (b'<meta charset="windows-1251">' + "Дорога".encode("cp1251"), "", "Дорога"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">'
     + "道路".encode("shift_jis"), "", "道路"),
    ("\ufeffRoad".encode("utf-16"), "utf-8", "Road"),
    (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
    (b"Road", "zip", "Road"), (b"Road", "nonsense", "Road"), (b"Road", "rot13", "Road"),
])  # fmt: skip
def test_letters_are_read_as_they_were_written(body, told, seen):
    assert text_of(body, told).endswith(seen)


@given(st.text(), st.text())
@example("<\u00adA", "<\u00adscript src=x")
@example("<\x85b", "<<b>b>")
def test_whatever_a_page_says_is_short_plain_text(title, about):
    head = head_of(f"<title>{title}</title>{meta('og:description', about)}", HERE)

    assert len(head.title) <= LONGEST_TITLE
    assert len(head.about) <= LONGEST_ABOUT
    for words in (head.title, head.about):
        assert "\n" not in words
        assert not heads.TAG.search(words)
        assert "Cc" not in {unicodedata.category(c) for c in words}


@pytest.mark.parametrize("page", [
    "<" * 300_000, "<!--" * 100_000, "<title>" * 60_000, "<a " * 130_000, "&" * 400_000,
    "<meta " + "content=x " * 40_000, "<![" * 100_000, "</" * 200_000, "<title>" + "x" * 399_000,
])  # fmt: skip
def test_a_page_made_to_be_slow_does_not_hold_us(page):
    """It is read apart: either it is done within its seconds, or it is given up."""
    asked = heads.asked(page.encode(), charset="utf-8", address=HERE)
    code = ""
    try:
        said = heads.answered(apart(heads.WORK, asked, seconds=4, memory=400_000_000))
    except Unusable as error:
        said, code = Head(), error.code
    assert code in ("", "too much")
    assert len(said.title) <= LONGEST_TITLE


def test_every_way_of_writing_letters_works_where_no_file_may_be_opened():
    for charset in heads.CHARSETS:
        body = "<title>Road</title>".encode(charset)
        asked = heads.asked(body, charset=charset, address=HERE)
        said = apart(heads.WORK, asked, seconds=10, memory=400_000_000)
        assert json.loads(said)[0] == "Road", charset
