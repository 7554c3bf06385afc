"""From a reply on a real Bluesky to our answer beneath it, and what becomes of both."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import given

from commonground.answer import actions, tasks
from commonground.answer.models import Conversation, Line, Message
from commonground.answer.states import State
from commonground.answer.tests.world import an_answerer
from commonground.channels.networks.bluesky import hearing
from commonground.channels.networks.bluesky.tests.world import Person, until
from commonground.say import actions as say
from commonground.say.tasks import go_out

pytestmark = [pytest.mark.peer, pytest.mark.django_db]


@pytest.fixture
def desk(bluesky_network):
    hearing.AHEAD.clear()
    return Person(bluesky_network)


@pytest.fixture
def ana(bluesky_network):
    return Person(bluesky_network)


@pytest.fixture
def channel(desk):
    login = desk.login
    return given.a_channel(network="bluesky", address=login.address, handle=login.handle,
                           secrets=dict(login.secrets))  # fmt: skip


@pytest.fixture
def ben(channel):
    return an_answerer(channel, name="Ben")


def out(post):
    """Seen in public, as every post: read by a second person, and carried by the worker."""
    if post.state == "draft":
        say.submit(post, by=post.author)
    say.approve(post, read=post.digest, by=given.an_approver(post))
    for _ in range(3):
        go_out()
    post.refresh_from_db()
    assert post.state == "published"
    return post.variants.get().deliveries.get()


def all_heard(channel, many):
    def look():
        tasks.hear(Line.objects.get_or_create(channel=channel)[0])
        return Message.objects.count()

    # What the AppView saw before the post it answers is found a minute later, beneath our posts.
    until(look, lambda seen: seen >= many, seconds=150)
    return list(Message.objects.all())


def record(server, address):
    whose, collection, key = address.removeprefix("at://").split("/")
    return server.call("com.atproto.repo.getRecord", repo=whose, collection=collection, rkey=key)


@pytest.mark.usefixtures("no_time_to_undo")
def test_an_answer_goes_out_beneath_theirs_and_what_they_say_to_it_comes_to_the_same_thread(
    channel, ben, ana, bluesky_network
):
    ours = out(given.a_post(channels=[channel], by=ben))
    there = record(bluesky_network, ours.network_id)
    beneath = {"uri": there["uri"], "cid": there["cid"]}
    theirs = ana.writes("When does it open?", beneath)
    (message,) = all_heard(channel, 1)
    assert message.conversation.about == ours.variant.post

    post = actions.reply(message, text="At six.", language="en", by=ben).post
    delivery = out(post)
    said = record(bluesky_network, delivery.network_id)["value"]
    assert said["text"] == "At six."
    places = {name: place["uri"] for name, place in said["reply"].items() if name != "$type"}
    assert places == {"parent": theirs["uri"], "root": beneath["uri"]}
    tasks.settle_answers()
    conversation = Conversation.objects.get()
    assert conversation.answered_at

    answer = record(bluesky_network, delivery.network_id)
    ana.writes("Thanks", {"uri": answer["uri"], "cid": answer["cid"]}, root=beneath)
    first, second = all_heard(channel, 2)
    assert first.conversation == second.conversation
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN


@pytest.mark.usefixtures("no_time_to_undo")
def test_beneath_what_was_deleted_meanwhile_nothing_is_said(channel, ben, ana, desk):
    theirs = ana.writes("Where?", desk.says("The bridge is closed."))
    (message,) = all_heard(channel, 1)
    post = actions.reply(message, text="At the mill.", language="en", by=ben).post
    ana.deletes(theirs)
    until(lambda: hearing.deleted(desk.login, [theirs["uri"]]), bool)
    say.approve(post, read=post.digest, by=given.an_approver(post))
    for _ in range(3):
        go_out()
    delivery = post.variants.get().deliveries.get()
    assert delivery.state == "declined"
    assert "gone" in delivery.why


def test_a_reply_its_author_deleted_leaves_the_inbox(channel, ana, desk):
    ours = desk.says("The bridge is closed.")
    gone = ana.writes("Purple elephants", ours)
    ana.writes("A second thing", ours)
    all_heard(channel, 2)
    ana.deletes(gone)
    until(lambda: hearing.deleted(desk.login, [gone["uri"]]), bool)
    Message.objects.update(look_at=timezone.now())
    tasks.look_for_what_was_deleted()
    first, second = Message.objects.all()
    assert (first.said, bool(first.gone_at)) == ({}, True)
    assert second.said["text"] == "A second thing"
    tasks.hear(Line.objects.get(channel=channel))
    assert Message.objects.get(pk=first.pk).said == {}


@pytest.fixture
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})
