"""A list of words hides criticism with the rest: how much of it is counted where all can read."""

from __future__ import annotations

import pytest
from django.test import Client
from tests import given

from commonground.answer import actions
from commonground.answer.queries.filters import audit_of
from commonground.answer.tests.world import a_conversation, a_measure, a_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return given.a_channel(network="mastodon")


@pytest.fixture
def noted(channel):
    admin = given.a_member(agency=channel.agency, roles=["admin"])
    return actions.note_filter(
        channel, strength="Strong", words="liar, bridge street, zzz", ground="None", by=admin
    )


def write(channel, *texts):
    return [a_conversation(text, channel=channel) for text in texts]


def test_it_counts_whole_words_and_phrases_among_what_people_wrote_here(channel, noted):
    write(channel, "The chief is a LIAR.", "Liars all of you", "On Bridge Street, a liar",
          "A street, no bridge of that name, but Street", "Thank you")  # fmt: skip
    write(given.a_channel(agency=channel.agency, network="bluesky"), "liar elsewhere")
    audit = audit_of(noted)
    found = {one.phrase: len(one.messages) for one in audit.caught}
    assert found == {"liar": 2, "bridge street": 2, "zzz": 0}
    assert (audit.all, audit.wrongly) == (3, 3)


def test_only_what_two_people_found_to_break_a_rule_counts_as_rightly_hidden(channel, noted):
    (call,) = write(channel, "You liar, I come to 14 Bridge Street tonight")
    write(channel, "The chief is a liar.")
    a_measure(call)
    audit = audit_of(noted)
    assert (audit.all, audit.wrongly) == (2, 1)
    assert [one.rightly for one in audit.caught] == [1, 1, 0]


def test_everybody_reads_how_many_and_nobody_reads_whose(channel, noted):
    a_policy(channel.agency)
    write(channel, "The chief is a liar, says Ana Bell")
    page = Client().get("/comments/log/").content.decode()
    assert "in 1 message to us within 90 days; nothing was found against 1" in page
    assert "Ana Bell" not in page
    (told,) = Client().get("/comments/log.json").json()["filters"]
    assert (told["would_have_hidden"], told["nothing_found_against"]) == (1, 1)


def test_the_desk_reads_each_and_administrators_who_may_not_read_words_do_not(channel, noted):
    write(channel, "The chief is a liar, says Ana Bell")
    at = f"/answer/filters/{channel.pk}/audit/"
    desk = Client()
    desk.force_login(given.a_member(agency=channel.agency))
    page = desk.get(at).content.decode()
    assert "The chief is a liar" in page
    assert "Nobody found anything against 1 of them" in page
    desk.force_login(given.a_member(agency=channel.agency, roles=["admin"]))
    assert desk.get(at).status_code == 403


def test_no_words_and_nobody_looked_are_said(channel):
    desk = Client()
    desk.force_login(given.a_member(agency=channel.agency))
    at = f"/answer/filters/{channel.pk}/audit/"
    assert "No words of your own" in desk.get(at).content.decode()
