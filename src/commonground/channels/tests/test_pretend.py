"""A fake that fails otherwise than the real thing would teach us nothing."""

from contextlib import nullcontext
from datetime import timedelta
from importlib import import_module

import pytest

from commonground.channels import networks as folders
from commonground.channels.contract import (
    Busy,
    Declined,
    Login,
    Message,
    Settles,
    SignInNeeded,
    Unsure,
)
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.networks import networks
from commonground.channels.networks.bluesky.fake import fake as bluesky
from commonground.channels.networks.fediverse.fake import fake as fediverse
from commonground.channels.networks.mail.fake import fake as mail
from commonground.channels.networks.mastodon.fake import fake as mastodon
from commonground.channels.networks.rehearsal.fake import fake as rehearsal
from commonground.channels.networks.site.fake import fake as site

FAKES = {
    "bluesky": bluesky,
    "mail": mail,
    "fediverse": fediverse,
    "mastodon": mastodon,
    "rehearsal": rehearsal,
    "site": site,
}
MESSAGE = Message("Road closed.")


@pytest.fixture(params=FAKES)
def place(request):
    return FAKES[request.param]()


@pytest.fixture
def desk(place):
    return place.open(Login("one", secrets=place.secrets))


@pytest.mark.parametrize("name", networks())
def test_every_network_ships_a_fake(name):
    fake = import_module(f"{folders.__name__}.{name}.fake").fake

    assert fake().network is networks()[name]


@pytest.mark.parametrize(
    ("fault", "error", "posts"),
    [
        (Fault.DECLINED, Declined, 0),
        (Fault.BUSY, Busy, 0),
        (Fault.UNSURE_BEFORE, Unsure, 0),
        (Fault.UNSURE_AFTER, Unsure, 1),
        (Fault.SIGNED_OUT, SignInNeeded, 0),
    ],
)
def test_a_scripted_fault_happens_once_and_leaves_what_it_says(place, desk, fault, error, posts):
    place.script(fault)
    key = desk.new_key(place.clock.now())
    with pytest.raises(error):
        desk.publish(MESSAGE, key=key)
    assert len(place.posts) == posts
    place.signed_out = False

    desk.publish(MESSAGE, key=key)

    assert len(place.posts) == 1


def test_what_an_unsure_attempt_left_is_found(place, desk):
    place.script(Fault.UNSURE_AFTER)
    since, key = place.clock.now(), desk.new_key(place.clock.now())
    with pytest.raises(Unsure):
        desk.publish(MESSAGE, key=key)

    assert desk.find(MESSAGE, key=key, since=since).text == MESSAGE.text


def test_looking_is_never_unsure(place, desk):
    place.script(Trouble(Fault.UNSURE_AFTER, on="find"))

    with pytest.raises(Busy):
        desk.find(MESSAGE, key="x", since=place.clock.now())


def test_a_busy_network_says_when(place, desk):
    later = place.clock.now() + timedelta(minutes=1)
    place.script(Trouble(Fault.BUSY, again_at=later))

    with pytest.raises(Busy) as told:
        desk.publish(MESSAGE, key="x")
    assert told.value.again_at == later


def test_a_slow_network_moves_its_clock_and_not_ours(place, desk):
    before = place.clock.now()
    place.script(Trouble(Fault.SLOW, seconds=40))

    desk.publish(MESSAGE, key=desk.new_key(before))

    assert place.clock.now() - before == timedelta(seconds=40)


def test_a_key_is_forgotten_exactly_where_the_network_would_forget_it(place, desk):
    key = desk.new_key(place.clock.now())
    desk.publish(MESSAGE, key=key)
    place.clock.wait(3_601)
    desk.publish(MESSAGE, key=key)

    assert len(place.posts) == (2 if place.network.settles is Settles.BY_KEY else 1)


def test_faults_wait_for_the_call_they_are_meant_for(place, desk):
    place.script(Trouble(Fault.BUSY, on="withdraw"))
    receipt = desk.publish(MESSAGE, key=desk.new_key(place.clock.now()))

    with pytest.raises(Busy):
        desk.withdraw(receipt)
    with pytest.raises(Declined) if place.network.letters else nullcontext():
        desk.withdraw(receipt)
    assert bool(place.posts) == place.network.letters
