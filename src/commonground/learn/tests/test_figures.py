"""Which numbers of two messages count the same thing, and are not the same."""

import pytest

from commonground.learn.engine.figures import Figure, Statement, differences, figures_of


def whats(text):
    return {(f.value, f.what) for f in figures_of(text)}


@pytest.mark.parametrize(("text", "found"), [
    ("Three people were hurt.", {("3", "hurt")}),
    ("3 personnes ont été blessées.", {("3", "hurt")}),
    ("Hay cinco heridos.", {("5", "hurt")}),
    ("12 homes evacuated, 40 residents.", {("12", "homes"), ("40", "people")}),
    ("2 people died and 5 people are missing", {("2", "dead"), ("5", "missing")}),
    ("Some 1,200 people came.", {("1200", "people")}),
    ("Stay 200 metres away.", {("200", "metr")}),
])  # fmt: skip
def test_a_number_is_found_with_what_it_counts(text, found):
    assert whats(text) == found


@pytest.mark.parametrize("text", [
    "Call 902-555-0142.", "Since 14:10 the road is closed.", "Until 4 pm.", "On 30 November.",
    "One of our officers is there.", "It is 5.", "",
])  # fmt: skip
def test_what_counts_nothing_is_no_figure(text):
    assert figures_of(text) == []


def said(who, text, at=0.0, *, waits=False):
    return Statement(who, f"{who} {at}", text, at, waits)


def test_two_agencies_with_other_numbers_for_one_thing_are_told_apart():
    (found,) = differences([
        said("Fire", "5 people hurt"), said("Police", "Three people were injured.", waits=True),
    ])  # fmt: skip

    assert found.what == "hurt"
    assert {found.one[0].who: found.one[1], found.other[0].who: found.other[1]} == {
        "Fire": ("5",), "Police": ("3",),
    }  # fmt: skip


def test_the_same_number_and_another_thing_differ_in_nothing():
    fire = said("Fire", "5 people hurt")
    assert differences([fire, said("Police", "Five people injured.")]) == []
    assert differences([said("Fire", "5 people hurt"), said("Police", "3 homes evacuated.")]) == []


def test_one_agency_may_change_its_own_number():
    assert differences([said("Fire", "3 people hurt", 1), said("Fire", "5 people hurt", 2)]) == []


def test_the_latest_word_of_each_counts_and_one_that_waits_before_all_that_is_out():
    old, new = said("Fire", "3 people hurt", 1), said("Fire", "5 people hurt", 2)
    police = said("Police", "3 people hurt", 3)
    assert [d.what for d in differences([old, new, police])] == ["hurt"]

    waiting = said("Fire", "3 people hurt", 1, waits=True)
    assert differences([waiting, new, police]) == []


def test_a_message_that_says_both_numbers_agrees_with_either():
    both = said("Police", "3 people hurt, of 5 people hurt in all")
    assert differences([said("Fire", "5 people hurt"), both]) == []


def test_a_figure_is_what_it_says():
    assert figures_of("5 heridos") == [Figure("5", "hurt")]
