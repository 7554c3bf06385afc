"""Somebody else speaks from our account: it is found, told, decided on and removed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from tests import given

from commonground.channels.contract import Message
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.networks import networks
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions, tasks as protect
from commonground.protect.models import Alarm, Lookout
from commonground.record.models import Entry
from commonground.say import tasks
from commonground.say.actions import withdraw
from commonground.say.models import Delivery
from commonground.say.tasks import watching

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(place):
    """A channel that others could post on too; its first look is over."""
    place.clock.at = timezone.now() - timedelta(hours=3)
    networks()["rehearsal"] = replace(place.as_network(), ours_alone=False)
    author = given.a_member()
    channel = given.a_channel(agency=author.agency, authorised=[author])
    channel.author = author
    stranger(place, channel, "An old post, from before there was a desk.")
    place.clock.at = timezone.now()
    look(channel)
    return channel


def stranger(place, channel, text):
    """Somebody with the account's password, on their own phone."""
    return place.hold(Message(text), text, str(channel.pk))


def look(channel, after=0.0):
    with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=False):
        actions.watch(channel)
        watching.look(Lookout.objects.select_related("channel__agency").get(channel=channel))


def test_a_post_this_desk_did_not_send_is_an_alarm_once(place, account):
    stranger(place, account, "Everybody must leave the city now.")

    look(account, after=60)
    look(account, after=120)

    alarm = Alarm.objects.get()
    assert (alarm.what, alarm.text) == ("foreign", "Everybody must leave the city now.")
    assert Entry.objects.get(verb="raise_alarm").detail["channel"] == account.name


def test_another_account_on_the_same_channel_is_watched_from_its_own_beginning(place, account):
    account.url = "https://social.example/@another"
    account.save(update_fields=["url"])
    stranger(place, account, "An old post of the other account.")

    look(account, after=60)
    assert not Alarm.objects.exists()
    stranger(place, account, "Everybody must leave the city now.")
    look(account, after=120)

    assert Alarm.objects.get().text == "Everybody must leave the city now."


def test_signing_the_same_account_in_again_hides_nothing_that_came_meanwhile(place, account):
    address = account.url = "https://social.example/@ours"
    account.save(update_fields=["url"])
    look(account, after=30)
    account.url = ""  # signed in, and the network too busy to say who we are
    account.save(update_fields=["url"])
    stranger(place, account, "Everybody must leave the city now.")
    look(account, after=60)
    account.url = address
    account.save(update_fields=["url"])
    look(account, after=120)

    assert Alarm.objects.get().text == "Everybody must leave the city now."


def test_what_this_desk_sends_is_none_and_neither_is_what_it_takes_back(place, account):
    post = given.an_approved_post(by=account.author, channels=[account])
    tasks.go_out()
    look(account, after=60)
    post.refresh_from_db()
    withdraw(post, reason="Wrong road.", by=post.reviews.first().by)
    tasks.take_back()
    look(account, after=120)

    assert Delivery.objects.get().withdrawn_at
    assert not Alarm.objects.exists()


def test_our_words_standing_twice_changed_or_gone_are_alarms(place, account):
    for text in ("The bridge is closed.", "The road is closed.", "The tunnel is closed."):
        given.an_approved_post(by=account.author, channels=[account], text=text)
    tasks.go_out()
    bridge, road, tunnel = [h for h in place.posts.values() if "closed" in h.message.text]
    stranger(place, account, bridge.message.text)
    place.posts[road.receipt.network_id] = replace(road, message=Message("The road is open."))
    del place.posts[tunnel.receipt.network_id]

    look(account, after=60)

    found = {a.what: (a.text, a.ours) for a in Alarm.objects.all()}
    assert found == {
        "twice": ("The bridge is closed.", ""),
        "altered": ("The road is open.", "The road is closed."),
        "gone": ("", "The tunnel is closed."),
    }


def test_an_account_that_cannot_be_seen_says_so_and_accuses_nobody(place, account):
    given.an_approved_post(by=account.author, channels=[account])
    tasks.go_out()
    place.script(Trouble(Fault.BUSY, on="standing"))

    look(account, after=60)

    assert not Alarm.objects.exists()
    assert Lookout.objects.get().trouble == "A scripted fault."


def test_it_is_told_by_mail_every_quarter_of_an_hour_until_somebody_decides(
    place, account, settings
):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})
    approver = given.a_member(agency=account.agency, roles=["approver"])
    stranger(place, account, "Everybody must leave\nthe city now.")
    look(account, after=60)
    start = timezone.now()
    for minute in (1, 6, 17):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            protect.tell_people()
    assert [m.to for m in mail.outbox] == [[approver.email]] * 2
    assert "Everybody must leave\nthe city now." in mail.outbox[0].body

    actions.disown(Alarm.objects.get(), by=approver)
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        protect.tell_people()
    assert len(mail.outbox) == 2


def test_an_approver_says_what_it_was_and_what_is_not_ours_is_removed(place, account):
    approver = given.a_member(agency=account.agency, roles=["approver"])
    stranger(place, account, "Everybody must leave the city now.")
    look(account, after=60)
    alarm = Alarm.objects.get()
    with pytest.raises(NotYours):
        actions.disown(alarm, by=account.author)
    with pytest.raises(NotYours):
        actions.disown(alarm, by=given.a_member(roles=["approver"]))
    with pytest.raises(Refused):
        actions.explain(alarm, reason=" ", by=approver)
    with pytest.raises(MovedOn):
        actions.remove(alarm, by=approver)

    actions.disown(alarm, by=approver)
    actions.remove(alarm, by=approver)

    assert "Everybody must leave the city now." not in str(place.posts)
    assert Alarm.objects.get().removed_at


@pytest.mark.django_db(transaction=True)
def test_every_account_is_looked_at_in_its_turn_and_a_silent_one_holds_up_none(
    place, account, a_record_that_can_be_emptied
):
    other = given.a_channel(agency=account.agency)
    with time_machine.travel(timezone.now() + timedelta(seconds=90), tick=False):
        watching.watch_accounts()
    assert set(Lookout.objects.exclude(looked_at=None).values_list("channel", flat=True)) == {
        account.pk, other.pk,
    }  # fmt: skip
