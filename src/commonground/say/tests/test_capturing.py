"""What a network answered at read-back is captured; what it would not answer is a gap."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from tests import given

from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.networks import networks
from commonground.record.models import Entry, Showing
from commonground.record.queries.captures import captured
from commonground.say import actions
from commonground.say.models import Delivery
from commonground.say.tasks import go_out, take_back
from commonground.say.tasks.capturing import catch_up

pytestmark = pytest.mark.django_db


def captures(what=None):
    rows = list(Entry.objects.filter(verb="capture").order_by("number"))
    return [e for e in rows if what in (None, e.detail["what"])]


def on_the_newsroom(**but):
    author = given.a_member()
    channel = given.a_channel(network="site", agency=author.agency, authorised=[author])
    return given.an_approved_post(by=author, channels=[channel], **but)


def test_on_a_network_of_ours_what_it_was_given_is_captured():
    on_the_newsroom(text="The bridge is closed.")
    go_out()
    (entry,) = captures()
    said = json.loads(captured(entry).body)
    assert (said["text"], said["url"]) == ("The bridge is closed.", Delivery.objects.get().url)
    showing = Showing.objects.get()
    assert (showing.captured, showing.next_at) == (entry.number, None)


def test_a_drill_is_nothing_that_was_public():
    author = given.a_member()
    channel = given.a_channel(agency=author.agency, authorised=[author], drill=True)
    given.an_approved_post(by=author, channels=[channel])
    go_out()
    assert Delivery.objects.get().state == "sent"
    assert not Showing.objects.exists()
    assert captures() == []


@pytest.fixture
def outside(place):
    """A pretended network of strangers: it answers without any wire, so nothing is overheard."""
    networks()["rehearsal"] = replace(place.as_network(), ours_alone=False)
    return place


def test_where_no_answer_was_heard_there_is_a_gap_and_another_look(outside):
    given.an_approved_post()
    go_out()
    showing = Showing.objects.get()
    assert showing.captured is None
    assert "does not name the post" in showing.why
    first = showing.next_at
    with time_machine.travel(first + timedelta(seconds=1), tick=True):
        outside.script(Trouble(Fault.BUSY, on="find", why="Too many questions."))
        catch_up()
    showing.refresh_from_db()
    assert (showing.why, showing.captured) == ("Too many questions.", None)
    assert showing.next_at > first


def test_what_was_taken_back_before_it_was_captured_is_a_gap_for_good(outside):
    post = given.an_approved_post()
    go_out()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong street.", by=given.an_approver(post))
    take_back()
    showing = Showing.objects.get()
    assert showing.gone_at is not None
    assert showing.captured is None
    assert showing.next_at is None


@pytest.mark.peer
def test_a_mastodon_server_is_held_to_its_own_words(mastodon_server):
    mastodon_server.say("POST", "/api/v1/_mock/reset")
    author = given.a_member()
    channel = given.a_channel(
        network="mastodon", agency=author.agency, authorised=[author], address=mastodon_server.url
    )
    channel.secrets = {"token": mastodon_server.token}
    channel.save()
    post = given.an_approved_post(by=author, channels=[channel], text="The bridge is closed.")
    go_out()
    post.refresh_from_db()
    (entry,) = captures("published")
    status = json.loads(captured(entry).body)
    assert status["id"] == Delivery.objects.get().network_id
    assert "The bridge is closed." in status["content"]
    assert entry.detail["part"]
    assert mastodon_server.token not in json.dumps(entry.facts)
    actions.withdraw(post, reason="Wrong street.", by=given.an_approver(post))
    take_back()
    (gone,) = captures("gone")
    assert gone.detail["status"] == 200
    assert json.loads(captured(gone).body)["id"] == status["id"]
