"""What every thin network leans on."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from hypothesis import given, strategies as st

from commonground.channels.contract import (
    Busy,
    Declined,
    Limits,
    Login,
    Message,
    Receipt,
    Sighting,
    SignInNeeded,
    TooFarBack,
    Unsure,
)
from commonground.channels.line import (
    Manners,
    back_to,
    id_of,
    judge,
    moment_of,
    our_id,
    secret_of,
    url_of,
)
from commonground.channels.tests.contract_suite import a_picture
from commonground.kit.wire import Errand

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def answered(status, body=b"{}"):
    errand = Errand()
    errand.answer = httpx2.Response(status, content=body)
    return errand


def breaks(*_):
    raise RuntimeError("a shape nobody promised")


@pytest.mark.parametrize(("status", "fate"), [(400, Declined), (429, Busy), (500, Unsure)])
def test_manners_that_break_leave_the_verdict_to_the_status(status, fate):
    manners = Manners(breaks, breaks, breaks)

    assert type(judge(answered(status), manners, acting=True)) is fate


@given(st.binary(max_size=60))
def test_no_body_breaks_the_judgement(body):
    manners = Manners(lambda said: said["error"]["message"])

    assert isinstance(judge(answered(422, body), manners, acting=True), Declined)


def seen(minutes):
    return Sighting(Receipt(str(minutes), ""), "", NOW - timedelta(minutes=minutes))


def test_we_go_back_page_by_page_until_the_time_is_reached():
    asked = []

    def page_after(mark):
        asked.append(mark)
        start = int(mark or 0)
        return [seen(n) for n in range(start, start + 10)], str(start + 10)

    found = list(back_to(NOW - timedelta(minutes=23), page_after))

    # Two minutes more, for clocks that differ.
    assert [s.receipt.network_id for s in found] == [str(n) for n in range(26)]
    assert asked == ["", "10", "20"]


def test_a_network_that_pages_for_ever_is_left_after_five_pages_and_nothing_is_called_absent():
    asked, found = [], []

    def page_after(mark):
        asked.append(mark)
        return [seen(0)], "more"

    with pytest.raises(TooFarBack):
        found.extend(back_to(NOW - timedelta(days=1), page_after))

    assert len(asked) == 5


@pytest.mark.parametrize("odd", ["", "  ", "two\nlines", "ünicode", "two words", "tab\there"])
def test_a_secret_that_cannot_be_one_needs_a_person(odd):
    with pytest.raises(SignInNeeded):
        secret_of(Login("one", secrets={"token": odd}))


@pytest.mark.parametrize("odd", ["", "../1", "1/likes", "a b", "x" * 200, "?a=b", "%2e"])
def test_an_id_that_was_never_one_stands_in_no_address(odd):
    with pytest.raises(Declined):
        our_id(Receipt(odd, ""))
    with pytest.raises(ValueError, match="without an id"):
        id_of(odd)


@pytest.mark.parametrize("odd", [None, 7, {}, "", "javascript:alert(1)", "http://x.example"])
def test_an_address_that_people_press_is_a_page(odd):
    with pytest.raises(ValueError, match="without an address"):
        url_of(odd)


@pytest.mark.parametrize(
    "word", [1_796_000_000, "2026-11-29T10:00:00+0000", "2026-11-29T10:00:00Z"]
)
def test_a_moment_has_a_zone(word):
    assert moment_of(word).tzinfo


@pytest.mark.parametrize("odd", [None, True, {}, 1.5])
def test_what_is_no_moment_is_none(odd):
    with pytest.raises(TypeError):
        moment_of(odd)


@pytest.mark.parametrize(
    ("limits", "message", "words"),
    [
        (Limits(9, links=1), Message("a https://a.ca https://b.ca"), "2 links, and 1 fit"),
        (Limits(9, pictures_at_least=1), Message("a"), "only posts with a picture"),
        (Limits(9, shapes=(1, 2)), Message("a", pictures=(a_picture(width=9, height=90),)),
         "too tall or too wide"),
        (Limits(3, weigh=lambda text: 4), Message("a"), "4 characters, and 3 fit"),
    ],
)  # fmt: skip
def test_a_limit_objects_in_words(limits, message, words):
    assert words in " ".join(limits.objections(message))
