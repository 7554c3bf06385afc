"""A line that failed is asked again soon at first, and rarely in the end; one where nothing is
said, more and more seldom, until somebody speaks."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from tests import given

from commonground.answer import tasks
from commonground.answer.actions.arriving import asked_again_after, stir, take_in
from commonground.answer.models import Line
from commonground.answer.tasks import hear, lines_due, note, pause, taken
from commonground.channels.contract import Busy
from commonground.channels.contract.incoming import Batch
from commonground.channels.networks.site.models import Comment
from commonground.say.models import Delivery

S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("silent", "wait"), [(0, 2), (3, 2), (8, 2), (20, 5), (100, 25), (240, 60), (90_000, 60)]
)
def test_it_waits_a_quarter_of_how_long_nothing_was_heard(silent, wait):
    now = timezone.now()
    assert pause(now - silent * S, now) == wait * S


def test_a_line_that_was_never_heard_is_asked_rarely():
    assert pause(None, timezone.now()) == 60 * S


@pytest.mark.django_db
def test_a_network_that_says_when_is_left_alone_until_then():
    heard, later = timezone.now() - 3 * S, timezone.now() + 900 * S
    line = Line.objects.create(channel=given.a_channel(network="mastodon"), heard_at=heard)

    note(line, Busy("The line was cut."))
    line.refresh_from_db()
    assert timezone.now() < line.next_at < timezone.now() + 3 * S

    note(line, Busy("Too many questions.", later))
    line.refresh_from_db()
    assert line.next_at == later


@pytest.mark.parametrize(
    ("silent", "wait"), [(0, 3), (300, 3), (1000, 10), (3000, 30), (900_000, 30)]
)
def test_where_nothing_is_said_it_is_asked_ever_more_seldom(silent, wait):
    assert asked_again_after(silent * S) == wait * S


def a_quiet_line():
    channel, long_ago = given.a_channel(network="mastodon"), timezone.now() - 90_000 * S
    line = Line.objects.create(channel=channel, stirred_at=long_ago)
    take_in(line, Batch((), "9"))
    line.refresh_from_db()
    return line


def speak(channel, now):
    post = given.a_post(channels=[channel])
    Delivery.objects.create(
        variant=post.variants.get(), agency=post.agency, key="k", approved="x", due_at=now,
        not_after=now, next_at=now, state="sent", seen_at=now, network_id="n",
    )  # fmt: skip


@pytest.mark.django_db
def test_an_empty_answer_stirs_nobody():
    line = a_quiet_line()
    assert timezone.now() + 25 * S < line.next_at < timezone.now() + 31 * S


@pytest.mark.django_db
def test_whoever_just_spoke_is_listened_to_often():
    line, now = a_quiet_line(), timezone.now()
    speak(line.channel, now)

    assert stir(now - 20 * S) == 1
    assert stir(now - 20 * S) == 0, "once is enough"
    line.refresh_from_db()
    assert line.next_at < timezone.now() + 4 * S
    take_in(line, Batch((), "9"))
    assert lines_due(timezone.now() + 4 * S) == [line]


@pytest.mark.django_db
def test_a_line_in_trouble_keeps_its_own_clock_and_is_asked_often_once_it_is_heard_again():
    line, now = a_quiet_line(), timezone.now()
    Line.objects.filter(pk=line.pk).update(trouble="The line was cut.")
    speak(line.channel, now)
    stir(now - 20 * S)
    before = line.next_at
    line.refresh_from_db()
    assert line.next_at == before

    take_in(line, Batch((), "9"))
    line.refresh_from_db()
    assert line.next_at < timezone.now() + 4 * S


@pytest.mark.django_db
def test_what_is_asked_sooner_anyway_is_not_put_off():
    line, now = a_quiet_line(), timezone.now()
    Line.objects.filter(pk=line.pk).update(next_at=now + S)
    speak(line.channel, now)
    stir(now - 20 * S)
    line.refresh_from_db()
    assert line.next_at == now + S


@pytest.mark.django_db
def test_a_database_that_is_away_costs_no_ear(monkeypatch):
    """Each line in hand is counted. One that could not be taken must not stay counted."""
    line = a_quiet_line()

    def away(line):
        raise OperationalError("the database went away")

    monkeypatch.setattr(tasks, "taken", away)
    for _ in range(2 * tasks.MOST_HELD):
        assert tasks.HELD.acquire(blocking=False)
        with pytest.raises(OperationalError):
            tasks.hear_with_one_ear(line)
    assert tasks.HELD.acquire(blocking=False)
    tasks.HELD.release()


@pytest.mark.django_db
def test_what_lies_in_our_own_database_is_heard_at_once_however_quiet_it_was():
    channel = given.a_channel(network="site")
    line = Line.objects.create(channel=channel, next_at=timezone.now() + 25 * S)
    assert lines_due(timezone.now()) == []

    Comment.objects.create(channel=channel, beneath="newsroom/x", key="k", link="l",
                           said={"text": "Hello", "name": "", "language": "en"})  # fmt: skip
    assert lines_due(timezone.now()) == [line]
    assert taken(line)
    assert lines_due(timezone.now()) == [], "it is in somebody's hands"
    assert not taken(line)

    assert hear(line) == 1
    assert lines_due(timezone.now()) == []
    line.refresh_from_db()
    assert line.held_until is None


def a_line_that_is_due():
    line = a_quiet_line()
    Line.objects.filter(pk=line.pk).update(next_at=timezone.now())
    line.refresh_from_db()
    return line


@pytest.mark.django_db
def test_where_whoever_heard_it_was_killed_somebody_else_does_after_a_while():
    line = a_line_that_is_due()
    assert taken(line)
    assert lines_due(timezone.now()) == []
    assert lines_due(timezone.now() + 7 * S) == [line]
    with time_machine.travel(timezone.now() + 7 * S):
        assert taken(line)


@pytest.mark.django_db
def test_who_is_still_hearing_it_keeps_it_however_slow_the_network_is():
    line = a_line_that_is_due()
    assert taken(line)
    with time_machine.travel(timezone.now() + 5 * S):
        tasks.IN_HAND.add(line.pk)
        tasks.keep_in_hand()
    tasks.IN_HAND.discard(line.pk)
    assert lines_due(timezone.now() + 10 * S) == []
    assert lines_due(timezone.now() + 12 * S) == [line]

    take_in(line, Batch((), "10"))
    tasks.IN_HAND.add(line.pk)
    tasks.keep_in_hand()  # it was put down in this very moment
    tasks.IN_HAND.discard(line.pk)
    line.refresh_from_db()
    assert line.held_until is None
