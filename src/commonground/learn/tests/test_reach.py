"""How far posts came, as networks say; what they do not say is not known, and never zero."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract import Busy
from commonground.channels.contract.reach import Reach, count
from commonground.learn import actions, queries, tasks
from commonground.learn.engine.reaching import Heard, rows
from commonground.learn.models import Reached
from commonground.learn.tests.given import a_census, a_seen_post

CENSUS = [
    {"name": "language", "classes": ["en", "fr", "ti"], "people": [60, 30, 10], "words": {}},
    {"name": "area", "classes": ["North", "South"], "people": [50, 50], "words": {}},
]


def test_who_hears_nothing_comes_first_and_less_than_half_ones_share_is_seldom():
    found = rows(["a", "b", "c", "d"], [70, 20, 6, 4], {"a": 40, "b": 3, "c": 2}, 40)
    assert [(row.name, row.heard) for row in found] == [
        ("d", Heard.NONE), ("b", Heard.LESS), ("a", Heard.FAIR), ("c", Heard.FAIR),
    ]  # fmt: skip
    assert found[0].per_cent == 4


@pytest.mark.parametrize(
    ("told", "known"),
    [(3, 3), ("12", 12), (None, None), (-1, None), ("many", None), (True, None), ("9" * 40, None)],
)
def test_what_is_no_number_is_not_known(told, known):
    assert count(told) == known


@pytest.fixture
def desk(db):
    return given.a_member(roles=["author", "approver"])


class Telling(dict):
    """A network that tells what came of posts, as a test says; or is in trouble."""

    trouble = None

    def __call__(self, login, names):
        if self.trouble:
            raise self.trouble
        return {name: self[name] for name in names if name in self}


@pytest.fixture
def telling():
    return Telling()


def test_a_network_is_asked_some_time_after_a_post_was_seen_and_ever_more_seldom(desk, telling):
    delivery = a_seen_post(by=desk)
    telling[delivery.network_id] = Reach(liked=3, passed_on=0)
    channel = delivery.variant.channel
    tasks.people.ask_channel(channel, telling)
    assert not Reached.objects.exclude(told_at=None).exists(), "it is too soon"
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        tasks.people.ask_channel(channel, telling)
        found = Reached.objects.get()
        assert (found.liked, found.passed_on, found.shown) == (3, 0, None)
        telling[delivery.network_id] = Reach(liked=9, passed_on=1)
        tasks.people.ask_channel(channel, telling)
        assert Reached.objects.get().liked == 3, "not its turn yet"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tasks.people.ask_channel(channel, telling)
        assert Reached.objects.get().liked == 9
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        tasks.people.ask_channel(channel, telling)
        assert Reached.objects.get().next_at is None


def test_a_network_that_does_not_answer_leaves_what_it_said_before(desk, telling):
    delivery = a_seen_post(by=desk)
    telling[delivery.network_id] = Reach(liked=3)
    tasks.people.ask_channel(delivery.variant.channel, telling)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tasks.people.ask_channel(delivery.variant.channel, telling)
    telling.trouble = Busy("The server rests.")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        tasks.people.ask_channel(delivery.variant.channel, telling)
    found = Reached.objects.get()
    assert (found.liked, found.trouble) == (3, "The server rests.")


def test_two_workers_ask_once(desk):
    delivery = a_seen_post(by=desk)
    channel = delivery.variant.channel
    actions.take_to_ask(channel)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert len(actions.take_to_ask(channel)) == 1
        assert actions.take_to_ask(channel) == []


def test_sums_hold_what_is_known_and_say_of_how_many(desk):
    channel = given.a_channel(agency=desk.agency, authorised=[desk])
    one, other, third = (a_seen_post(by=desk, channels=[channel]) for _ in range(3))
    for delivery, liked in ((one, 3), (other, None)):
        Reached.objects.create(delivery=delivery, liked=liked, told_at=timezone.now())
    Reached.objects.create(delivery=third, liked=4)
    (found,) = queries.reach_by_channel(desk.agency, timezone.now())
    assert (found.posts, found.known, found.figures["liked"], found.figures["shown"]) == (
        3,
        2,
        7,
        None,
    )


def test_who_was_not_spoken_to_is_said_in_words(client, desk):
    a_census(by=desk, traits=CENSUS)
    north = given.a_channel(agency=desk.agency, authorised=[desk])
    desk.agency.areas.create(name="North").voices.create(channel=north)
    a_seen_post(by=desk, channels=[north])
    a_seen_post(by=desk, language="fr")
    client.force_login(desk)
    page = client.get(reverse("learn:reach")).content.decode()
    assert page.index("Tigrinya") < page.index("English")
    assert "10 people, 10 % of all, speak it; 0 of 2 posts were in it." in page
    assert "50 people, 50 % of all, live here; 0 of 2 posts spoke to them in particular." in page
    assert "1 post spoke to everybody" in page
    assert "tells nothing" in page


def test_an_area_that_the_census_does_not_know_is_named(desk):
    a_census(by=desk, traits=CENSUS)
    harbour = given.a_channel(agency=desk.agency, authorised=[desk])
    desk.agency.areas.create(name="Harbour").voices.create(channel=harbour)
    a_seen_post(by=desk, channels=[harbour])
    assert queries.not_reached(desk.agency, timezone.now()).unknown_areas == ["Harbour"]


def test_without_a_census_nobody_knows_who_there_is(client, desk):
    client.force_login(desk)
    page = client.get(reverse("learn:reach")).content.decode()
    assert "Without census figures" in page
    assert "Nothing went out in the last 90 days" in page
