"""Census tables are read, and every mistake is told with its line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, strategies as st

from commonground.learn.engine.census import Fault, What, Wrong, read, shares

SOUND = """trait,answer,people,trait_fr,answer_fr
age,under 30,23410,âge,moins de 30 ans
age,30 and over,61200,âge,30 ans et plus
area,North,40110,,
area,South,44500,,
language,en,60200,,
language,fr,24410.5,,
"""


def test_a_table_is_read():
    age, area, language = read(SOUND)
    assert (age.name, age.classes, age.people) == (
        "age",
        ["under 30", "30 and over"],
        [23410, 61200],
    )
    assert age.words == {"fr": ["âge", "moins de 30 ans", "30 ans et plus"]}
    assert area.words == {}
    assert language.people[1] == 24410.5
    assert shares(area.people) == pytest.approx([40110 / 84610, 44500 / 84610])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_whatever_a_spreadsheet_puts_between_fields(separator):
    assert read("\ufeff" + SOUND.replace(",", separator)) == read(SOUND)


def test_empty_lines_are_counted_and_passed_over():
    text = SOUND.replace("area,North,40110", "\n\narea,North,-3")
    with pytest.raises(Wrong) as wrong:
        read(text)
    assert wrong.value.faults == (Fault(6, What.NUMBER, "-3"),)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("trait,answer,people", "trait,answer,many", Fault(1, What.MISSING, "people")),
        ("trait_fr,answer_fr", "colour,answer_fr", Fault(1, What.UNKNOWN, "colour")),
        ("trait_fr,answer_fr", "answer_fr,answer_fr", Fault(1, What.TWICE, "answer_fr")),
        ("area,North,40110,,", "area,North,40110", Fault(4, What.FIELDS, "3 / 5")),
        ("area,North", "area,", Fault(4, What.NAMELESS)),
        ("area,North", f"area,{'N' * 61}", Fault(4, What.LONG, "N" * 60)),
        ("40110", '"40,110"', Fault(4, What.NUMBER, "40,110")),
        ("40110", "0", Fault(4, What.NOBODY, "North")),
        ("area,South", "area,North", Fault(5, What.TWICE, "North")),
        ("language,fr", "language,French", Fault(7, What.CODE, "French")),
        ("âge,30 ans et plus", "âge,", Fault(2, What.HALF, "age (fr)")),
        ("30 ans et plus", "moins de 30 ans", Fault(2, What.APART, "age (fr)")),
    ],
)
def test_a_mistake_is_told_with_its_line(before, after, fault):
    with pytest.raises(Wrong) as wrong:
        read(SOUND.replace(before, after, 1))
    assert fault in wrong.value.faults


def test_all_mistakes_are_told_at_once():
    with pytest.raises(Wrong) as wrong:
        read(SOUND.replace("23410", "x").replace("44500", "y"))
    assert wrong.value.faults == (Fault(2, What.NUMBER, "x"), Fault(5, What.NUMBER, "y"))


@pytest.mark.parametrize("text", ["", "\n\n", "trait,answer,people\n"])
def test_nothing_is_no_census(text):
    with pytest.raises(Wrong) as wrong:
        read(text)
    assert wrong.value.faults[0].what == What.EMPTY


def test_a_fifth_trait_is_one_too_many():
    rows = [f"t{n},{a},5" for n in range(5) for a in "ab"]
    with pytest.raises(Wrong) as wrong:
        read("\n".join(["trait,answer,people", *rows]))
    assert wrong.value.faults == (Fault(10, What.TRAITS),)


@given(st.text(max_size=300))
def test_whatever_comes_it_is_read_or_told(text):
    found = []
    with contextlib.suppress(Wrong):
        found = read(text)
    if not found:
        with pytest.raises(Wrong) as wrong:
            read(text)
        assert wrong.value.faults
