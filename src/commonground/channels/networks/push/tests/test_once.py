"""Whoever dies, races or changes their mind: nothing goes twice, and little is kept."""

import json
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.channels.contract import Message
from commonground.channels.networks.push import endpoints, joining
from commonground.channels.networks.push.adapter import told
from commonground.channels.networks.push.models import Handover, Notice, Subscription, Voice
from commonground.channels.networks.push.sending import begin, claim, send_some, tidy_up
from commonground.channels.networks.push.tests.world import (
    a_channel,
    a_device,
    a_notice,
    fates,
    later,
    notices_of,
    opened,
    rounds,
)
from commonground.kit.clock import database_now

pytestmark = pytest.mark.django_db

# Dying, racing, changing


def test_what_a_dead_line_left_behind_is_never_sent_again(service, channel, devices):
    notice = a_notice(channel)
    first, *_rest = claim(database_now())
    assert begin(first)  # and here somebody pulls the plug
    send_some()
    assert fates(notice) == {"waiting": 2, "handing over": 1}

    rounds(4)
    assert fates(notice) == {"taken": 2, "uncertain": 1}
    assert len(service.sent) == 2


def test_two_lines_at_once_send_each_notice_once(service, channel, transactional_db):
    for _ in range(60):
        a_device(channel, service)
    notice = a_notice(channel)

    def work():
        for _round in range(4):
            send_some()
        connection.close()

    lines = [threading.Thread(target=work) for _ in range(3)]
    for one in lines:
        one.start()
    for one in lines:
        one.join()

    assert fates(notice) == {"taken": 60}
    assert len({path for path, *_ in service.sent}) == len(service.sent) == 60


def test_somebody_else_in_between_keeps_the_notice_from_going_twice(service, channel):
    a_device(channel, service)
    a_notice(channel)
    (mine,) = claim(database_now())
    with later(minutes=4):
        (theirs,) = claim(database_now())
        assert not begin(mine)
        assert begin(theirs)
        assert not begin(theirs)


CHANGES = {
    "left": lambda row: joining.leave(row.issue.channel_id, row.reader.where["url"]),
    "withdrawn": lambda row: notices_of(row.issue.channel).withdraw(row.issue.receipt),
    "too late": lambda row: Notice.objects.update(not_after=timezone.now()),
    "paused": lambda row: type(row.issue.channel).objects.update(state="paused"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_a_line_has_it_in_hand_still_counts(service, channel, change):
    a_device(channel, service)
    a_notice(channel)
    (mine,) = claim(database_now())
    CHANGES[change](mine)

    assert not begin(mine)


def test_while_everything_is_stopped_nothing_leaves(service, channel, devices):
    by = given.a_member(agency=channel.agency)
    notice = a_notice(channel)
    hold = apps.get_model("commonground_protect", "Hold")  # a room above this one
    hold.objects.create(agency=channel.agency, reason="Hacked?", by=by)
    send_some()

    assert service.sent == []
    assert fates(notice) == {"waiting": 3}
    assert "Everything is stopped" in told(notice.key)


def test_withdrawn_in_time_nothing_goes(service, channel, devices):
    notice = a_notice(channel)
    notices_of(channel).withdraw(notice.receipt, why="It was wrong.")
    send_some()

    assert fates(notice) == {"left": 3}
    assert service.sent == []


def test_only_the_devices_of_this_channel_get_it(service, channel):
    ours = a_device(channel, service)
    a_device(a_channel(agency=channel.agency, name="Other"), service)
    a_notice(channel)
    send_some()

    assert len(service.sent) == len(service.got(ours)) == 1


def test_the_same_key_never_notifies_anybody_twice(service, channel, devices):
    notice = a_notice(channel)
    send_some()
    for _again in range(2):
        notices_of(channel).publish(Message(notice.text), key=notice.key)
        send_some()

    assert len(service.sent) == 3


def test_an_urgent_notice_waits_behind_no_other(service, channel):
    device = a_device(channel, service)
    a_notice(channel, title="News")
    a_notice(channel, title="Urgent", not_after=timezone.now() + timedelta(minutes=15))
    send_some()

    titles = [json.loads(opened(body))["title"] for *_where, body in service.got(device)]
    assert titles == ["Urgent", "News"]


# What is kept


def test_no_endpoint_and_no_key_stands_in_the_database_in_clear(channel):
    device = a_device(channel)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM commonground_push_subscription")
        row = " ".join(map(str, cursor.fetchone()))
        cursor.execute("SELECT private FROM commonground_push_voice")
        (private,) = cursor.fetchone()

    where = Subscription.objects.get().where
    assert "push.example" not in row
    assert where["auth"] not in row
    assert where["p256dh"] not in row
    assert where["url"] not in repr(device)
    assert Voice.objects.get().private not in private
    assert endpoints.device(channel.pk, where["url"]) in row


def test_after_thirty_days_only_numbers_are_left(service, channel, devices):
    notice = a_notice(channel)
    send_some()
    with later(days=31):
        tidy_up()
        tidy_up()

    assert not Handover.objects.exists()
    notice.refresh_from_db()
    assert fates(notice) == {"taken": 3}


def test_a_channel_that_is_closed_for_good_forgets_its_devices_and_its_keys(channel, devices):
    other = a_device(a_channel(agency=channel.agency, name="Other"))
    type(channel).objects.filter(pk=channel.pk).update(state="closed")
    tidy_up()

    assert [s.pk for s in Subscription.objects.all()] == [other.pk]
    assert [v.pk for v in Voice.objects.all()] == [other.channel_id]
