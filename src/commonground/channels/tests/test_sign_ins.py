"""An account that is shut out, or will be, is told to those who can sign it in: once, in time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels import actions
from commonground.channels.models import Channel
from commonground.channels.tasks import tell_of_sign_ins
from commonground.record.models import Entry
from commonground.settings import mailers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})


@pytest.fixture
def admin():
    return given.a_member(roles=["admin"])


def test_lost_sign_in_is_told_to_administrators_once_and_again_the_next_time(admin):
    channel = given.a_channel(agency=admin.agency)
    given.a_member(agency=admin.agency)
    given.a_member(roles=["admin"])
    actions.lose(channel, "The token is no longer valid.")
    for _ in range(3):
        tell_of_sign_ins()
    assert [m.to for m in mail.outbox] == [[admin.email]]
    assert "The token is no longer valid." in mail.outbox[0].body
    told = Entry.objects.filter(verb="tell_of_sign_in").get()
    assert told.detail == {"names": [admin.name]}

    actions.prove(channel)
    tell_of_sign_ins()
    channel.refresh_from_db()
    actions.lose(channel, "Again.")
    tell_of_sign_ins()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("days", "letters"), [(8, 0), (6, 1), (-1, 1)])
def test_week_before_a_sign_in_ends_it_is_told(admin, days, letters):
    until = timezone.now() + timedelta(days=days)
    given.a_channel(agency=admin.agency, signed_in_until=until)
    tell_of_sign_ins()
    tell_of_sign_ins()
    assert len(mail.outbox) == letters


def test_mail_server_that_is_down_is_asked_again(admin, settings):
    channel = given.a_channel(agency=admin.agency)
    actions.lose(channel, "Gone.")
    works, settings.MAILERS = settings.MAILERS, mailers("smtp://127.0.0.1:1")
    tell_of_sign_ins()
    channel.refresh_from_db()
    assert channel.told_of == ""
    settings.MAILERS = works
    tell_of_sign_ins()
    channel.refresh_from_db()
    assert channel.told_of == "lost"
    assert len(mail.outbox) == 1


def test_of_two_workers_one_tells_and_if_it_dies_the_other_does(admin):
    channel = given.a_channel(agency=admin.agency)
    actions.lose(channel, "Gone.")
    also_seen = Channel.objects.get(pk=channel.pk)
    now = timezone.now()
    assert actions.begin_telling(channel, now)
    assert not actions.begin_telling(also_seen, now)
    tell_of_sign_ins()  # the other is at it
    assert not mail.outbox
    Channel.objects.update(told_of=f"telling {int(now.timestamp()) - 61}")
    tell_of_sign_ins()
    assert len(mail.outbox) == 1


def test_first_page_says_it_to_all_and_offers_the_way_to_those_who_may(client, admin):
    channel = given.a_channel(agency=admin.agency, name="Our Mastodon")
    actions.lose(channel, "The token is no longer valid.")
    for member, way in ((admin, "sign_in"), (given.a_member(agency=admin.agency), "channel")):
        client.force_login(member)
        page = client.get(reverse("answer:first_page")).content.decode()
        assert "Our Mastodon no longer lets us in" in page
        assert reverse(f"channels:{way}", args=[channel.pk]) in page
    client.force_login(given.a_member(roles=["admin"]))
    assert "Our Mastodon" not in client.get(reverse("answer:first_page")).content.decode()


def test_drill_and_closed_channels_trouble_nobody(admin):
    given.a_channel(agency=admin.agency, state="closed", signed_in_until=timezone.now())
    given.a_channel(agency=admin.agency, drill=True, state="sign_in_needed")
    tell_of_sign_ins()
    assert not mail.outbox
