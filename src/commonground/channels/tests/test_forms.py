import pytest
from tests import given

from commonground.channels import actions, forms
from commonground.channels.networks import networks
from commonground.channels.states import State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", networks())
def test_each_network_asks_for_exactly_what_its_adapter_needs(name):
    network = networks()[name]
    form = forms.sign_in_form(network)

    wanted = {*network.secrets, *network.secrets_too}
    wanted |= {"address"} if network.needs_address else set()
    wanted |= {"handle"} if network.needs_handle else set()
    assert (set(form.base_fields) if form else set()) == wanted


def test_a_secret_that_was_typed_is_not_shown_again():
    form = forms.sign_in_form(networks()["bluesky"])({"app_password": "hunter2"})

    assert "hunter2" not in form.as_p()


def test_what_was_typed_signs_the_channel_in(place):
    admin = given.a_member(roles=["admin"])
    channel = actions.open_channel(admin.agency, "mastodon", "City", by=admin)
    typed = {"address": "https://mastodon.example", "token": " a token of the fake "}
    form = forms.sign_in_form(channel.kind)(typed)
    assert form.is_valid()

    actions.sign_in(channel, by=admin, **forms.given_in(form, channel.kind))

    assert channel.state == State.READY


def test_a_drill_is_offered_the_rehearsal_only():
    drill, live = given.an_agency(drill=True), given.an_agency()

    offered = [n for n, _ in forms.OpenChannelForm(agency=drill).fields["network"].choices]
    assert offered == ["rehearsal"]
    assert {"site", "mastodon", "bluesky"} <= {
        n for n, _ in forms.OpenChannelForm(agency=live).fields["network"].choices
    }


def test_nobody_is_offered_themselves_or_strangers():
    admin = given.a_member(roles=["admin"])
    channel = given.a_channel(agency=admin.agency)
    colleague, _ = given.a_member(agency=admin.agency), given.a_member()

    form = forms.AuthoriseForm(channel=channel, by=admin)

    assert list(form.fields["member"].queryset) == [colleague]
