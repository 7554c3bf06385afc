"""A post to hundreds of channels costs each of them no more than a post to a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import given

from commonground.say import actions, tasks
from commonground.say.models import Delivery, Post, Variant
from commonground.say.tasks.carrying import deliver
from commonground.say.tasks.hands import Hands

pytestmark = pytest.mark.django_db


def a_started_post(channels):
    author = given.a_member()
    given.an_approved_post(
        by=author,
        channels=[
            given.a_channel(agency=author.agency, network="site", authorised=[author])
            for _ in range(channels)
        ],
    )
    tasks.start_due()
    return list(tasks.ready(timezone.now()))


def rows_read_by(delivery):
    """How many rows of variants the desk reads to carry one delivery, and in how many queries."""
    with CaptureQueriesContext(connection) as seen:
        deliver(delivery)
    of_all = [q for q in seen if 'FROM "commonground_say_variant"' in q["sql"]]
    return len(seen), len(of_all)


def test_each_is_carried_in_as_many_queries_however_many_there_are():
    few, many = a_started_post(2), a_started_post(12)
    deliver(few[0])  # whatever is asked only once, is asked now

    assert rows_read_by(many[-1]) == rows_read_by(few[1])
    assert rows_read_by(many[-2])[1] == 0


def test_words_changed_behind_the_desk_do_not_leave_and_others_do():
    changed, other = a_started_post(2)
    Variant.objects.filter(pk=changed.variant_id).update(text="Nobody approved this.")

    deliver(Delivery.objects.get(pk=changed.pk))
    deliver(Delivery.objects.get(pk=other.pk))

    states = [Delivery.objects.get(pk=d.pk) for d in (changed, other)]
    assert [d.state for d in states] == ["declined", "sent"]
    assert states[0].why == "The words are no longer the approved ones."


def test_a_picture_added_behind_the_desk_leaves_on_no_channel():
    first, _ = a_started_post(2)
    post = first.variant.post
    post.pictures.create(
        place=0, content=b"x", sha256="0" * 64, type="image/png", width=1, height=1, alt="A dot."
    )

    for delivery in Delivery.objects.all():
        deliver(delivery)

    assert {d.why for d in Delivery.objects.all()} == {"The words are no longer the approved ones."}


def test_a_round_reads_no_more_than_fits_into_free_hands(settings):
    settings.ENV = settings.ENV.model_copy(update={"hands": 6})
    a_started_post(9)
    hands, ready = Hands(), lambda: tasks.ready(timezone.now())
    # The newsroom has its third of the hands, and not one more is read.
    first = hands.that_fit(ready(), 6)
    assert len(first) == 2
    for delivery in ready().filter(pk__in=first):
        assert hands.grasp(delivery, 2)
    assert hands.that_fit(ready(), 6) == []

    elsewhere = given.an_approved_post(text="From another place.")
    actions.start(elsewhere)
    beside = ready().filter(pk__in=hands.that_fit(ready(), 6))
    assert [d.variant.post for d in beside] == [elsewhere]


def test_a_worker_with_full_hands_asks_nothing(django_assert_num_queries):
    a_started_post(3)
    hands = Hands()
    for delivery in tasks.ready(timezone.now())[:2]:
        hands.grasp(delivery, 2)
    ready = tasks.ready(timezone.now())
    with django_assert_num_queries(0):
        assert hands.that_fit(ready, 2) == []


def asked_of_the_database(many):
    """How many questions it takes to send for approval, to approve, and to start."""
    author, asked = given.a_member(), []
    channels = [
        given.a_channel(agency=author.agency, network="site", authorised=[author])
        for _ in range(many)
    ]
    post = given.a_post(by=author, channels=channels)
    approver = given.an_approver(post)
    for act in (
        lambda: actions.submit(post, by=author),
        lambda: actions.approve(post, read=post.digest, by=approver),
        lambda: actions.start(Post.objects.get(pk=post.pk)),
    ):
        with CaptureQueriesContext(connection) as seen:
            act()
        asked.append(len([q for q in seen if "SAVEPOINT" not in q["sql"]]))
    return asked


def test_three_times_the_channels_ask_nothing_more_of_the_database():
    asked_of_the_database(1)  # whatever is asked only once, is asked now
    assert asked_of_the_database(30) == asked_of_the_database(10)
