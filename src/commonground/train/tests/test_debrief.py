"""What a drill came to stays; and what happens in a pause happens where its clock stood."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import escape

from commonground.train import actions, queries
from commonground.train.models import Drill, Happening
from commonground.train.tests.held import Team, pass_time

pytestmark = pytest.mark.django_db

USEFUL = "Mast Road is closed at Tern Avenue. Ways round: https://roads.harbour.example"


@pytest.fixture
def clock():
    with time_machine.travel("2026-05-06T10:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def team(clock):
    return Team()


def test_what_a_drill_came_to_stays_as_it_was_when_it_ended(team, clock, client):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    team.say(USEFUL)
    pass_time(drill, clock, minutes=10)
    drill = actions.end(drill, by=team.trainer)
    kept = [(one.name, one.share, one.words["en"]) for one in queries.scored(drill)]
    assert kept

    # Whatever a later engine would make of it, or whatever its rows would say by then.
    Drill.objects.filter(pk=drill.pk).update(seed=99)
    Happening.objects.filter(drill=drill, what="post").update(text="Nothing useful at all.")
    again = Drill.objects.get(pk=drill.pk)
    assert [(one.name, one.share, one.words["en"]) for one in queries.scored(again)] == kept

    client.force_login(team.author)
    words = {one.name: one.words for one in queries.scored(again)}["first_words"]
    for code in ("en", "fr"):
        page = client.get(drill.get_absolute_url(), headers={"Accept-Language": code})
        assert escape(words[code]) in page.content.decode()
    assert words["en"] != words["fr"]


def test_what_was_seen_in_a_pause_was_said_where_the_clock_stood(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    stood = drill.minute
    actions.pause(drill, by=team.trainer)
    post = team.say(USEFUL)
    clock.shift(timedelta(seconds=40))
    drill.refresh_from_db()
    actions.resume(drill, by=team.trainer)
    pass_time(drill, clock, minutes=1)
    assert drill.happenings.get(post=post).minute == pytest.approx(stood)
    assert drill.happenings.get(name="sirens").minute == 0


def test_the_clock_of_the_desk_is_known_for_each_minute_also_across_pauses(team, clock):
    drill = team.begin()
    began = timezone.now().timestamp()
    pass_time(drill, clock, minutes=6)
    stood = drill.minute
    actions.pause(drill, by=team.trainer)
    clock.shift(timedelta(minutes=10))
    drill.refresh_from_db()
    drill = actions.resume(drill, by=team.trainer)
    actions.set_speed(drill, 60, by=team.trainer)
    drill = pass_time(drill, clock, minutes=2)
    assert drill.clock_at(0) == pytest.approx(began)
    assert drill.clock_at(stood / 2) == pytest.approx(began + stood / 2 * 60 / 18)
    assert drill.clock_at(drill.minute) == pytest.approx(timezone.now().timestamp())
