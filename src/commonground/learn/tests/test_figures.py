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
    ("1 200 personnes", {("1200", "people")}), ("3,5 km", {("3.5", "km")}),
    ("Twenty-five people were hurt.", {("25", "hurt")}), ("vingt-cinq blessés", {("25", "hurt")}),
    ("treinta y cinco heridos", {("35", "hurt")}), ("Hay seis heridos", {("6", "hurt")}),
    ("quatre-vingt-dix-sept personnes", {("97", "people")}), ("dix-sept morts", {("17", "dead")}),
    ("Two hundred and fifty people", {("250", "people")}), ("mil vecinos", {("1000", "people")}),
    ("A dozen people hurt", {("12", "hurt")}), ("12 thousand people", {("12000", "people")}),
    ("The fire killed 3 people.", {("3", "dead")}),
    ("5 may be hurt", {("5", "hurt")}),
    ("Between 3 and 5 people hurt", {("3", "hurt"), ("5", "hurt")}),
    ("3-5 people hurt", {("3", "hurt"), ("5", "hurt")}),
    ("3 à 5 blessés", {("3", "hurt"), ("5", "hurt")}),
    ("A man of 45 years, injured.", {("45", "year")}),
    ("Un homme de 45 ans blessé", {("45", "ans")}),
])  # fmt: skip
def test_a_number_is_found_with_what_it_counts(text, found):
    assert whats(text) == found


@pytest.mark.parametrize("text", [
    "Call 902-555-0142.", "Since 14:10 the road is closed.", "Until 4 pm.", "On 30 November.",
    "One of our officers is there.", "It is 5.", "", "Once people are home, call us.",
    "50% of homes have power.", "50 pour cent des maisons", "$500 for homes",
    "On 30 November people were evacuated.", "el 30 de noviembre personas",
    "30/11/2026 people hurt", "2026-11-30 people", "Until 4 p.m. people stay away.",
    "Engine 5 evacuated people.", "Appelez le 06 12 34 56 78 personnes",
    "If one person is hurt, call 911.", "Si una persona está herida, llame.",
    "No one knows how many people are missing.", "No one should touch the injured.",
    "No mueva a los heridos.", "La vie d'une personne",
])  # fmt: skip
def test_what_counts_nothing_is_no_figure(text):
    assert figures_of(text) == []


@pytest.mark.parametrize(("none", "one"), [
    ("No one was hurt.", "One person was hurt."), ("There are no injuries.", "One injured."),
    ("Personne n'a été blessé.", "Une personne blessée."), ("Aucun blessé", "Un blessé"),
    ("Nadie resultó herido.", "Una persona herida"), ("No hay heridos.", "Hay un herido."),
    ("Pas de blessés.", "1 blessé"), ("Sin heridos", "1 herido"), ("0 people hurt", "1 hurt"),
])  # fmt: skip
def test_nobody_hurt_and_one_hurt_are_numbers_too(none, one):
    assert whats(none) == {("0", "hurt")}
    assert whats(one) == {("1", "hurt")}
    assert differences([said("Fire", none), said("Police", one)])


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
