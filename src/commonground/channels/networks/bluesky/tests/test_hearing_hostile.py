"""Whatever a server tells us about what was said to us: three ways to fail, an end, and no harm."""

import json
from contextlib import suppress
from datetime import timedelta
from itertools import count

import atproto  # noqa: F401 (takes seconds, which the tests below would count)
import pytest
from django.utils import timezone

from commonground.channels.contract import Busy, Declined, Login, SignInNeeded
from commonground.channels.networks.bluesky import hearing, repo
from commonground.channels.networks.bluesky.hearing import deleted, hears
from commonground.channels.networks.bluesky.tests.test_hostilities import SESSION
from commonground.channels.tests.hostile import (
    NEVER,
    NO_ANSWER,
    NOT_NOW,
    SLOW,
    STRANGER,
    Hostile,
    answer,
)

NOW = timezone.now()
OURS, ANA = SESSION["did"], "did:plc:ana"
POLITE = {"createSession": SESSION, "getSession": SESSION}
ASKED = {
    "hears": lambda login: hears(login, ""),
    "deleted": lambda login: deleted(login, [f"at://{ANA}/{hearing.POSTS}/1"]),
}


def a_row(n=1, **but):
    reply = {"parent": {"uri": f"at://{OURS}/{hearing.POSTS}/9"}}
    return {
        "uri": f"at://{ANA}/{hearing.POSTS}/{n}", "author": {"did": ANA, "handle": "ana.example"},
        "reason": "reply", "indexedAt": (NOW - timedelta(seconds=n)).isoformat(),
        "record": {"text": f"Number {n}", "reply": reply}, **but,
    }  # fmt: skip


def a_record(**but):
    return {**a_row()["record"], **but}


def login_at(url):
    hearing.AHEAD.clear()
    repo.SESSIONS.clear()
    return Login("one", url, "desk.test", {"app_password": "secret"})


def heard_of(page, cursor=""):
    body = page if isinstance(page, bytes) else json.dumps(page).encode()
    with Hostile(answer(body), POLITE) as server:
        return hears(login_at(server.url), cursor)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    ("behaviours", "fate"),
    [(NO_ANSWER, Busy), (NOT_NOW, Busy), (NEVER, Declined), (STRANGER, SignInNeeded)],
    ids=["nonsense", "not now", "never", "stranger"],
)
def test_no_answer_is_more_than_one_of_three_exceptions(behaviours, fate, asked):
    for name, behaviour in behaviours.items():
        with Hostile(behaviour, POLITE) as server, pytest.raises((Busy, Declined)) as told:
            ASKED[asked](login_at(server.url))
        assert type(told.value) is fate, name


@pytest.mark.parametrize("behaviour", SLOW)
def test_nobody_is_listened_to_for_ever(behaviour, monkeypatch):
    monkeypatch.setattr(hearing, "PATIENCE", 1.0)
    with Hostile(SLOW[behaviour], POLITE) as server, pytest.raises(Busy):
        hears(login_at(server.url), "")


