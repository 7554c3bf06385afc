"""A slow network holds up only its own deliveries."""

import time
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.channels.contract.pretend import Desk, Place
from commonground.channels.networks import networks
from commonground.say import tasks
from commonground.say.models import Delivery
from commonground.say.tasks.hands import Hands

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]


class Slow(Desk):
    def publish(self, message, *, key):
        time.sleep(2)
        return super().publish(message, key=key)


@pytest.fixture
def slow_and_quick():
    """`rehearsal` answers at once, `site` after two seconds."""
    known = dict(networks())
    quick = Place(replace(known["rehearsal"]))
    slow = Place(replace(known["site"]))
    networks()["rehearsal"] = quick.as_network()
    networks()["site"] = replace(slow.network, open=lambda login: Slow(slow, login))
    quick.clock.at = slow.clock.at = timezone.now()
    yield slow, quick
    networks().update(known)


def posts_on(network, n):
    author = given.a_member()
    return given.an_approved_post(
        by=author,
        channels=[
            given.a_channel(agency=author.agency, network=network, authorised=[author])
            for _ in range(n)
        ],
    )


def states(post):
    return Counter(Delivery.objects.filter(variant__post=post).values_list("state", flat=True))


def test_a_slow_network_delays_only_its_own(slow_and_quick, settings):
    settings.ENV = settings.ENV.model_copy(update={"hands": 6})
    sluggish, brisk = posts_on("site", 8), posts_on("rehearsal", 8)
    tasks.start_due()
    hands, began = Hands(), time.monotonic()

    while states(brisk)["sent"] < 8 and time.monotonic() - began < 20:
        hands.take(tasks.ready(timezone.now()))
        time.sleep(0.05)
    brisk_took, waiting = time.monotonic() - began, states(sluggish)["waiting"]
    while states(sluggish)["sent"] < 8 and time.monotonic() - began < 60:
        hands.take(tasks.ready(timezone.now()))
        time.sleep(0.05)
    hands.finish()
    connection.close()

    assert states(sluggish)["sent"] == states(brisk)["sent"] == 8
    assert waiting >= 4, f"the slow ones were not slow: {brisk_took:.1f} s"


def test_urgent_posts_go_first(slow_and_quick):
    given.an_approved_post(text="The fair is open.")
    urgent = given.an_approved_post(text="Leave the building now.", urgent=True)
    tasks.start_due()

    assert tasks.ready(timezone.now())[0].variant.post == urgent


def test_of_a_hundred_rounds_over_one_delivery_one_sends(slow_and_quick):
    _, quick = slow_and_quick
    posts_on("rehearsal", 1)
    tasks.start_due()
    hands = Hands()
    for _ in range(100):
        hands.take(tasks.ready(timezone.now()))
    hands.finish()

    assert [call for call, _ in quick.calls].count("publish") == 1
