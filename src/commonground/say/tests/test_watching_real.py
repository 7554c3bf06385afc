"""A stranger with our password, on a real server: told of within two minutes, by our own chore."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels import actions as channels
from commonground.channels.contract import Message
from commonground.kit.clock import find_chores
from commonground.protect import actions
from commonground.protect.models import LOOK_EVERY, Alarm, Lookout
from commonground.say import tasks
from commonground.say.models import Delivery
from commonground.say.tasks import watching

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
    pytest.mark.peer,
]
log = logging.getLogger(__name__)
PROMISED = 120  # seconds from a stranger's post to the alarm


def signed_in(request, network):
    """A channel of ours on a real server, whose account others know the password of too."""
    author = given.a_member()
    admin = given.a_member(agency=author.agency, roles=["admin"])
    channel = given.a_channel(agency=author.agency, network=network, authorised=[author])
    server = request.getfixturevalue(f"{network}_server")
    if network == "mastodon":
        server.say("POST", "/api/v1/_mock/reset")
        return author, channels.sign_in(
            channel, {"token": server.token}, by=admin, address=server.url
        )
    account = server.account()
    return author, channels.sign_in(
        channel, {"app_password": account.password}, by=admin, address=server.url,
        handle=account.handle,
    )  # fmt: skip


def chore():
    """The watch, as the worker has it: what it calls, and how often."""
    return next(one for one in find_chores() if one.task is watching.watch_accounts)


def next_look(channel):
    """The worker asks whose turn it is, once the account's must have come again."""
    before = seen_at(channel)
    at(LOOK_EVERY.total_seconds() + chore().seconds)
    assert seen_at(channel) != before


def at(seconds):
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        chore().task()


def seen_at(channel):
    return Lookout.objects.filter(channel=channel).values_list("looked_at", flat=True).first()


def seconds_until_told(channel, posted):
    """From what the stranger did to the alarm, as the worker's clock goes: its waits, and what the
    server takes to answer. How many looks it took, too."""
    looks, seen = 0, seen_at(channel)
    for seconds in range(0, PROMISED + 1, int(chore().seconds)):
        at((posted - timezone.now()).total_seconds() + seconds)
        now = seen_at(channel)
        looks, seen = looks + (now != seen), now
        if alarm := Alarm.objects.first():
            return (alarm.raised_at - posted).total_seconds(), looks
    pytest.fail(f"nobody was told for {PROMISED} seconds")


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_a_strangers_post_is_told_within_two_minutes_and_removed_and_ours_is_not(request, network):
    author, channel = signed_in(request, network)
    assert channel.state == "ready"
    given.an_approved_post(
        by=author, channels=[channel], text="Rue fermée 🚧 #A12 https://a.example"
    )
    at(0)
    tasks.go_out()
    assert Delivery.objects.get().state == "sent"

    # Right after a look, so that the whole pause until the next is before us.
    next_look(channel)
    began = seen_at(channel)
    with time_machine.travel(began, tick=True):
        stranger = channel.adapter()
        stranger.publish(Message("Everybody leave!"), key=stranger.new_key(timezone.now()))
    took, looks = seconds_until_told(channel, began)

    log.info("%s: told after %.1f s, %s look(s)", network, took, looks)
    assert looks == 1
    assert took <= PROMISED
    alarm = Alarm.objects.get()
    assert (alarm.what, alarm.text) == ("foreign", "Everybody leave!")
    approver = given.a_member(agency=channel.agency, roles=["approver"])
    actions.remove(actions.disown(alarm, by=approver), by=approver)
    standing = channel.adapter().standing(since=timezone.now() - timedelta(hours=1))
    assert [seen.text for seen in standing] == ["Rue fermée 🚧 #A12 https://a.example"]
