"""What stands on an account is this desk's, was there before, or is told."""

from datetime import UTC, datetime, timedelta

from hypothesis import given as supposing, strategies as st

from commonground.channels.contract import Receipt, Sighting
from commonground.protect.engine.lookout import SHOWN_AT_ONCE, Before, Sent, What, oddities

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
NAMES = st.lists(st.sampled_from("abcdefghij"), unique=True)


def seen(name, text="The bridge is closed.", at=NOW - timedelta(hours=1)):
    return Sighting(Receipt(name, f"https://x.example/{name}"), text, at)


def sent(name="", text="The bridge is closed.", at=NOW - timedelta(hours=1), **but):
    return Sent(text, name, at if name else None, **but)


def told(standing, sent=(), before=None):
    odd = oddities(standing, sent, before or Before(), NOW)
    return [(one.what, one.network_id) for one in odd]


@supposing(NAMES, NAMES)
def test_what_we_sent_and_what_stood_there_before_is_no_news(ours, theirs):
    standing = [seen(n) for n in {*ours, *theirs}]
    assert told(standing, [sent(n) for n in ours], Before(theirs)) == []


@supposing(NAMES, NAMES, st.sampled_from("xyz"))
def test_one_post_of_a_stranger_is_found_among_any_number_of_others(ours, theirs, name):
    standing = [seen(n) for n in {*ours, *theirs}] + [seen(name, "Police resign!")]
    found = told(standing, [sent(n) for n in ours], Before(theirs))
    assert found == [(What.FOREIGN, name)]


def test_a_second_copy_of_our_words_is_told_once_nothing_is_on_its_way():
    standing = [seen("a"), seen("b")]
    assert told(standing, [sent("a")]) == [(What.TWICE, "b")]
    assert told(standing, [sent("a"), sent(on_its_way=True)]) == []


def test_a_post_that_only_a_person_found_is_ours_wherever_it_stands():
    assert told([seen("a")], [Sent("The bridge is closed.", "", NOW)]) == []


def test_words_changed_under_our_name_are_told():
    assert told([seen("a", "The bridge is open.")], [sent("a")]) == [(What.ALTERED, "a")]


def test_a_post_that_somebody_took_away_is_told_unless_we_did():
    old = seen("z", at=NOW - timedelta(hours=9))
    before = Before(["z"])
    assert told([old], [sent("a")], before) == [(What.GONE, "a")]
    assert told([old], [sent("a", taken_back=True)], before) == []
    assert told([], [sent("a")]) == [(What.GONE, "a")]


def test_what_we_sent_while_we_looked_is_not_missed():
    assert told([seen("z")], [sent("a", at=NOW)], Before(["z"])) == []


def test_an_older_post_that_comes_up_is_no_news_and_a_false_date_hides_nothing():
    standing = [seen(f"n{n:03}") for n in range(SHOWN_AT_ONCE)]
    before = Before.of(standing)
    assert told([*standing[1:], seen("m999")], (), before) == []
    backdated = seen("n500", "Police resign!", at=NOW - timedelta(days=900))
    assert told([*standing[1:], backdated], (), before) == [(What.FOREIGN, "n500")]
