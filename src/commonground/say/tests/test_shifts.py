"""A worker that died is relieved at once, and the first page says what became of its work."""

import os
import socket
import subprocess
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract.pretend import Fault
from commonground.say import actions, queries, tasks
from commonground.say.actions.shifts import MINE
from commonground.say.models import Delivery, Restart, Shift

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_works_here():
    yield
    MINE.pk = None


def a_dead_pid():
    """The number of a process that was, and is not any more."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid


def a_worker_that_died_sending(place, *, host=None, fault=None):
    """It wrote its intent, perhaps asked the network, and was never heard of again."""
    post = given.an_approved_post()
    place.clock.at = timezone.now()
    shift = actions.clock_in(host or socket.gethostname(), a_dead_pid())
    tasks.start_due()
    delivery = tasks.ready(timezone.now())[0]
    actions.claim(delivery, shift=shift.pk)
    actions.attempt(delivery)
    if fault != "before":
        message = tasks.carrying.message_of(delivery)
        tasks.adapter_of(delivery).publish(message, key=delivery.key)
    return post


def test_a_restart_on_one_machine_takes_up_at_once_what_was_in_hand(place):
    post = a_worker_that_died_sending(place)

    tasks.sweeping.come()
    tasks.go_out()

    delivery = Delivery.objects.get()
    assert (delivery.state, len(place.posts)) == ("sent", 1)
    [stop] = queries.after_stops(post.agency)
    assert (stop.settled, stop.resumed, stop.handed, stop.pending) == (1, 0, 0, 0)


def test_what_never_left_is_sent_again_and_counted_as_resumed(place):
    post = a_worker_that_died_sending(place, fault="before")

    tasks.sweeping.come()
    tasks.go_out()

    [stop] = queries.after_stops(post.agency)
    assert (stop.settled, stop.resumed) == (0, 1)
    assert len(place.posts) == 1


@pytest.mark.parametrize("place", ["never"], indirect=True)
def test_what_nobody_can_settle_is_handed_to_a_person_and_counted(place):
    post = a_worker_that_died_sending(place)

    tasks.sweeping.come()
    tasks.go_out()

    [stop] = queries.after_stops(post.agency)
    assert stop.handed == 1
    assert queries.in_trouble(post.agency).count() == 1


def test_a_worker_on_another_machine_is_relieved_after_a_minute_of_silence(place):
    post = a_worker_that_died_sending(place, host="elsewhere")
    tasks.sweeping.come()
    assert not Restart.objects.exists()

    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        place.clock.at = timezone.now()
        tasks.sweeping.still_here()
        tasks.sweeping.sweep()
        tasks.go_out()

    assert queries.after_stops(post.agency)[0].settled == 1


def test_the_first_page_says_it_until_a_person_has_read_it(place, client):
    post = a_worker_that_died_sending(place)
    tasks.sweeping.come()
    tasks.go_out()
    client.force_login(post.author)

    panel = client.get(reverse("answer:first_page")).content.decode()
    assert "The desk stopped without warning" in panel
    assert "1 settled by looking" in panel

    restart = Restart.objects.get(agency=post.agency)
    client.post(reverse("say:note_restart", args=[restart.pk]))
    assert "stopped" not in client.get(reverse("answer:first_page")).content.decode()


def test_another_agency_does_not_see_ours(place, client):
    a_worker_that_died_sending(place)
    tasks.sweeping.come()
    restart = Restart.objects.first()
    client.force_login(given.a_member())

    assert client.post(reverse("say:note_restart", args=[restart.pk])).status_code == 404


def test_a_worker_that_said_goodbye_left_nothing_behind(place):
    post = given.an_approved_post()
    tasks.sweeping.come()
    tasks.go_out()
    tasks.sweeping.go()

    tasks.sweeping.come()

    assert queries.after_stops(post.agency) == []


def test_one_worker_sweeps_and_another_takes_over_when_it_falls_silent():
    first, second = uuid.uuid4(), uuid.uuid4()

    assert actions.watch("sweep", first)
    assert not actions.watch("sweep", second)
    assert actions.watch("sweep", first)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert actions.watch("sweep", second)


def test_a_worker_that_lives_is_not_relieved(place):
    actions.clock_in(socket.gethostname(), os.getpid())

    tasks.sweeping.come()

    assert Shift.objects.filter(ended_at=None).count() == 2
    assert not Restart.objects.exists()


def test_a_worker_that_was_relieved_writes_nothing_any_more(place):
    given.an_approved_post()
    place.script(Fault.UNSURE_BEFORE)
    shift = actions.clock_in("elsewhere", 1)
    tasks.start_due()
    delivery = tasks.ready(timezone.now())[0]
    actions.claim(delivery, shift=shift.pk)
    actions.relieve(shift)

    answer = actions.attempt(delivery)

    assert answer == "taken"
