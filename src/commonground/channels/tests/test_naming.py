"""A network whose account gets its name here, once and for good."""

import pytest
from tests import given

from commonground.channels import actions
from commonground.channels.contract import Declined
from commonground.channels.forms import given_in, sign_in_form
from commonground.channels.networks.fediverse.adapter import NETWORK
from commonground.channels.networks.fediverse.models import Actor
from commonground.channels.networks.fediverse.tests.world import an_account
from commonground.channels.states import State
from commonground.kit.refusals import Refused

pytestmark = pytest.mark.django_db


def test_an_administrator_opens_it_and_chooses_its_name():
    admin = given.a_member(roles=["admin"])
    channel = actions.open_channel(admin.agency, "fediverse", "Fediverse", by=admin)
    assert channel.state == State.NEW
    form = sign_in_form(channel.kind)({"handle": "@Riverside_PD"})
    assert form.is_valid(), form.errors

    actions.sign_in(channel, by=admin, **given_in(form, channel.kind))

    assert channel.state == State.READY
    assert channel.handle == "riverside_pd@localhost:8000"
    assert channel.url == "http://localhost:8000/fediverse/riverside_pd"


def test_its_name_cannot_be_changed():
    admin = given.a_member(roles=["admin"])
    channel = actions.open_channel(admin.agency, "fediverse", "Fediverse", by=admin)
    actions.sign_in(channel, {}, handle="riverside", by=admin)

    with pytest.raises(Refused, match="for good"):
        actions.sign_in(channel, {}, handle="other", by=admin)

    channel.refresh_from_db()
    assert (channel.handle, Actor.objects.get().name) == ("riverside@localhost:8000", "riverside")


@pytest.mark.parametrize("odd", ["", "a", "has space", "dot.ted", "x" * 31, "_x_", "shared-inbox"])
def test_an_odd_name_is_not_taken(odd):
    assert not sign_in_form(NETWORK)({"handle": odd}).is_valid()


def test_a_name_is_taken_once_on_this_desk():
    an_account("riverside")

    assert not sign_in_form(NETWORK)({"handle": "riverside"}).is_valid()
    with pytest.raises(Declined, match="name"):
        an_account("riverside")


def test_the_form_page_says_that_it_is_for_good(client):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    typed = {"network": "fediverse", "name": "Fediverse", "language": "en"}
    address = client.post("/channels/open/", typed).headers["Location"]
    assert address.endswith("/sign-in/")
    assert b"for good" in client.get(address).content

    page = client.post(address, {"handle": "riverside"}, follow=True).content.decode()

    assert "riverside@localhost:8000" in page
    assert "Choose its name" not in page
