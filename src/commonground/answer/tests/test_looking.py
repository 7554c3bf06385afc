"""Where a network does not tell that something was deleted, the desk looks: soon, then seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.answer import actions, tasks
from commonground.answer.actions.looking import LOOK_LAST
from commonground.answer.models import Message, Word
from commonground.answer.tests.world import hear, words
from commonground.channels.tests.hostile import Hostile, answer, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return given.a_channel(network="bluesky")


def looked_for_after(channel, wait):
    with time_machine.travel(timezone.now() + wait, tick=False):
        return actions.take_to_look_for(channel)


def test_what_came_just_now_is_not_looked_for_yet(channel):
    hear(channel, words())
    assert actions.take_to_look_for(channel) == []
    assert len(looked_for_after(channel, timedelta(seconds=61))) == 1


def test_each_is_looked_for_by_one_and_later_each_time(channel):
    hear(channel, words())
    waits = []
    for _ in range(16):
        message = Message.objects.get()
        with time_machine.travel(message.look_at, tick=False):
            assert actions.take_to_look_for(channel) == [message]
            assert actions.take_to_look_for(channel) == []
            waits.append(Message.objects.get().look_at - timezone.now())
    assert waits == sorted(waits)
    assert waits[-1] == LOOK_LAST
    assert waits[3] < timedelta(minutes=20)


def test_only_so_many_are_looked_for_in_one_go_the_longest_due_first(channel):
    hear(channel, *[words() for _ in range(30)])
    first = looked_for_after(channel, timedelta(minutes=2))
    second = looked_for_after(channel, timedelta(minutes=2))
    assert (len(first), len(second)) == (25, 5)


def test_where_the_network_tells_by_itself_nothing_is_looked_for():
    channel = given.a_channel(network="fediverse")
    hear(channel, words())
    assert Message.objects.get().look_at is None


def test_what_is_gone_there_is_gone_here_and_looked_for_no_more(channel):
    said = words("Purple elephants on Main")
    hear(channel, said)
    actions.lose_deleted(channel, [said.id, "never heard of"])
    message = Message.objects.get()
    assert (message.said, message.look_at) == ({}, None)
    assert message.gone_at
    assert not Word.objects.exists()


def test_what_was_deleted_does_not_come_back_when_it_is_told_once_more(channel):
    said = words("I should not have said this")
    hear(channel, said)
    actions.lose_deleted(channel, [said.id])
    hear(channel, said)
    assert Message.objects.get().said == {}
    assert not Word.objects.exists()


def test_what_is_forgotten_is_not_looked_for(channel):
    hear(channel, words())
    conversation = Message.objects.get().conversation
    type(conversation).objects.update(last_at=timezone.now() - timedelta(days=91), state="done")
    assert actions.forget_old(conversation)
    assert Message.objects.get().look_at is None


@pytest.mark.parametrize("status", [404, 410])
def test_the_desk_looks_by_itself(status):
    with Hostile(refusal(status), {"statuses/1 ": {"id": "1"}}) as server:
        channel = given.a_channel(network="mastodon", address=server.url, secrets={"token": "x"})
        hear(channel, words("Stays", id="1"), words("Goes", id="2"))
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            tasks.look_for_what_was_deleted()
    assert [bool(message.gone_at) for message in Message.objects.all()] == [False, True]


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500, 503])
def test_a_server_in_trouble_takes_nothing_from_the_inbox(status):
    with Hostile(refusal(status)) as server:
        channel = given.a_channel(network="mastodon", address=server.url, secrets={"token": "x"})
        hear(channel, words("Stays", id="1"))
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            tasks.look_for_what_was_deleted()
    assert server.asked
    assert Message.objects.get().gone_at is None


def test_a_server_that_answers_nonsense_takes_nothing_either():
    with Hostile(answer(b"<html>404</html>")) as server:
        channel = given.a_channel(network="mastodon", address=server.url, secrets={"token": "x"})
        hear(channel, words("Stays", id="1"))
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            tasks.look_for_what_was_deleted()
    assert Message.objects.get().gone_at is None


def test_a_batch_that_tells_one_thing_twice_keeps_it_once(channel):
    said = words("Once")
    assert len(hear(channel, said, said)) == 1
    assert Message.objects.count() == 1


def test_two_edits_of_one_conversation_in_one_batch_both_count(channel):
    from dataclasses import replace

    first, second = words("One", beneath="post"), words("Two", beneath="post")
    hear(channel, first, second)
    hear(channel, replace(first, text="There is a man with a gun in the school, help"),
         replace(second, text="Two, I meant"))  # fmt: skip
    conversation = Message.objects.first().conversation
    assert conversation.rank < 2  # what the first says now is not lost by the second
