"""Sealed words are found by hashes that are noise to whoever lacks the entry's own key."""

import os

import pytest
from hypothesis import given as any_of, strategies as st
from tests import given

from commonground.record.actions import keeping, witness
from commonground.record.actions.indexing import index
from commonground.record.engine import words
from commonground.record.models import Entry, Lookup, Tree
from commonground.record.queries import finding
from commonground.record.queries.finding import find

KEY = bytes(range(32))


@pytest.mark.parametrize(("asked", "text"), [
    ("BRIDGE", "The bridge, closed."), ("strasse", "Straße 14"), ("ｆｕｌｌ", "full"),
    ("桥关", "大桥关闭"), ("14", "Straße 14"), ("élise", "É\u0301lise Élise"),
])  # fmt: skip
def test_words_are_compared_as_people_read_them(asked, text):
    assert words.words_in(asked) <= words.words_in(text)


def test_a_part_of_a_word_is_another_word():
    assert not words.words_in("bridg") <= words.words_in("bridge")


def test_a_name_is_looked_for_among_names():
    facts = {"who": "Officer Reyes", "title": "Bridge"}
    assert words.asked("reyes", "") <= words.words_of(facts)
    assert not words.asked("bridge", "") <= words.words_of(facts)
    assert words.asked("", "reyes bridge") <= words.words_of(facts)


@any_of(st.sets(st.text(min_size=1), max_size=30), st.text(min_size=1))
def test_what_is_in_it_is_always_found(inside, other):
    hashes = words.hashed(inside, KEY)
    assert words.may_hold(hashes, inside, KEY)
    assert words.may_hold(words.hashed({*inside, other}, KEY), {other}, KEY)


def test_a_hash_is_only_found_where_one_begins():
    assert not words.stands_in(b"abcdefgh", b"bcde")
    assert words.stands_in(b"abcdefgh", b"efgh")
    assert not words.stands_in(b"", b"efgh")


def test_the_same_word_leaves_another_mark_in_each_entry():
    assert words.mark("bridge", KEY) != words.mark("bridge", os.urandom(32))


@pytest.fixture
def written(db):
    member = given.a_member(roles=["records"], name="Officer Reyes")
    channel = given.a_channel(agency=member.agency)
    for n in range(6):
        witness("pause", channel, by=member, reason="bridge" if n % 2 else "tunnel")
    return member


def numbers(member, wanted, before="", **how):
    found = find(Entry.objects.of(member.agency_id), before, wanted, **how)
    return [e.number for e in found.rows], found.looked, found.older


def test_before_and_after_they_were_indexed_the_same_are_found(written):
    wanted = words.asked("reyes", "bridge")
    first = numbers(written, wanted)
    assert first == ([6, 4, 2], 6, "")
    assert index() == 6
    assert index() == 0
    assert numbers(written, wanted) == first
    assert numbers(written, wanted, size=2) == ([6, 4], 6, "4")
    assert numbers(written, wanted, before="4") == ([2], 3, "")


def test_only_what_may_fit_is_opened(written, monkeypatch):
    index()
    opened = []
    real = finding.opened
    monkeypatch.setattr(finding, "opened", lambda n: real(opened.extend(n) or n))
    assert numbers(written, words.asked("", "nowhere"))[0] == []
    assert opened == []
    numbers(written, words.asked("", "bridge"))
    assert opened == [6, 4, 2]


def test_what_is_erased_is_found_no_more_and_its_hashes_are_gone(written):
    index()
    old = list(Lookup.objects.filter(pk__in=[2, 4]))
    keeping.erase([2, 4], basis="GDPR 17", by=written)
    assert numbers(written, words.asked("", "bridge"))[0] == [6]
    assert Lookup.objects.filter(pk__in=[2, 4]).count() == 0
    Lookup.objects.bulk_create(old)  # as an older copy of all but the keys would bring them back
    assert numbers(written, words.asked("", "bridge"))[0] == [6]


def test_others_are_not_found(written):
    witness("pause", given.a_channel(), by=given.a_member(), reason="bridge")
    index()
    assert numbers(written, words.asked("", "bridge"))[0] == [6, 4, 2]
    assert Tree.objects.get().indexed == 7


def test_a_page_stops_and_says_where_to_go_on(written, monkeypatch):
    monkeypatch.setattr(finding, "AT_ONCE", 2)
    monkeypatch.setattr(finding, "MOST", 4)
    found, looked, older = numbers(written, words.asked("", "tunnel"))
    assert (found, looked, older) == ([5, 3], 4, "3")
    assert numbers(written, words.asked("", "tunnel"), before=older) == ([1], 2, "")