ODD = {
    "no row": 7, "a word": "row", "a list": [], "nothing": None,
    "no time": a_row(indexedAt=None), "a time that is none": a_row(indexedAt="soon"),
    "a time beyond all time": a_row(indexedAt=10**30),
    "a time before all time": a_row(indexedAt="0001-01-01T00:00:00+23:00"),
    "nobody": a_row(author=None), "an author of odd types": a_row(author={"did": 7}),
    "somebody else's post": a_row(author={"did": "did:plc:eve", "handle": "eve.example"}),
    "another kind of record": a_row(uri=f"at://{ANA}/app.bsky.feed.like/1"),
    "a path in a name": a_row(uri=f"at://{ANA}/{hearing.POSTS}/../x"),
    "a query in a name": a_row(uri=f"at://{ANA}/{hearing.POSTS}/1?x=y"),
    "an address of a page": a_row(uri="https://evil.example/"),
    "no words": a_row(record={}), "a record of odd types": a_row(record={"text": 7, "reply": 7}),
    "a reply to nothing": a_row(record=a_record(reply={"parent": None})),
    "a like": a_row(reason="like"), "a reason of odd type": a_row(reason={}),
    "our own": a_row(uri=f"at://{OURS}/{hearing.POSTS}/1", author={"did": OURS, "handle": "x"}),
    "a quote of nothing": a_row(reason="quote", reasonSubject=None),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_read_stands_before_nothing(odd):
    batch = heard_of({"notifications": [a_row(1), ODD[odd], a_row(2)]})
    assert [said.text for said in batch.said] == ["Number 2", "Number 1"]


@pytest.mark.parametrize(
    "rows", [None, 7, "rows", {"a": 1}, [[[]]], [{}] * 50_000], ids=lambda rows: str(rows)[:20]
)
def test_what_is_no_list_holds_nothing(rows):
    try:
        assert heard_of({"notifications": rows}).said == ()
    except Busy:
        assert not isinstance(rows, list)


def test_foreign_text_comes_as_text():
    foreign = "<script>x</script>\x00‮\ud83d half"
    row = a_row(record=a_record(text=foreign, langs=["ar" * 500]),
                author={"did": ANA, "handle": "x" * 10_000, "displayName": {"a": 1}})  # fmt: skip
    (said,) = heard_of({"notifications": [row]}).said
    assert said.text.startswith("<script>")
    assert said.text.encode()
    assert len(said.handle) <= 300
    assert (said.name, len(said.language)) == ("", 8)
    assert said.url.startswith("https://bsky.app/profile/did:plc:ana/post/")


def test_a_long_text_is_cut():
    (said,) = heard_of({"notifications": [a_row(record=a_record(text="x" * 1_000_000))]}).said
    assert len(said.text) == hearing.LONGEST


def place(at=NOW - timedelta(days=2)):
    return str(hearing.Place(at, timezone.now()))


@pytest.mark.parametrize("same", [True, False], ids=["the same again", "always another"])
def test_pages_without_end_have_an_end(same):
    n = count()

    def page(line):
        number = next(n)
        cursor = "again" if same else f"c{number}"
        answer({"notifications": [a_row(number)], "cursor": cursor})(line)

    with Hostile(page, POLITE) as server:
        batch = hears(login_at(server.url), place())
    asked = [line for line in server.asked if "listNotifications" in line]
    assert len(asked) == (2 if same else hearing.PAGES)
    assert len(batch.said) == min(len(asked), hearing.AT_ONCE)


def test_an_empty_page_need_not_be_the_last():
    pages = iter([
        {"notifications": [], "cursor": "on"}, {"notifications": [a_row(5)], "cursor": "and on"},
        {"notifications": []},
    ])  # fmt: skip
    with Hostile(lambda line: answer(next(pages))(line), POLITE) as server:
        batch = hears(login_at(server.url), place())
    assert [said.text for said in batch.said] == ["Number 5"]


@pytest.mark.parametrize("cursor", [7, {}, None, True, "x" * 100_000])
def test_an_odd_cursor_does_no_harm(cursor):
    answered = heard_of({"notifications": [a_row()], "cursor": cursor}, place())
    assert {said.text for said in answered.said} == {"Number 1"}
    assert len(answered.cursor) < 100


def test_a_time_to_come_does_not_make_us_deaf():
    future = (timezone.now() + timedelta(days=400)).isoformat()
    first = heard_of({"notifications": [a_row(1, indexedAt=future)]})
    assert hearing.Place.read(first.cursor).at <= timezone.now()
    later = a_row(2, indexedAt=(timezone.now() + timedelta(seconds=1)).isoformat())
    assert [s.text for s in heard_of({"notifications": [later]}, first.cursor).said] == ["Number 2"]


@pytest.mark.parametrize("cursor", ["7", "x y", "2026", "2026-01-01 2026-13-01", " "])
def test_a_place_that_we_did_not_write_begins_anew(cursor):
    assert len(heard_of({"notifications": [a_row()]}, cursor).said) == 1


def test_a_server_that_lost_everything_takes_nothing_from_the_inbox():
    """It says that nothing stands, and cannot say of one post that it is gone."""
    name = f"at://{ANA}/{hearing.POSTS}/1"
    polite = {**POLITE, "getPosts": {"posts": []}}
    for behaviour in (*NO_ANSWER.values(), *NOT_NOW.values(), *NEVER.values()):
        with Hostile(behaviour, polite) as server, suppress(Busy, Declined):
            assert deleted(login_at(server.url), [name]) == []


LONG_AGO = str(hearing.Place(NOW - timedelta(days=2), NOW - timedelta(days=1)))


def test_what_stands_beneath_our_posts_is_heard_though_nobody_told():
    ours = {"records": [{"uri": f"at://{OURS}/{hearing.POSTS}/9"}]}
    thread = {
        "thread": {"replies": [{"post": a_row(3)}, 7, {"post": 7}, {"post": a_row(4, author=None)}]}
    }
    polite = {**POLITE, "listRecords": ours, "getPostThread": thread}
    with Hostile(answer({"notifications": [a_row(2)]}), polite) as server:
        batch = hears(login_at(server.url), LONG_AGO)
    assert [said.text for said in batch.said] == ["Number 3", "Number 2"]


def test_whatever_is_answered_about_our_posts_does_not_make_us_deaf():
    polite = {**POLITE, "listNotifications": {"notifications": [a_row(2)]}}
    for behaviour in (*NO_ANSWER.values(), *NOT_NOW.values(), *NEVER.values()):
        with Hostile(behaviour, polite) as server:
            batch = hears(login_at(server.url), LONG_AGO)
        assert [said.text for said in batch.said] == ["Number 2"]
