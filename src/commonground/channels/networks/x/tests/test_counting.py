import pytest
from hypothesis import given, strategies as st

from commonground.channels.contract import Limits
from commonground.channels.networks.x.adapter import LIMITS
from commonground.channels.networks.x.counting import weight


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("", 0),
        ("Road closed.", 12),
        ("é", 1),
        ("e\u0301", 1),  # composed first
        ("道路", 4),
        ("길", 2),
        ("الطريق", 6),
        ("सड़क", 4),  # each sign counts, whatever a reader sees as one
        ("😀", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("👮🏽‍♀️", 2),
        ("🇨🇦", 2),
        ("1️⃣", 2),
        ("☀️", 2),
        ("“quoted” – …", 12 + 1),  # the three dots in one sign are outside the light ones
    ],
)
def test_letters_weigh_what_x_says(text, weighs):
    assert weight(text) == weighs


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("https://a.example/" + "x" * 400, 23),
        ("http://a.ca", 23),
        ("See https://a.example/b.", 4 + 23 + 1),
        ("(https://a.example/b)", 1 + 23 + 1),
        ("https://a.example/b?x=1&y=2#now, and", 23 + 5),
        ("https://police.example.ca https://b.ca", 23 + 1 + 23),
        ("police.riverside.ca/a12", 23),  # X makes a link of it, and so it counts as one
        ("riverside.police", 23),
        ("https://a.example/bを見る", 23 + 6),  # the link ends where the script changes
        ("me@police.riverside.ca", 22),  # an address for mail is none of the web
        ("@police.ca", 10),
        ("v1.2.3", 6),
        ("closed.Then", 11),
    ],
)
def test_every_link_counts_the_same_and_x_sees_links_without_their_https(text, weighs):
    assert weight(text) == weighs


@given(st.text())
def test_a_longer_text_never_weighs_less(text):
    assert weight(text + " a") == weight(text) + 2


@given(st.text(max_size=60))
def test_no_text_breaks_the_count(text):
    assert 0 <= weight(text) <= 23 * (len(text) + 1)


def test_the_counter_and_the_refusal_agree():
    assert LIMITS.length("道" * 140) == LIMITS.characters
    assert LIMITS.length("道" * 141) > LIMITS.characters


def test_a_network_without_a_way_of_its_own_counts_what_a_reader_sees():
    assert Limits(characters=10).length("道路") == 2
