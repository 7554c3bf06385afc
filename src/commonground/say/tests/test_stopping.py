"""Stopping everything, to its end: what was on its way is told, and our sign-ins end."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.protect import actions as protect
from commonground.protect.models import Hold, Revocation
from commonground.record.models import Entry
from commonground.say import tasks
from commonground.say.tasks import revoking

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return given.a_member(roles=["admin"])


def a_signed_in_channel(agency, **but):
    channel = given.a_channel(agency=agency, network="mastodon", **but)
    return protect.channels.change(channel, secrets={"token": "t"}, address="http://127.0.0.1:9")


def end_sign_ins():
    for row in revoking.to_end():
        revoking.end(row)


def later(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


def test_every_sign_in_ends_within_a_minute_even_where_its_network_does_not_answer(boss):
    channel = a_signed_in_channel(boss.agency)
    given.a_channel(agency=boss.agency, network="site")
    protect.stop(boss.agency, reason="Hacked?", by=boss)

    end_sign_ins()

    channel.refresh_from_db()
    assert (channel.secrets, channel.state) == ({}, "sign_in_needed")
    row = Revocation.objects.get()
    assert row.done_at
    assert not row.at_network
    assert "client key" in row.trouble
    assert Entry.objects.filter(verb="revoke").count() == 1


def test_whoever_needs_only_silence_keeps_the_sign_ins(boss):
    channel = a_signed_in_channel(boss.agency)
    protect.stop(boss.agency, reason="A mourning", by=boss, keep=True)
    end_sign_ins()

    channel.refresh_from_db()
    assert channel.secrets == {"token": "t"}


def test_a_worker_that_died_over_it_is_followed_by_another(boss):
    a_signed_in_channel(boss.agency)
    protect.stop(boss.agency, reason="Hacked?", by=boss)
    Revocation.objects.update(begun_at=timezone.now())
    end_sign_ins()
    assert Revocation.objects.pending().exists()
    with later(16):
        end_sign_ins()
    assert not Revocation.objects.pending().exists()


def test_after_fifty_seconds_nobody_is_asked_any_more(boss):
    channel = a_signed_in_channel(boss.agency)
    secrets = {"token": "t", "client_key": "k", "client_secret": "s"}
    protect.channels.change(channel, secrets=secrets)
    protect.stop(boss.agency, reason="Hacked?", by=boss)
    with later(51):
        end_sign_ins()
    assert "no time left" in Revocation.objects.get().trouble


def test_a_sign_in_given_after_that_is_kept(boss):
    channel = a_signed_in_channel(boss.agency)
    protect.stop(boss.agency, reason="Hacked?", by=boss)
    end_sign_ins()
    protect.channels.change(channel, secrets={"token": "new"})
    with later(40):
        end_sign_ins()
    channel.refresh_from_db()
    assert channel.secrets == {"token": "new"}


def test_what_was_on_its_way_is_looked_for_before_its_sign_in_ends_and_listed(place, client, boss):
    author = given.a_member(agency=boss.agency)
    channel = given.a_channel(agency=boss.agency, authorised=[author])
    place.script(Trouble(Fault.UNSURE_BEFORE))
    given.an_approved_post(by=author, channels=[channel], text="The bridge is closed.")
    place.clock.at = timezone.now()
    tasks.go_out()
    hold = protect.stop(boss.agency, reason="Hacked?", by=boss)
    Revocation.objects.create(hold=hold, channel=channel)

    client.force_login(boss)
    panel = client.get(reverse("say:wire_panel")).content.decode()
    assert "The bridge is closed." in panel
    assert "not known yet" in panel

    end_sign_ins()
    assert Revocation.objects.pending().exists()
    with later(31):
        end_sign_ins()
    assert not Revocation.objects.pending().exists()


def test_the_command_stops_every_agency_lists_it_and_cannot_start_again(boss, capsys):
    other = given.an_agency()
    channel = a_signed_in_channel(boss.agency)
    call_command("protect", "stop", "--reason", "Hacked?", "--say", "not_us")
    told = capsys.readouterr().out
    assert told.count("EVERYTHING IS STOPPED") == 2
    assert channel.name in told
    assert Hold.objects.standing().filter(agency=other).exists()
    assert [entry.who for entry in Entry.objects.filter(verb="stop")] == [
        "Whoever runs the server", "Whoever runs the server",
    ]  # fmt: skip

    call_command("protect", "stop", "--reason", "Again")  # whoever is second gets the list as well
    call_command("protect", "status", "--agency", boss.agency.slug, "--json")
    assert '"about to end"' in capsys.readouterr().out


def test_the_page_says_who_stopped_it_and_what_is_left_for_a_person(client, boss):
    channel = a_signed_in_channel(boss.agency)
    client.force_login(boss)
    client.post(reverse("protect:stop"), {"reason": "Hacked?", "said": "paused"})
    end_sign_ins()
    page = client.get(reverse("protect:stop")).content.decode()
    assert "deleted here only" in page
    assert "delete the application" in page
    assert Hold.objects.get().said == "paused"
    assert Channel.objects.get(pk=channel.pk).secrets == {}


def test_every_network_that_is_signed_in_says_where_a_person_ends_it():
    assert [n.name for n in networks().values() if n.secrets and not n.ended_at] == []
