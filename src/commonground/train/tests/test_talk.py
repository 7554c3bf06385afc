"""In a drill the city goes on talking, and a moment has to be found in it."""

from datetime import timedelta
from itertools import islice

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from commonground.hear.engine.heard import Heard
from commonground.hear.models import Overheard, Source
from commonground.spot.models import Background, Exemplar, Moment
from commonground.spot.tasks import miss_what_ran_out
from commonground.train import actions, queries
from commonground.train.actions.hearing import EARS
from commonground.train.engine.talk import PRELUDE, city_talk, in_slices, replayed
from commonground.train.models import Hearing
from commonground.train.tasks import go_on_with_drills, hear_in_drills
from commonground.train.tests.held import Team

AT = "2026-05-06T10:00:00Z"
CRASH = ("crash", "accident", "sirens", "sirènes")


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team(clock):
    return Team()


def talk(name, seed=4):
    plan = queries.plan_named(name)
    return city_talk(queries.scenario_named(plan.city), plan, seed=seed)


def pass_rounds(drill, clock, *, minutes: float):
    drill.refresh_from_db()
    until = drill.minute + minutes
    while drill.minute < until:
        clock.shift(timedelta(seconds=4))
        go_on_with_drills()
        hear_in_drills()
        drill.refresh_from_db()
    return drill


def test_it_comes_in_order_and_the_same_for_the_same_seed():
    said = list(islice(talk("crash"), 2500))
    assert said == list(islice(talk("crash"), 2500))
    assert said != list(islice(talk("crash", seed=5), 2500))
    times = [post.at for post in said]
    assert times == sorted(times)
    assert -PRELUDE * 60 <= times[0] < -PRELUDE * 60 + 600


@pytest.mark.parametrize("name", ["crash", "silence", "takeover", "unrest"])
def test_what_a_drill_is_about_begins_at_its_minute(name):
    plan = queries.plan_named(name)
    event = queries.scenario_named(plan.city).event(plan.talk[0].event)
    begins = plan.talk[0].minute * 60
    said = [post for post in islice(talk(name), 8000) if post.text]

    def about(post: Heard) -> bool:
        return any(term in post.text.lower() for term in event.terms)

    before = [post for post in said if begins - 3600 <= post.at < begins]
    after = [post for post in said if begins <= post.at < begins + 3600]
    assert sum(map(about, after)) > 5 * max(1, sum(map(about, before)))
    assert len(before) > 30, "the usual talk goes on"


def test_the_first_drill_of_somebody_hears_no_city():
    assert not queries.plan_named("first").talk


def test_slices_hold_everything_once_each_with_its_end():
    said = [Heard("a", -61.0, "x"), Heard("b", -60.0, "x"), Heard("c", 5.0, "x")]
    assert [(until, [p.id for p in held]) for until, held in in_slices(said)] == [
        (-60, ["a"]), (0, ["b"]), (60, ["c"])
    ]  # fmt: skip


@pytest.mark.parametrize(("hours", "first"), [(10, -4 * 3600), (2, 0)])
def test_a_recording_ends_with_the_drill_and_little_before_it_is_filled_up(hours, first):
    plan = queries.plan_named("crash")  # six hours
    posts = [Heard(f"p{n}", n * 60.0, "Said", author="v") for n in range(hours * 60 + 1)]
    said = list(replayed(posts, queries.scenario_named("harbour"), plan, seed=1))
    ours = [post for post in said if post.author == "v"]
    assert ours[0].at == first
    assert (len(said) > len(ours)) == (hours == 2)


@pytest.mark.django_db
def test_a_moment_is_found_in_the_talk(team, clock):
    drill = pass_rounds(team.begin("crash"), clock, minutes=60)
    found = Moment.objects.filter(agency=team.agency)
    about = [m for m in found if any(t in " ".join([*m.terms, m.label]).lower() for t in CRASH)]
    assert about, [m.label for m in found]
    moment = about[0]
    assert drill.begun_at <= moment.opened_at <= timezone.now(), "on the desk's own clock"
    assert moment.exemplars.exists()
    assert not Overheard.objects.exists(), "nothing is kept but what a moment shows"
    source = Source.objects.get(agency=team.agency)
    assert source.items == Hearing.objects.get().items > 100


@pytest.mark.django_db
def test_while_it_stands_still_nobody_says_anything(team, clock):
    drill = pass_rounds(team.begin("crash"), clock, minutes=6)
    actions.pause(drill, by=team.trainer)
    heard = Hearing.objects.get().items
    clock.shift(timedelta(minutes=5))
    hear_in_drills()
    assert Hearing.objects.get().items == heard


@pytest.mark.django_db
def test_another_process_goes_on_and_finds_nothing_twice(team, clock):
    drill = pass_rounds(team.begin("crash"), clock, minutes=60)
    before = set(Moment.objects.values_list("pk", "opened_at"))
    EARS.clear()
    Hearing.objects.update(ear="another", ear_at=timezone.now())
    heard = Hearing.objects.get().items
    clock.shift(timedelta(seconds=4))
    hear_in_drills()
    assert Hearing.objects.get().items == heard, "the other one may still be there"
    Hearing.objects.update(ear_at=timezone.now() - timedelta(minutes=5))
    pass_rounds(drill, clock, minutes=3)
    assert Hearing.objects.get().items > heard
    newest = max(at for _pk, at in before)
    since = Moment.objects.filter(opened_at__lte=newest)
    assert set(since.values_list("pk", "opened_at")) == before


@pytest.mark.django_db
def test_what_was_heard_ends_with_the_drill(team, clock):
    drill = pass_rounds(team.begin("crash"), clock, minutes=60)
    assert Exemplar.objects.exists()
    actions.end(drill, by=team.trainer)
    assert not Exemplar.objects.exists()
    assert not Background.objects.filter(agency=team.agency).exists()
    miss_what_ran_out()
    assert not Moment.objects.open().exists()
    assert Moment.objects.exists(), "that there was one stays"
    assert drill.pk not in EARS
    team.begin("unrest")
    hear_in_drills()
    assert Hearing.objects.count() == 2


@pytest.mark.django_db
def test_who_is_in_it_sees_that_the_desk_hears(team, clock, client):
    drill = pass_rounds(team.begin("crash"), clock, minutes=6)
    client.force_login(team.author)
    page = client.get(drill.get_absolute_url()).content.decode()
    assert "The desk hears the city" in page
    assert reverse("spot:moments") in page
