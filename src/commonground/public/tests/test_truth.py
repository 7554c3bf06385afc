"""While everything is stopped, our own site says so: in prepared words, and in the feeds."""

import json

import feedparser
import pytest
from tests import given

from commonground.protect import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return given.a_member(agency=given.an_agency(name="Harbour Police"), roles=["admin"])


def titles(client):
    feeds = [client.get(f"/newsroom/{name}").content for name in ("rss.xml", "atom.xml")]
    items = json.loads(client.get("/newsroom/feed.json").content)["items"]
    return {e.title for feed in feeds for e in feedparser.parse(feed).entries} | {
        i["title"] for i in items
    }


def test_the_newsroom_and_every_feed_tell_that_it_may_not_be_us(client, boss):
    actions.stop(boss.agency, reason="Hacked?", by=boss, said="not_us")

    page = client.get("/accounts/").content.decode()
    assert "Somebody else may be speaking in our name" in page
    assert "In danger, call 911" in page
    assert titles(client) == {"Somebody else may be speaking in our name"}


def test_nothing_is_told_that_nobody_chose_to_tell(client, boss):
    hold = actions.stop(boss.agency, reason="Secret reason", by=boss)
    assert "stopped" not in client.get("/newsroom/").content.decode()
    assert titles(client) == set()

    actions.speak(hold, said="paused", by=boss)
    page = client.get("/newsroom/").content.decode()
    assert "We have paused all our channels" in page
    assert "Secret reason" not in page


def test_a_feed_reader_that_asks_what_changed_hears_of_it_and_of_the_end(client, boss):
    before = client.get("/newsroom/rss.xml")
    hold = actions.stop(boss.agency, reason="Hacked?", by=boss, said="not_us")
    told = client.get("/newsroom/rss.xml")
    assert told["Last-Modified"]
    assert "Last-Modified" not in before
    for _ in range(2):
        actions.agree_to_restart(hold, by=given.a_member(agency=boss.agency, roles=["admin"]))
    assert titles(client) == {"We speak again"}
    assert "We speak again" in client.get("/newsroom/").content.decode()
