"""Counters are true, and a cut never falls inside what a reader sees as one character."""

from hypothesis import given, strategies as st

from commonground.channels.contract import Limits
from commonground.say.engine.fit import cut, fit

FAMILY = "👩‍👩‍👧‍👦"


def test_a_family_is_one_character():
    assert fit(FAMILY * 3, Limits(characters=10)).used == 3


def test_a_link_counts_as_its_network_counts_it():
    text = "See https://example.org/" + "a" * 200

    assert fit(text, Limits(characters=50, link_counts=23)).used == 4 + 23
    assert not fit(text, Limits(characters=50)).fits


def test_a_network_that_counts_bytes_as_well_is_obeyed():
    assert fit(FAMILY * 20, Limits(characters=300, bytes=100)).why == "bytes"


@given(st.text(max_size=120), st.integers(min_value=1, max_value=40))
def test_a_cut_loses_nothing_and_what_is_shown_fits(text, room):
    limits = Limits(characters=room)

    shown, lost = cut(text, limits)

    assert shown + lost == text
    assert limits.length(shown) <= room


@given(st.text(min_size=1, max_size=80))
def test_whatever_fits_is_shown_whole(text):
    limits = Limits(characters=80)

    assert cut(text, limits) == (text, "") or limits.length(text) > 80
