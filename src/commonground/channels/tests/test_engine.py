from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from commonground.channels import engine

times = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
salts = st.integers(0, (1 << 30) - 1)


@given(times, salts)
def test_a_name_is_a_name(at, salt):
    assert engine.is_name(engine.name_for(at, salt))


@given(times, salts, salts)
def test_a_later_name_sorts_later(at, salt, other):
    assert engine.name_for(at, salt) < engine.name_for(at + timedelta(seconds=1.1), other)


@given(times, salts, salts)
def test_two_salts_give_two_names(at, salt, other):
    same = salt == other
    assert (engine.name_for(at, salt) == engine.name_for(at, other)) is same


def test_the_name_of_a_known_instant():
    # One microsecond after the epoch is 1 << 10, and 1024 in base 32 is 1, 0, 0.
    after = datetime(1970, 1, 1, microsecond=1, tzinfo=UTC)
    assert engine.name_for(after, 0) == "2222222222322"


@pytest.mark.parametrize("not_a_name", ["", "2" * 12, "z" + "2" * 12, "2" * 12 + "1", "2" * 14])
def test_other_words_are_not_names(not_a_name):
    assert not engine.is_name(not_a_name)


@pytest.mark.parametrize(
    ("text", "long"),
    [("", 0), ("é", 1), ("e\u0301", 1), ("👩‍👩‍👧‍👦", 1), ("🇨🇦🇫🇷", 2), ("a\r\nb", 3), ("कि", 1)],
)
def test_a_character_is_what_a_reader_sees(text, long):
    assert engine.length(text) == long


def test_every_link_counts_the_same():
    short, long = "See https://a.example", "See https://a.example/" + "x" * 400
    assert engine.length(short, 23) == engine.length(long, 23) == 4 + 23


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/?q=1&r=2#top!", "https://a.example/?q=1&r=2#top"),
        ("« https://a.example »", "https://a.example"),
    ],
)
def test_a_link_ends_where_a_reader_would_end_it(text, link):
    assert [found for _, _, found in engine.links(text)] == [link]


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("60", 60),
        ("0", 5),
        ("-7", 5),
        ("1000000000", 3600),
        ("1e300", 3600),
        ("inf", 3600),
        ("nan", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 5),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("2026-11-22T12:02:00.000Z", 120),
        (str(int(NOW.timestamp()) + 30), 30),
        ("10, 900", 10),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_busy_network_is_asked_again_within_reason(header, seconds):
    when = engine.again_at(NOW, header)

    assert when == (None if seconds is None else NOW + timedelta(seconds=seconds))


@given(st.text() | st.from_regex(r"[-+]?[0-9.eE]{1,12}", fullmatch=True))
def test_no_header_breaks_the_clock(header):
    when = engine.again_at(NOW, header)

    assert when is None or engine.AT_LEAST <= when - NOW <= engine.AT_MOST


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a\n\n\nb ", "a\n\nb", True),
        ("a\r\nb", "a\nb", True),
        ("a b", "ab", False),
        ("a  b", "a b", False),
        ("cafe\u0301", "caf\u00e9", True),
        ("See police.ca/a", "See http://police.ca/a", True),
        ("See https://police.ca", "See police.ca", False),
        ("See https://police.ca", "See https://p0lice.ca", False),
        ("Road open", "Road closed", False),
        ("@ana@town.example Yes, it is open.", "@ana Yes, it is open.", True),
        ("@ana@town.example", "@ben", False),
        ("Write to info@police.example", "Write to info", False),
        ("Write to info@police.example", "Write to info@other.example", False),
    ],
)
def test_words_are_the_same_whatever_the_space_around_them(one, other, same):
    assert engine.same_words(one, other) is same


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Road\r\nBcc: all@x.example", "Road Bcc: all@x.example"),
        ("A\u2028B\x00C\x85D", "A B C D"),
        ("👨\u200d👩\u200d👧 here", "👨\u200d👩\u200d👧 here"),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", None),
        ("می\u200cخواهم", None),  # Persian: with a gap it would be two words
        ("Polizei\u00adbericht", "Polizeibericht"),
        ("safe\u202etxt.exe", "safetxt.exe"),
    ],
)
def test_one_line_keeps_what_makes_a_word_and_nothing_that_hides(words, line):
    assert engine.one_line(words) == (line or words)


@pytest.mark.parametrize("letter", ["👨\u200d👩\u200d👧", "🇨🇦", "e\u0301", "क्षि"])
def test_words_are_never_cut_in_the_middle_of_a_letter(letter):
    for most in range(10, 40):
        short = engine.cut(letter * 50, most)
        assert len(short) <= most
        assert short.removesuffix("…") == letter * (len(short) // len(letter))
    assert engine.cut("Road closed.", 12) == "Road closed."
    assert engine.cut("Road closed.", 11) == "Road close…"


@pytest.mark.parametrize(("text", "many"), [
    ("#A12 closed, use #HarbourBridge.", 2), ("#12 is a number", 0), ("https://a.example/#now", 0),
    ("C# and a#b", 0), ("#Straßensperre #道路 #_x", 3), ("", 0), ("##double", 0),
])  # fmt: skip
def test_hashtags_are_counted_as_they_can_be_pressed(text, many):
    assert engine.hashtags(text) == many
