"""Of people and workers who act in the same instant, one wins and the others are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn
from commonground.protect.actions import stop
from commonground.record.actions import verify
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.engine.delivering import Hindrance
from commonground.say.models import Delivery, Post, Review

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]


def at_once(acts):
    """Run them in threads that start together; what each returned, or the refusal it met."""
    start = Barrier(len(acts))

    def run(act):
        start.wait(timeout=30)
        try:
            return act()
        except MovedOn as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_many_approvals_in_one_instant_one_counts():
    post = given.a_post_in_review()
    read = post.digest
    approvers = [given.an_approver(post) for _ in range(6)]

    ended = at_once([
        lambda by=by: actions.approve(Post.objects.get(pk=post.pk), read=read, by=by)
        for by in approvers
    ])  # fmt: skip

    assert sum(isinstance(e, Post) for e in ended) == 1
    assert (Review.objects.count(), Delivery.objects.count()) == (1, 1)
    assert verify() is None


def test_an_approval_and_a_recall_in_one_instant_exclude_each_other():
    post = given.a_post_in_review()
    read, approver = post.digest, given.an_approver(post)

    ended = at_once([
        lambda: actions.approve(Post.objects.get(pk=post.pk), read=read, by=approver),
        lambda: actions.recall(Post.objects.get(pk=post.pk), by=post.author),
    ])  # fmt: skip

    assert sum(isinstance(e, Post) for e in ended) == 1
    post.refresh_from_db()
    assert Delivery.objects.count() == (1 if post.state == "approved" else 0)


def test_many_workers_publish_once(place):
    given.an_approved_post()

    at_once([tasks.go_out] * 6)
    tasks.go_out()

    assert [call for call, _ in place.calls].count("publish") == 1
    assert Delivery.objects.get().state == "sent"
    assert verify() is None


def test_many_writers_leave_one_unbroken_chain():
    members = [given.a_member() for _ in range(6)]
    before = Entry.objects.count()

    at_once([lambda by=by: given.a_post(by=by) and actions.begin(by=by) for by in members])

    assert Entry.objects.count() == before + 6
    assert verify() is None


def in_the_middle_of(act, other):
    """Run `other` after `act` has been done and before it is committed."""
    done, may_end = Event(), Event()

    def slow():
        with transaction.atomic():
            act()
            done.set()
            may_end.wait(timeout=2)  # SQLite lets nobody else begin to write before we end
        connection.close()

    def quick():
        done.wait(timeout=30)
        try:
            return other()
        finally:
            may_end.set()
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(slow), threads.submit(quick)
        first.result()
        return second.result()


@pytest.mark.parametrize("end", ["stop", "withdraw"])
def test_nothing_is_sent_that_somebody_stopped_in_the_same_instant(place, end):
    post = given.an_approved_post()
    approver = given.an_approver(post)
    tasks.start_due()
    Delivery.objects.update(attempt=1)  # tried once, so that withdrawing does not forget it
    delivery = tasks.ready(timezone.now())[0]
    assert actions.claim(delivery)
    ends = {
        "stop": lambda: stop(post.agency, reason="Hacked?", by=approver),
        "withdraw": lambda: actions.withdraw(
            Post.objects.get(pk=post.pk), reason="Wrong road.", by=approver
        ),
    }

    ended = in_the_middle_of(ends[end], lambda: actions.attempt(delivery))

    assert isinstance(ended, Hindrance)

    assert Delivery.objects.get().state == "waiting"
