"""What people say to an account on Bluesky, as its real AppView tells it: each once, in order."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from commonground.channels.contract import Declined, SignInNeeded
from commonground.channels.networks.bluesky import hearing, repo
from commonground.channels.networks.bluesky.hearing import deleted, hears
from commonground.channels.networks.bluesky.tests.world import Person, all_since, until

pytestmark = pytest.mark.peer


@pytest.fixture
def desk(bluesky_network):
    hearing.AHEAD.clear()
    return Person(bluesky_network)


@pytest.fixture
def ana(bluesky_network):
    return Person(bluesky_network)


@pytest.fixture
def ben(bluesky_network):
    return Person(bluesky_network)


@pytest.fixture
def ours(desk):
    return desk.says("The bridge is closed.")


def heard(desk, many, cursor=""):
    return [said for batch in all_since(desk.login, cursor, many) for said in batch.said]


def test_a_reply_comes_with_who_wrote_it_and_what_it_answers(desk, ana, ours):
    reply = ana.writes("When does it open?", ours)
    (said,) = heard(desk, 1)
    assert (said.id, said.author, said.beneath) == (reply["uri"], ana.did, ours["uri"])
    assert (said.text, said.language, said.public) == ("When does it open?", "en", True)
    assert said.handle == f"@{ana.account.handle}"
    assert said.url == f"https://bsky.app/profile/{ana.did}/post/{reply['uri'].split('/')[-1]}"


def test_a_mention_comes_and_a_quote_stands_beneath_what_it_quotes(desk, ana, ours):
    mention = ana.writes(f"@{desk.account.handle} A tree is down.", mentions=desk.did)
    quote = ana.quotes("Is this true?", ours)
    found = {said.id: said.beneath for said in heard(desk, 2)}
    assert found == {mention["uri"]: "", quote["uri"]: ours["uri"]}


def test_who_goes_on_beneath_their_own_words_is_heard(desk, ana, ours):
    first = ana.writes("There is a car in the river", ours)
    second = ana.writes("and somebody is in it", first, root=ours)
    assert [(said.id, said.beneath) for said in heard(desk, 2)] == [
        (first["uri"], ours["uri"]), (second["uri"], first["uri"]),
    ]  # fmt: skip


def test_people_who_talk_with_each_other_are_left_alone(desk, ana, ben, ours):
    first = ana.writes("When does it open?", ours)
    ben.writes("Nobody knows, Ana.", first, root=ours)
    last = ben.writes("And the tunnel?", ours)
    assert {said.id for said in heard(desk, 2)} == {first["uri"], last["uri"]}


def test_our_own_words_beneath_are_not_heard(desk, ana, ours):
    desk.writes("More soon.", ours)
    theirs = ana.writes("Thanks", ours)
    assert [said.id for said in heard(desk, 1)] == [theirs["uri"]]


@pytest.fixture
def small(monkeypatch):
    """Pages and batches that are soon full."""
    monkeypatch.setattr(hearing, "A_PAGE", 10)
    monkeypatch.setattr(hearing, "AT_ONCE", 7)


@pytest.mark.usefixtures("small")
def test_more_than_a_page_comes_once_each_and_in_order(desk, ana, ours):
    start = hears(desk.login, "").cursor
    many = 45
    for n in range(many):
        ana.writes(f"{n}", ours)
    until(lambda: len(all_new(desk, start)), lambda seen: seen == many)
    said = all_new(desk, start)
    assert [one.text for one in said] == [f"{n}" for n in range(many)]
    assert max(len(batch.said) for batch in batches(desk, start)) == hearing.AT_ONCE


def batches(desk, cursor):
    """All that can be had now."""
    found, more = [], True
    while more:
        batch = hears(desk.login, cursor)
        found.append(batch)
        cursor, more = batch.cursor, batch.more
    return found


def all_new(desk, cursor):
    return [said for batch in batches(desk, cursor) for said in batch.said]


@pytest.mark.usefixtures("small")
def test_whoever_takes_over_in_the_middle_loses_nothing(desk, ana, ours):
    start = hears(desk.login, "").cursor
    many = 25
    for n in range(many):
        ana.writes(f"{n}", ours)
    until(lambda: len(all_new(desk, start)), lambda seen: seen == many)
    first = hears(desk.login, start)
    assert first.more
    hearing.AHEAD.clear()  # that worker died, and all that it had read
    rest = all_new(desk, first.cursor)
    told = [one.text for one in (*first.said, *rest)]
    assert list(dict.fromkeys(told)) == [f"{n}" for n in range(many)]
    assert len(told) <= many + 1  # the one at the seam may come twice


def test_what_was_written_with_a_slow_clock_is_found_all_the_same(desk, ana, ours):
    ana.writes("First", ours)
    cursor = all_since(desk.login, "", 1)[-1].cursor
    slow = timezone.now() - timedelta(hours=5)
    late = ana.writes("My clock is slow", ours, at=slow)
    with time_machine.travel(timezone.now() + 2 * hearing.AGAIN, tick=True):
        found = until(
            lambda: {said.id for said in all_new(desk, cursor)}, lambda ids: late["uri"] in ids
        )
    assert late["uri"] in found


def test_a_reply_seen_before_the_post_it_answers_is_found_beneath_it(desk, ana):
    """An AppView that reads two accounts in another order tells the author nothing, ever."""
    cursor = hears(desk.login, "").cursor
    theirs = ana.writes("At once", desk.writes("The bridge is closed."))
    with time_machine.travel(timezone.now() + 2 * hearing.AGAIN, tick=True):
        (said,) = until(lambda: all_new(desk, cursor), bool)[:1]
    assert said.id == theirs["uri"]


def test_nobody_answers_last_year_s(desk, ana, ours, monkeypatch):
    monkeypatch.setattr(hearing, "A_PAGE", 5)
    for n in range(12):
        ana.writes(f"{n}", ours)
    until(lambda: all_new(desk, ""), lambda said: said and said[-1].text == "11")
    batch = hears(desk.login, "")
    assert not batch.more
    assert len(batch.said) < 12
    assert [said.text for said in hears(desk.login, batch.cursor).said] in ([], ["11"])


def test_of_what_was_deleted_the_names_are_told(desk, ana, ours):
    kept, gone = ana.writes("Stays", ours), ana.writes("Goes", ours)
    heard(desk, 2)
    names = [kept["uri"], gone["uri"]]
    assert deleted(desk.login, names) == []
    ana.deletes(gone)
    assert until(lambda: deleted(desk.login, names), bool) == [gone["uri"]]


def test_who_blocks_us_has_not_deleted_anything(desk, ana, ours, bluesky_network):
    reply = ana.writes("Bad police", ours)
    heard(desk, 1)
    block = {"$type": "app.bsky.graph.block", "subject": desk.did,
             "createdAt": timezone.now().isoformat()}  # fmt: skip
    asked = {"repo": ana.did, "collection": "app.bsky.graph.block", "record": block}
    bluesky_network.call("com.atproto.repo.createRecord", asked, ana.token)
    until(lambda: standing(desk, reply), lambda posts: not posts)
    assert deleted(desk.login, [reply["uri"]]) == []


def standing(desk, post):
    return repo.Repo(desk.login, 10).ask("app.bsky.feed.getPosts", uris=[post["uri"]])["posts"]


def test_one_sign_in_serves_every_look(desk, bluesky_network):
    repo.SESSIONS.clear()
    cursor = hears(desk.login, "").cursor
    (session,) = repo.SESSIONS.values()
    for _ in range(3):
        cursor = hears(desk.login, cursor).cursor
    assert list(repo.SESSIONS.values()) == [session]


def test_a_password_that_opens_nothing_needs_a_person(desk):
    from dataclasses import replace

    with pytest.raises(SignInNeeded):
        hears(replace(desk.login, secrets={"app_password": "wrong"}), "")


def test_a_server_without_an_appview_says_that_nothing_is_heard(bluesky_server):
    with pytest.raises(Declined):
        hears(Person(bluesky_server).login, "")
