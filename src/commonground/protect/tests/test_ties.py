"""What proves whose an account is: both must name each other, and one break is a break."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given as supposing, strategies as st

from commonground.protect.engine.ties import (
    GOOD_FOR,
    OURS,
    THEIRS,
    Kind,
    Tie,
    accounts_named,
    both_ways,
    did_in,
    is_fresh,
    is_ours,
    keys_named,
    links_that_say_me,
    record_for,
    record_of_key,
    same_place,
)

NOW = datetime(2026, 11, 29, 9, 41, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=5)


@pytest.mark.parametrize(("theirs", "ours"), [*product(sorted(THEIRS), sorted(OURS))])
def test_one_proof_each_way_is_enough_and_the_older_look_counts(theirs, ours):
    assert both_ways([Tie(theirs, NOW), Tie(ours, BEFORE)]) == BEFORE
    assert both_ways([Tie(theirs, NOW)]) is None
    assert both_ways([Tie(ours, NOW)]) is None


def test_what_was_never_set_up_is_not_missed_and_what_broke_is():
    ways = [Tie(Kind.LINK, NOW), Tie(Kind.FILE, NOW)]
    assert both_ways([*ways, Tie(Kind.NAME)]) == NOW
    assert both_ways([*ways, Tie(Kind.NAME, BEFORE, broken_at=NOW)]) is None


def test_an_old_look_is_no_longer_called_verified():
    assert is_fresh(NOW, NOW + GOOD_FOR)
    assert not is_fresh(NOW, NOW + GOOD_FOR + timedelta(seconds=1))
    assert not is_fresh(None, NOW)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<a rel="me" href="https://x.example/">', ["https://x.example/"]),
        ("<link href='https://x.example/a?b=1&amp;c=2' rel='me'>",
         ["https://x.example/a?b=1&c=2"]),
        ("<A HREF=https://x.example/ REL=me>", ["https://x.example/"]),
        ('<a rel="noopener nofollow ME" class="u" href="https://x.example/">',
         ["https://x.example/"]),
        ('<a rel="mentor" href="https://x.example/">', []),
        ('<a href="https://x.example/">rel="me"</a>', []),
        ("&lt;a rel=me href=https://x.example/&gt;", []),
        ('<a rel="me">', []),
        ('<area rel="me" href="https://x.example/">', []),
    ],
)  # fmt: skip
def test_only_a_link_that_says_me_says_me(page, found):
    assert links_that_say_me(page) == found


@pytest.mark.parametrize(
    "page",
    ["<a " * 300_000, "<a x" + " " * 900_000, "<" * 1_000_000, '<a rel="me' * 100_000,
     "<a " + "a " * 400_000, "<a " + "href=" * 200_000],
)  # fmt: skip
def test_a_page_made_to_be_slow_to_read_is_not(page):
    assert links_that_say_me(page) == []


def test_addresses_are_one_however_they_are_written():
    assert same_place("https://www.police.example/accounts", "http://POLICE.example/accounts/")
    assert not same_place(
        "https://police.example.evil/accounts/", "https://police.example/accounts/"
    )
    assert not same_place("", "")


def test_records_are_read_as_they_are_written_and_others_are_not_ours():
    account, key = "https://social.example/@police", "police.example/accounts+1f+AAAA"
    texts = [record_for(account), record_of_key(key), "v=spf1 -all", "account=https://evil.example",
             "", "v=commonground1evil account=https://evil.example"]  # fmt: skip
    assert accounts_named(texts) == [account]
    assert keys_named(texts) == [key]


@supposing(st.lists(st.text()))
def test_no_record_of_a_stranger_breaks_the_reading(texts):
    accounts_named(texts)
    [did_in(text) for text in texts]


def test_a_name_beneath_our_domain_is_ours_and_one_that_only_ends_like_it_is_not():
    assert is_ours("traffic.Police.example.", "police.example")
    assert is_ours("police.example", "police.example")
    assert not is_ours("fakepolice.example", "police.example")
    assert not is_ours("police.example.evil", "police.example")
    assert not is_ours("police.example", "")


def test_only_a_lasting_name_is_one():
    assert did_in(" did=did:plc:abc \n") == "did:plc:abc"
    assert did_in("did:web:police.example") == "did:web:police.example"
    assert did_in("did=<script>") == did_in("did:plc:a b") == did_in("") == ""
