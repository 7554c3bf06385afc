"""A leaf gives nothing away; what is shown of it can be held against it, in any selection."""

import json
import os

import pytest
import rfc8785
from hypothesis import given as any_of, strategies as st

from commonground.record.engine import leaves

TEXT = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FACTS = st.dictionaries(TEXT, VALUES, max_size=20)


def leaf(facts, said=None):
    chance = os.urandom(leaves.chance_needed(len(facts)))
    return leaves.leaf(said or {"type": "inner", "at": "2026-05-01T10:00Z"}, facts, chance)


@any_of(FACTS, st.data())
def test_any_selection_of_facts_can_be_shown_and_says_what_was_written(facts, data):
    made = leaf(facts)
    shown = data.draw(st.sets(st.sampled_from(sorted(facts)))) if facts else set()
    found = leaves.facts_in(made.entry, [made.disclosures[name] for name in shown])
    assert found == {name: facts[name] for name in shown}


@any_of(TEXT, VALUES)
def test_a_fact_is_spelt_as_json_spells_the_three_of_it(name, value):
    salt = os.urandom(leaves.SALT)
    made = leaves.unb64url(leaves.disclosure(salt, name, value))
    said = [leaves.b64url(salt), name, value]
    assert made == json.dumps(said, separators=(",", ":")).encode()
    assert json.loads(made) == said


def test_nothing_of_a_fact_stands_in_the_leaf():
    made = leaf({"who": "Officer Reyes", "title": "Bridge Street 14"})
    for word in (b"who", b"Reyes", b"title", b"Bridge"):
        assert word not in made.entry


@any_of(FACTS)
def test_the_number_of_facts_does_not_show(facts):
    held = json.loads(leaf(facts).entry)["_sd"]
    assert len(held) == (16 if len(facts) <= 16 else 24)
    assert held == sorted(set(held))


def test_the_same_act_written_twice_looks_different():
    assert leaf({"who": "Officer Reyes"}).entry != leaf({"who": "Officer Reyes"}).entry


def test_a_fact_of_another_leaf_is_refused_and_so_is_one_shown_twice():
    one, other = leaf({"who": "A"}), leaf({"who": "B"})
    for shown in ([other.disclosures["who"]], [one.disclosures["who"]] * 2):
        with pytest.raises(ValueError):
            leaves.facts_in(one.entry, shown)


def test_a_leaf_without_enough_chance_is_not_made():
    with pytest.raises(ValueError):
        leaves.leaf({}, {"who": "A"}, b"")


PLAIN = st.recursive(
    st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii")), inner, max_size=4)
    ),
)


@any_of(PLAIN)
def test_the_spelling_is_the_one_of_another_program(value):
    assert leaves.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, float("nan"), None, True, 2**53, {"é": 1}, "\ud800", b"x"])
def test_what_could_be_spelt_in_two_ways_stands_in_no_leaf(value):
    with pytest.raises(ValueError):
        leaves.canonical({"a": [value]} if not isinstance(value, dict) else value)
