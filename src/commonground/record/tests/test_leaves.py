"""A leaf gives nothing away; what is shown of it can be held against it, in any selection."""

import base64
import hashlib
import json
import os

import pytest
import rfc8785
from hypothesis import example, given as any_of, strategies as st

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
    assert (json.loads(made.entry)["v"], json.loads(made.entry)["_sd_alg"]) == (1, "sha-256")
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


def test_each_fact_has_a_salt_of_its_own_and_the_rest_is_the_seed():
    """Two facts with one salt: whoever is shown one could guess the other."""
    chance = bytes(range(3 * 16 + 32))
    assert leaves.chance_needed(3) == len(chance)
    made = leaves.leaf({"type": "inner"}, {"who": "A", "title": "B", "verb": "C"}, chance)
    salts = [json.loads(leaves.unb64url(one))[0] for one in made.disclosures.values()]
    assert [leaves.unb64url(salt) for salt in salts] == [
        chance[0:16], chance[16:32], chance[32:48],
    ]  # fmt: skip
    assert made.seed == chance[48:]


def test_what_stands_for_nothing_is_made_from_the_seed_as_the_format_says():
    """By the bytes that docs/reference/record-format.md names: programs of others count on them."""
    made = leaf({"who": "A"})
    held = json.loads(made.entry)["_sd"]
    spare = {
        leaves.b64url(hashlib.sha256(b"decoy" + bytes([n]) + made.seed).digest()) for n in range(15)
    }
    assert set(held) - spare == {leaves.digest(made.disclosures["who"])}
    assert spare < set(held)


@pytest.mark.parametrize("said", [["salt", 1, "A"], [1, "who", "A"], ["salt", None, "A"]])
def test_what_is_no_salt_and_name_is_no_fact(said):
    with pytest.raises(ValueError, match="a salt, a name and a value"):
        leaves.fact(leaves.b64url(json.dumps(said).encode()))


@pytest.mark.parametrize("text", ["AAB", "AA=", "AAA=", "AA+A", "AA A"])
def test_bytes_are_written_in_one_way(text):
    with pytest.raises(ValueError):
        leaves.unb64url(text)


@any_of(st.binary())
@example(b"\0\0\x17")  # its last letter is an X
def test_bytes_come_back_and_are_spelt_as_the_standard_has_it(raw):
    told = leaves.b64url(raw)
    assert told == base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert leaves.unb64url(told) == raw


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
