"""Which languages and which area a channel shows, and what fills its blanks."""

import pytest
from hypothesis import given, strategies as st

from commonground.channels.contract.rendering import Rendering, in_first_of
from commonground.say.engine.versions import (
    EACH,
    SEVERAL,
    Known,
    Place,
    Version,
    changed,
    shown_on,
    unshown,
)


def said(language, text, where="", **more):
    return Version(Rendering(language, text.title(), text, **more), where)


MAIN, FRENCH = said("en", "road closed"), said("fr", "route fermée")
NORTH, SOUTH = said("en", "north road closed", "n"), said("fr", "route du sud", "s")
BOTH = [MAIN, FRENCH]


@pytest.mark.parametrize(
    ("place", "versions", "shown"),
    [
        (Place(), [MAIN], ["road closed"]),
        (Place("fr"), [MAIN], ["road closed"]),  # nothing else is there to say
        (Place("fr"), BOTH, ["route fermée"]),
        (Place("en"), BOTH, ["road closed"]),
        (Place("de"), BOTH, ["road closed"]),
        (Place(""), BOTH, ["road closed"]),
        (Place(SEVERAL), BOTH, ["road closed", "route fermée"]),
        (Place("fr", choice=EACH), BOTH, ["road closed", "route fermée"]),
        (Place("fr", choice="en"), BOTH, ["road closed"]),
        (Place("fr", choice="de"), BOTH, ["route fermée"]),  # that version was removed since
        (Place("fr", holds_all=True), BOTH, ["road closed", "route fermée"]),
        (Place("en", "n"), [*BOTH, NORTH], ["north road closed"]),
        (Place("en", "s"), [*BOTH, NORTH], ["road closed"]),
        (Place("en"), [*BOTH, NORTH], ["road closed"]),
        (Place("fr", "s"), [*BOTH, NORTH, SOUTH], ["route du sud"]),
        (Place("fr", "n"), [*BOTH, NORTH, SOUTH], ["route fermée"]),
        (Place("", "n", holds_all=True), [*BOTH, NORTH], ["north road closed", "route fermée"]),
    ],
)
def test_each_channel_shows_its_own(place, versions, shown):
    assert [one.text for one in shown_on(place, versions, Known())] == shown


def test_blanks_are_filled_with_what_is_nearest():
    known = Known(
        {"n": {"": {"Phone": "111"}, "fr": {"place": "le quai"}}},
        {"": {"phone": "999", "place": "the quay"}},
    )
    versions = [said("en", "[[phone]] at [[place]]"), said("fr", "[[PHONE]], [[place]] [[x]]")]

    north = shown_on(Place("", "n", holds_all=True), versions, known)
    others = shown_on(Place("en"), versions, known)

    assert [one.text for one in north] == ["111 at the quay", "111, le quai [[x]]"]
    assert [one.text for one in others] == ["999 at the quay"]


def test_an_area_has_the_pictures_and_the_alert_of_everybody():
    general = said("fr", "route", alts=("Un pont",), event="Route", area="Port")
    (shown,) = shown_on(Place("fr", "s"), [MAIN, general, SOUTH], Known())

    assert (shown.text, shown.alts, shown.event) == ("route du sud", ("Un pont",), "Route")


@pytest.mark.parametrize(
    ("places", "lost"),
    [
        ([Place("en")], ["route fermée", "north road closed"]),
        ([Place("", holds_all=True)], ["north road closed"]),
        ([Place("en"), Place("fr", "n")], ["north road closed"]),
        ([Place("", "n", holds_all=True), Place("en")], []),
        ([Place("fr", "n")], ["north road closed"]),
    ],
)
def test_what_nobody_would_read_is_found(places, lost):
    found = unshown([*BOTH, NORTH], places)

    assert [one.said.text for one in found] == lost


CODES = st.sampled_from(["en", "fr", "ar", "de"])
AREAS = st.sampled_from(["", "n", "s"])
VERSIONS = st.lists(st.tuples(CODES, AREAS), max_size=8, unique=True).map(
    lambda keys: [MAIN, *[said(c, f"{c} {a}", a) for c, a in keys if (c, a) != ("en", "")]]
)
PLACES = st.builds(
    Place,
    st.sampled_from(["", "en", "fr", "ar", SEVERAL]),
    AREAS,
    st.booleans(),
    st.sampled_from(["", EACH, "en", "fr"]),
)


@given(PLACES, VERSIONS)
def test_whatever_there_is_a_channel_shows_something_of_its_own_area_in_no_language_twice(
    place, versions
):
    shown = shown_on(place, versions, Known())
    languages = [one.language for one in shown]

    assert shown
    assert len(set(languages)) == len(languages)
    for one in shown:
        areas = {v.area for v in versions if v.said.text == one.text}
        assert areas <= {"", place.area}
    if not (place.holds_all or place.choice == EACH or place.language == SEVERAL):
        assert len(shown) == 1


@given(st.lists(PLACES, max_size=4), VERSIONS)
def test_a_version_is_either_shown_somewhere_or_known_to_be_lost(places, versions):
    shown = {(one.language, one.text) for p in places for one in shown_on(p, versions, Known())}
    lost = {(one.said.language, one.said.text) for one in unshown(versions, places)}

    written = {(one.said.language, one.said.text) for one in versions[1:]}
    assert written <= shown | lost <= written | {("en", MAIN.said.text)}
    assert not shown & lost


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_what_changed_leads_from_one_text_to_the_other(before, after):
    found = changed(before, after)

    assert "".join(words for sign, words in found if sign != "+") == before
    assert "".join(words for sign, words in found if sign != "-") == after


@given(st.lists(CODES, max_size=4), st.lists(CODES, min_size=1, max_size=4, unique=True))
def test_a_reader_gets_the_first_of_their_languages_there_is(wanted, there):
    shown = in_first_of(wanted, [Rendering(code, "", "x") for code in there])

    assert shown.language == next((code for code in wanted if code in there), there[0])


@given(st.builds(Rendering, CODES, st.text(), st.text(), st.tuples(st.text(), st.text())))
def test_what_is_kept_of_it_is_read_back_as_it_was(one):
    assert Rendering.of(one.as_row()) == one
