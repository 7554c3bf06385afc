"""Something real in the middle of a drill takes the whole screen, of those it concerns."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency import actions as agency
from commonground.agency.models import Agency, Member
from commonground.protect.models import Alarm
from commonground.train import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def new():
    """Somebody who is in their first drill."""
    admin = given.a_member(roles=["admin"])
    member = agency.invite(
        admin.agency, name="Nia Newcomb", email="nia@riverside.example", roles=["author"], by=admin
    )
    given.a_certificate(member)
    actions.begin_first_drill(by=Member.objects.get(pk=member.pk))
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def inside(client, new):
    client.force_login(new)
    client.post(reverse("train:first_enter"))
    return client


def a_live_moment(ours: Agency, minutes_ago: float = 0, **but):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return given.a_moment(agency=ours, label="Shots near the school", opened_at=at, **but)


def called(client) -> str:
    """What stands over the page of whoever looks."""
    page = client.get(reverse("now")).content.decode()
    assert "DRILL. Nothing here reaches the public." in page
    return page[page.index("<dialog") :] if "REAL: leave the drill" in page else ""


def test_a_moment_of_their_own_desk_calls_them_out_of_their_first_drill(inside, new):
    assert called(inside) == ""
    assert inside.get(reverse("train:real")).status_code == 204
    a_live_moment(new.agency)
    page = called(inside)
    assert "Shots near the school" in page
    assert reverse("train:first_leave") in page
    inside.post(reverse("train:first_leave"))
    back = inside.get(reverse("now")).content.decode()
    assert "REAL: leave the drill" not in back  # they are where they should be
    assert "Shots near the school" in back


def test_so_does_a_post_that_their_desk_did_not_send(inside, new):
    channel = given.a_channel(agency=new.agency, name="Riverside on Mastodon")
    Alarm.objects.create(agency=new.agency, channel=channel, what="foreign", network_id="1")
    assert "Riverside on Mastodon" in called(inside)


def test_what_others_take_care_of_calls_nobody_twice_and_what_is_new_does(inside, new):
    first = a_live_moment(new.agency)
    assert f"m{first.pk}" in called(inside)
    # While they read of the first, a second begins: they have not read of that.
    second = a_live_moment(new.agency, why="bridge")
    inside.post(reverse("train:leave_to_others"), {"read": [f"m{first.pk}", "m0", ""]})
    page = called(inside)
    assert f"m{second.pk}" in page
    assert f"m{first.pk}" not in page
    inside.post(reverse("train:leave_to_others"), {"read": f"m{second.pk}"})
    assert called(inside) == ""


@pytest.mark.parametrize(
    "but",
    [
        {"minutes_ago": 10},  # it was there before they went over, and they saw it
        {"state": "acted"},
        {"first_word_at": timezone.now()},
    ],
)
def test_what_is_over_older_or_spoken_to_calls_nobody(inside, new, but):
    a_live_moment(new.agency, **but)
    assert called(inside) == ""


def test_nothing_of_the_drill_itself_or_of_another_agency_does(inside, new):
    run = queries.first_run_of(new)
    a_live_moment(run.twin.agency)
    a_live_moment(given.an_agency())
    assert called(inside) == ""


def test_in_a_drill_of_several_people_the_desk_beside_it_calls(client):
    ours, _other = given.an_agency(slug="port"), given.an_agency(slug="elsewhere")
    drill = given.an_agency(slug="port-drill", drill=True)
    client.force_login(given.a_member(agency=drill))
    a_live_moment(_other)
    assert called(client) == ""
    a_live_moment(ours)
    page = called(client)
    assert ours.name in page
    assert "Sign out of the drill" in page
    assert reverse("train:first_leave") not in page


def test_where_no_drill_runs_the_last_hour_counts(client):
    ours, drill = given.an_agency(slug="port"), given.an_agency(slug="port-drill", drill=True)
    client.force_login(given.a_member(agency=drill))
    a_live_moment(ours, minutes_ago=61)
    assert called(client) == ""
    a_live_moment(ours, minutes_ago=59, why="bridge")
    assert called(client) != ""


def test_where_nobody_can_tell_whose_drill_it_is_nobody_hears_of_anothers_trouble(client):
    agencies = [given.an_agency() for _ in range(2)]
    client.force_login(given.a_member(agency=given.an_agency(drill=True)))
    for one in agencies:
        a_live_moment(one)
    assert called(client) == ""


def test_a_real_desk_is_never_called(client):
    member = given.a_member()
    a_live_moment(member.agency)
    client.force_login(member)
    assert "REAL: leave the drill" not in client.get(reverse("now")).content.decode()
    assert client.get(reverse("train:real")).status_code == 204
