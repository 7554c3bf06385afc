"""A channel that keeps readers of its own tells how many, and never who."""

import pytest
from django.utils import timezone
from tests import given

from commonground.channels import actions
from commonground.channels.networks.mail.models import Subscriber
from commonground.channels.networks.mail.tests.world import a_list, a_reader
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


@pytest.fixture
def admin():
    return given.a_member(roles=["admin"])


@pytest.fixture
def channel(admin):
    return a_list(agency=admin.agency)


def test_its_page_tells_numbers_and_shows_nobody(client, admin, channel):
    a_reader(channel, ANA)
    a_reader(channel, "ben@people.example", confirmed_at=None)
    a_reader(channel, "cy@people.example", bounced_at=timezone.now())
    client.force_login(admin)
    page = client.get(f"/channels/{channel.pk}/").content.decode()

    assert "Get letters</dt><dd>1</dd>" in page
    assert "Have not confirmed yet</dt><dd>1</dd>" in page
    assert "letters came back</dt><dd>1</dd>" in page
    assert "people.example" not in page


def test_an_administrator_deletes_an_address_on_request(client, admin, channel):
    a_reader(channel, ANA)
    client.force_login(admin)
    page = f"/channels/{channel.pk}/forget/"
    assert ANA not in client.get(page).content.decode()

    answer = client.post(page, {"typed": " Ana@People.example"}, follow=True)

    assert "The address is deleted." in answer.content.decode()
    assert "Left in 30 days</dt><dd>1</dd>" in answer.content.decode()
    assert not Subscriber.objects.exists()
    entry = Entry.objects.get(verb="forget")
    # Not its three letters alone: some digest has them.
    assert [part for part in ("ana@", "people.example") if part in str(vars(entry)).lower()] == []


@pytest.mark.parametrize("typed", ["ben@people.example", "no address", "@"])
def test_what_is_not_on_the_list_is_told_so(client, admin, channel, typed):
    a_reader(channel, ANA)
    client.force_login(admin)
    answer = client.post(f"/channels/{channel.pk}/forget/", {"typed": typed}, follow=True)

    assert "not on the list" in answer.content.decode()
    assert Subscriber.objects.count() == 1


def test_only_administrators_delete_addresses(channel):
    author = given.a_member(agency=channel.agency)

    with pytest.raises(NotYours):
        actions.forget(channel, ANA, by=author)


def test_other_channels_have_no_readers_to_delete(admin):
    with pytest.raises(Refused):
        actions.forget(given.a_channel(agency=admin.agency), ANA, by=admin)


def test_a_list_without_a_mail_server_says_who_must_act(admin, channel):
    proved = actions.prove(channel)

    assert proved.state == "sign_in_needed"
    assert "COMMONGROUND_MAIL_URL" in proved.trouble
