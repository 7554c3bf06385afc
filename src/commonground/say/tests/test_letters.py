"""A post that goes out by e-mail says honestly how far it came, and what cannot be undone."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels.networks.mail.models import Letter
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import (
    a_list,
    a_mail_server,
    a_reader,
    name_it,
)
from commonground.channels.networks.push.models import Notice
from commonground.channels.networks.push.tests.world import a_channel
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db
PEOPLE = ("ana", "ben", "cy")


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def post(settings):
    author = given.a_member()
    channel = a_list(agency=author.agency, authorised=[author])
    for name in PEOPLE:
        a_reader(channel, f"{name}@people.example")
    return given.an_approved_post(by=author, channels=[channel])


def work(**later):
    with time_machine.travel(timezone.now() + timedelta(**later), tick=False):
        tasks.go_out()
        send_some()


def page_of(client, post):
    client.force_login(post.author)
    return client.get(post.get_absolute_url()).content.decode()


def test_it_is_published_once_the_mail_server_has_the_letters(client, server, post):
    work()
    assert Delivery.objects.get().state == "unsure"
    page = page_of(client, post)
    assert "being handed over" in page
    assert "The mail server took 3 of 3 letters." in page  # as it is now, not as it was

    work(seconds=10)
    work(seconds=20)

    post.refresh_from_db()
    assert (post.state, Delivery.objects.get().state) == ("published", "sent")
    page = page_of(client, post)
    assert "handed over" in page
    assert "seen in public" not in page
    assert len(server.taken) == 3


def test_the_time_of_the_post_is_the_time_of_its_letters(server, post):
    work()

    assert Letter.objects.get().not_after == Delivery.objects.get().not_after


def test_what_nobody_took_is_declined_in_the_server_s_words(client, server, post):
    for name in PEOPLE:
        server.at_rcpt[f"{name}@people.example"] = ["550 5.1.1 Nobody"]
    for seconds in (0, 10, 100, 200, 300):
        work(seconds=seconds)

    delivery = Delivery.objects.get()
    assert delivery.state == "declined"
    assert "took 0 of 3 letters; refused: 3" in delivery.why
    assert "declined: a person must act" in page_of(client, post)


def test_while_the_mail_server_is_away_a_person_is_told_in_time(settings, post):
    name_it(settings, 1)
    for seconds in range(0, 300, 20):
        work(seconds=seconds)
    with time_machine.travel(timezone.now() + timedelta(seconds=299), tick=False):
        tasks.sweeping.sweep()

    delivery = Delivery.objects.get()
    assert delivery.raised_at is not None
    assert "The mail server takes nothing" in delivery.why


def test_withdrawing_says_that_letters_stay_and_what_to_do(client, server, post):
    work()
    work(seconds=10)
    work(seconds=20)
    post.refresh_from_db()
    approver = post.reviews.get().by
    actions.withdraw(post, reason="Wrong bridge.", by=approver)
    for _again in range(3):
        tasks.take_back()

    delivery = Delivery.objects.get()
    assert "Letters cannot be called back: 3 are out" in delivery.why
    assert "Send a correction" in delivery.why
    assert delivery.raised_at is not None
    assert Entry.objects.filter(verb="note_still_public").count() == 1
    assert client.get(f"/letters/{Letter.objects.get().key}").status_code == 410


def test_withdrawn_half_way_the_rest_is_kept_back_and_told(server, post):
    server.at_rcpt["ben@people.example"] = ["451 4.3.0 Later"]
    work()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong bridge.", by=post.reviews.get().by)
    server.at_rcpt.clear()
    for minutes in (0, 2, 4, 6):
        tasks.take_back()
        work(minutes=minutes)
    tasks.take_back()

    assert len(server.taken) == 2
    assert "2 are out" in Delivery.objects.get().why


def test_withdrawn_before_any_left_nothing_is_out(server, post):
    tasks.go_out()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong bridge.", by=post.reviews.get().by)
    tasks.take_back()  # within five seconds
    for seconds in (1, 10, 120, 240):
        work(seconds=seconds)

    assert server.taken == []
    assert Delivery.objects.get().state == "late"


@pytest.mark.parametrize("urgent", [True, False])
def test_a_notice_learns_from_its_post_whether_it_can_wait_and_until_when(urgent):
    author = given.a_member()
    channel = a_channel(agency=author.agency, authorised=[author])
    given.an_approved_post(by=author, channels=[channel], urgent=urgent)
    work()

    notice, delivery = Notice.objects.get(), Delivery.objects.get()
    assert (notice.urgent, notice.not_after) == (urgent, delivery.not_after)
