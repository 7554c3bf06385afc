"""A stranger with our password, on a real server: found well within two minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels import actions as channels
from commonground.channels.contract import Message
from commonground.protect import actions
from commonground.protect.models import LOOK_EVERY, Alarm, Lookout
from commonground.say import tasks
from commonground.say.models import Delivery
from commonground.say.tasks import watching

pytestmark = [pytest.mark.django_db, pytest.mark.peer]


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


def next_look(channel):
    actions.watch(channel)
    lookout = Lookout.objects.select_related("channel__agency").get(channel=channel)
    with time_machine.travel(timezone.now() + LOOK_EVERY, tick=True):
        watching.look(lookout)


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_a_strangers_post_is_found_at_the_next_look_and_removed_and_ours_is_not(request, network):
    author, channel = signed_in(request, network)
    assert channel.state == "ready"
    next_look(channel)
    given.an_approved_post(
        by=author, channels=[channel], text="Rue fermée 🚧 #A12 https://a.example"
    )
    tasks.go_out()
    assert Delivery.objects.get().state == "sent"

    stranger = channel.adapter()
    stranger.publish(Message("Everybody leave!"), key=stranger.new_key(timezone.now()))
    next_look(channel)

    alarm = Alarm.objects.get()
    assert (alarm.what, alarm.text) == ("foreign", "Everybody leave!")
    assert LOOK_EVERY + timedelta(seconds=30) < timedelta(seconds=120)
    approver = given.a_member(agency=channel.agency, roles=["approver"])
    actions.remove(actions.disown(alarm, by=approver), by=approver)
    standing = channel.adapter().standing(since=timezone.now() - timedelta(hours=1))
    assert [seen.text for seen in standing] == ["Rue fermée 🚧 #A12 https://a.example"]
