"""Deliveries through a task queue: the same promises on each queue, whatever it does."""

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_ox.models import OxTask
from django_tasks_db.models import DBTaskResult
from tests import given

from commonground.channels.contract.pretend import Desk, Fault, Place
from commonground.channels.networks import networks
from commonground.kit.queue import prune, thread
from commonground.say import actions, tasks
from commonground.say.models import Delivery
from commonground.say.tasks.calling import CALLS, carry
from commonground.say.tasks.hands import HANDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]
ROWS = {"ox": OxTask, "db": DBTaskResult}


@pytest.fixture(params=["ox", "db"])
def queue(request, settings):
    """The rows of a queue that the desk is told to use."""
    settings.ENV = settings.ENV.model_copy(
        update={"queue": request.param, "undo_seconds": 0, "hands": 6}
    )
    return ROWS[request.param].objects.all()


@pytest.fixture
def place():
    known = dict(networks())
    place = Place(known["rehearsal"])
    place.clock.at = timezone.now()
    networks()["rehearsal"] = place.as_network()
    yield place
    networks().update(known)


@pytest.fixture
def runner(queue):
    CALLS.start()
    yield
    CALLS.finish()


def until(is_so, seconds=20):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        tasks.keep_going()
        time.sleep(0.05)


def sent():
    return Delivery.objects.filter(state="sent").count()


def test_post_arrives_once_through_the_queue(queue, place, runner):
    given.an_approved_post()
    until(lambda: sent() == 1)
    assert len(place.posts) == 1


def test_task_is_written_with_the_start_or_not_at_all(queue, place):
    post = given.an_approved_post()

    def start_and_fail():
        with transaction.atomic():
            tasks.start_due()
            assert queue.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start_and_fail()
    post.refresh_from_db()
    assert (queue.count(), post.state) == (0, "approved")
    tasks.start_due()
    post.refresh_from_db()
    assert (queue.count(), post.state) == (1, "publishing")


def test_queue_is_asked_once_however_often_anybody_looks(queue, place):
    given.an_approved_post()
    for _ in range(5):
        tasks.keep_going()
    assert queue.count() == 1


def test_lost_task_is_asked_for_again(queue, place):
    given.an_approved_post()
    tasks.keep_going()
    queue.delete()
    tasks.keep_going()
    assert queue.count() == 0
    Delivery.objects.update(called_at=timezone.now() - timedelta(seconds=61))
    tasks.keep_going()
    assert queue.count() == 1


def test_repeated_and_late_tasks_leave_one_post(queue, place, runner, settings):
    given.an_approved_post()
    tasks.start_due()
    pk = str(Delivery.objects.get().pk)
    for _ in range(4):
        carry.using(backend=settings.ENV.queue).enqueue(pk)
    until(lambda: sent() == 1)
    carry.using(backend=settings.ENV.queue).enqueue(pk)
    until(lambda: not unfinished(queue))
    assert len(place.posts) == 1


def unfinished(rows):
    return [row for row in rows.all() if str(row.status) in ("READY", "RUNNING")]


def test_what_was_done_days_ago_is_deleted_without_a_word(queue, place, runner, capsys):
    given.an_approved_post()
    until(lambda: sent() == 1 and not unfinished(queue))
    prune()
    assert queue.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        prune()
    assert queue.count() == 0
    assert capsys.readouterr().out == ""


def test_task_about_nothing_does_nothing(queue, place, runner, settings):
    carry.using(backend=settings.ENV.queue).enqueue("7a5f0f5e-0000-4000-8000-000000000000")
    until(lambda: not unfinished(queue))
    assert not place.calls


def test_refused_for_now_it_is_asked_for_again_when_its_time_comes(queue, place, runner):
    place.script(Fault.BUSY)
    given.an_approved_post()
    until(lambda: Delivery.objects.filter(state="waiting", attempt=1).exists())
    Delivery.objects.update(next_at=timezone.now())
    until(lambda: sent() == 1)
    assert len(place.posts) == 1


def test_network_down_for_good_ends_in_the_same_words_as_without_a_queue(queue, place, runner):
    place.script(Fault.DECLINED)
    given.an_approved_post()
    until(lambda: Delivery.objects.filter(state="declined").exists())
    assert Delivery.objects.get().raised_at


def test_dead_workers_delivery_is_called_at_once_when_it_is_relieved(queue, place):
    given.an_approved_post()
    tasks.keep_going()
    shift = actions.clock_in("elsewhere", 1)
    delivery = Delivery.objects.get()
    assert actions.claim(delivery, shift=shift.pk)
    tasks.keep_going()
    assert queue.count() == 1
    actions.relieve(shift)
    tasks.keep_going()
    assert queue.count() == 2


class Slow(Desk):
    def publish(self, message, *, key):
        time.sleep(1.5)
        return super().publish(message, key=key)


def test_slow_server_leaves_the_others_their_turn(queue, place, settings):
    slow = Place(replace(networks()["site"]))
    slow.clock.at = timezone.now()
    networks()["site"] = replace(slow.network, open=lambda login: Slow(slow, login))
    author = given.a_member()
    for network, many in (("site", 6), ("rehearsal", 6)):
        channels = [
            given.a_channel(agency=author.agency, network=network, authorised=[author])
            for _ in range(many)
        ]
        given.an_approved_post(by=author, channels=channels)
    CALLS.start()
    try:
        until(lambda: len(place.posts) == 6)
        assert len(slow.posts) < 6
        until(lambda: sent() == 12)
    finally:
        CALLS.finish()


def test_stopping_waits_for_what_is_in_hand(queue, place):
    given.an_approved_post()
    known = networks()["rehearsal"]
    networks()["rehearsal"] = replace(known, open=lambda login: Slow(place, login))
    CALLS.start()
    until(lambda: Delivery.objects.filter(state="sending").exists())
    stopper = Thread(target=lambda: (CALLS.finish(), connection.close()))
    stopper.start()
    stopper.join(20)
    assert len(place.posts) == 1
    assert sent() == 1


def test_worker_that_gave_up_begins_anew():
    over, runs = Event(), []

    def run():
        runs.append(len(runs))
        if len(runs) == 1:
            raise OperationalError("the database went away")
        over.set()

    queue_thread = thread(run, over)
    queue_thread.start()
    queue_thread.join(20)
    assert len(runs) == 2


def test_full_place_writes_no_task_every_round(queue, place, settings):
    settings.ENV = settings.ENV.model_copy(update={"hands": 3})
    author = given.a_member()
    channels = [given.a_channel(agency=author.agency, authorised=[author]) for _ in range(3)]
    given.an_approved_post(by=author, channels=channels)
    tasks.keep_going()
    first, *others = Delivery.objects.all()
    assert HANDS.grasp(first, 1)
    try:
        for other in others:
            carry.func(str(other.pk))
        for _ in range(20):
            tasks.keep_going()
        assert queue.count() == 3
    finally:
        HANDS.held.pop(first.pk)
