"""What people say to an account on a Mastodon server: each once, in order, whatever breaks."""

import pytest

from commonground.channels.contract import Busy, Login, SignInNeeded
from commonground.channels.networks.mastodon.hearing import AT_ONCE, deleted, hears, number
from commonground.channels.networks.mastodon.tests.people import writes

pytestmark = pytest.mark.peer


def all_of(login, cursor="0"):
    said, batches = [], 0
    while True:
        batch = hears(login, cursor)
        said, cursor, batches = [*said, *batch.said], batch.cursor, batches + 1
        if not batch.more:
            return said, cursor, batches


def test_a_reply_comes_with_who_wrote_it_and_what_it_answers(server, login, ana):
    ours = writes(server, "The bridge is closed.")
    writes(ana, f"@{server.username} When does it open?", ours["id"])
    (said,) = hears(login, "").said
    assert said.text == f"@{server.username} When does it open?"
    assert said.handle.startswith("@ana@")
    assert said.beneath == ours["id"]
    assert said.public
    assert said.url.startswith("http")


def test_more_than_a_page_comes_once_each_and_in_order(server, login, ana):
    many = 2 * AT_ONCE + 5
    for n in range(many):
        writes(ana, f"@{server.username} {n}")
    said, cursor, batches = all_of(login)
    assert [one.text.split()[-1] for one in said] == [str(n) for n in range(many)]
    assert batches >= 3
    assert hears(login, cursor).said == ()
    writes(ana, f"@{server.username} one more")
    assert [one.text.split()[-1] for one in hears(login, cursor).said] == ["more"]


def test_nobody_answers_last_year_s(server, login, ana):
    for n in range(AT_ONCE + 3):
        writes(ana, f"@{server.username} {n}")
    batch = hears(login, "")
    assert len(batch.said) == AT_ONCE
    assert not batch.more
    assert hears(login, batch.cursor).said == ()


def test_of_what_was_deleted_the_names_are_told(server, login, ana):
    kept, gone = (writes(ana, f"@{server.username} {word}") for word in ("stays", "goes"))
    assert deleted(login, [kept["id"], gone["id"]]) == []
    ana.say("DELETE", f"/api/v1/statuses/{gone['id']}")
    assert deleted(login, [kept["id"], gone["id"]]) == [gone["id"]]


def test_a_server_that_is_busy_is_asked_again_later(server, login):
    server.break_next("/api/v1/notifications", "GET", type="status", status=503)
    with pytest.raises(Busy):
        hears(login, "")
    assert hears(login, "").said == ()


def test_a_token_that_opens_nothing_needs_a_person(server):
    with pytest.raises(SignInNeeded):
        hears(Login("one", server.url, secrets={"token": "wrong"}), "")


def test_ids_rise_as_numbers_do():
    assert sorted(["10", "9", "100"], key=number) == ["9", "10", "100"]
