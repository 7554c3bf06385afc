"""Whether an article is about something we follow, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from commonground.learn.engine.matching import (
    COMMON,
    ENOUGH,
    MOST_OF_MESSAGES,
    NEEDED,
    Subject,
    common_among,
    match,
    stems_of,
)

NOW = datetime(2026, 3, 7, 12, tzinfo=UTC)
CRASH = Subject(
    own=("Crash on Mast Road", "crash", "collision"), places=("mast", "Port Sable"),
    messages=("If you have been drinking, do not drive: call a taxi.",),
    since=NOW - timedelta(hours=3), until=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Three dead in crash on Mast Road\nTwo cars collided.", True),
        ("Vigil for those who died on Mast Road\nA crash on Saturday.", True),
        ("Stock market crash worries savers\nPrices fell in Frankfurt.", False),
        ("Ten recipes for spring\nAsparagus and rhubarb.", False),
        ("Road closed for a street festival\nMusic all day.", False),
        ("Crash in another town\nOn Elm Street a taxi was hit; nobody had been drinking.", False),
        ("", False),
    ],
)
def test_an_article_is_taken_for_what_it_is_about(text, fits):
    assert match(CRASH, text, NOW).fits is fits


def test_the_reason_is_in_words_of_what_we_follow():
    why = match(CRASH, "Crash on Mast Road: call a taxi, says police", NOW)
    assert why.own == ("crash", "mast", "road")
    assert why.places == ("mast",)
    assert why.of_messages == ("call", "taxi")
    assert why.as_dict()["points"] == 3 * 2 + 2 + 2
    assert why.as_dict()["needed"] == NEEDED


def test_words_of_the_messages_alone_make_no_match_however_many():
    said = "If you have been drinking do not drive but call a taxi"
    why = match(CRASH, said, NOW)
    assert len(why.of_messages) >= 3
    assert why.points <= MOST_OF_MESSAGES
    assert not why.fits


@pytest.mark.parametrize(
    ("hours", "until", "fits"),
    [(-2, None, True), (-14, None, True), (-17, None, False), (24 * 30, None, True),
     (24 * 7, 0, True), (24 * 7 + 1, 0, False)],
)  # fmt: skip
def test_time_belongs_to_it(hours, until, fits):
    ends = None if until is None else NOW + timedelta(hours=until)
    subject = Subject(CRASH.own, CRASH.places, CRASH.messages, CRASH.since, ends)
    at = NOW + timedelta(hours=hours)
    assert match(subject, "Crash on Mast Road", at).fits is fits


def test_a_word_that_is_in_every_fifth_article_says_nothing():
    many = [stems_of("police crash")] * (int(ENOUGH * COMMON) + 1)
    many += [stems_of(f"other {n}") for n in range(ENOUGH - len(many))]
    common = common_among(many)
    assert "crash" in common
    assert match(CRASH, "A crash on a road", NOW, common).own == ("road",)
    assert common_among(many[: ENOUGH - 1]) == frozenset()


def test_a_place_is_its_whole_name():
    assert match(CRASH, "Port Sable mourns", NOW).places == ("Port Sable",)
    assert match(CRASH, "The port is busy; sable coats", NOW).places == ()


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=4))
def test_no_text_breaks_it_and_more_text_takes_nothing_away(text, own):
    subject = Subject(tuple(own), tuple(own), (), NOW, None)
    less = match(subject, text, NOW)
    more = match(subject, f"{text} {' '.join(own)}", NOW)
    assert more.points >= less.points >= 0
