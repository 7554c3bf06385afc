"""An administrator opens a mailbox on the screens alone, and what people write there arrives."""

import pytest
from django.urls import reverse
from tests import given

from commonground.channels import actions
from commonground.channels.line.tests.mail_server import a_mail_server
from commonground.channels.networks.mailbox.forms import SignInForm
from commonground.channels.networks.mailbox.tests.world import US, a_mailbox, the_last, write
from commonground.channels.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.mark.usefixtures("server")
def test_mailbox_is_opened_and_given_its_address_on_the_screens(client):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    box = actions.open_channel(admin.agency, "mailbox", "Questions", by=admin)
    page = client.get(reverse("channels:channel", args=[box.pk])).content.decode()
    assert reverse("channels:sign_in", args=[box.pk]) in page

    client.post(reverse("channels:sign_in", args=[box.pk]), {"handle": "Questions@Harbour.Example"})

    box.refresh_from_db()
    assert (box.state, box.handle, box.trouble) == (State.READY, US, "")
    write("Is the bridge open?")
    assert the_last().channel_id == box.pk


@pytest.mark.parametrize("odd", ["questions", "questions+x@harbour.example", "é@harbour.example"])
def test_an_address_that_letters_could_not_come_back_to_is_refused(odd):
    assert not SignInForm({"handle": odd}).is_valid()


@pytest.mark.usefixtures("server")
def test_letters_go_to_whoever_proved_the_address_first_whatever_anybody_says_later():
    first = a_mailbox()
    first = actions.prove(first)
    other = given.a_member(roles=["admin"])
    late = actions.open_channel(other.agency, "mailbox", "Questions", by=other)
    # Past the form: two typed it in the same moment.
    late = actions.sign_in(late, {}, handle=US, by=other)
    assert late.state == State.SIGN_IN
    assert "Another mailbox" in late.trouble
    write("Is the bridge open?")
    assert the_last().channel_id == first.pk


def test_two_mailboxes_have_two_addresses_and_each_may_say_its_own_again():
    box = a_mailbox()
    typed = {"handle": US.upper()}
    assert SignInForm(typed, initial={"channel": box.pk}).is_valid()
    assert "Another mailbox" in str(SignInForm(typed).errors)


def test_address_of_a_closed_mailbox_is_free():
    a_mailbox(state=State.CLOSED)
    assert SignInForm({"handle": US}).is_valid()
