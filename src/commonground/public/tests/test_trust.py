"""What we promised and how we did: the bad with the good, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone
from tests import given

from commonground.answer.models import Promise
from commonground.answer.tests.world import a_conversation, a_measure
from commonground.channels.networks.site.models import Page
from commonground.learn.tests.given import a_counted_pulse
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["here"].clear()


@pytest.fixture
def agency():
    return given.an_agency()


def page_of(client):
    return client.get("/trust/").content.decode()


def test_where_nothing_is_known_it_says_so(client, agency):
    page = page_of(client)
    for words in ("We have not asked yet", "No time was promised yet", "Nobody wrote to us",
                  "Nothing went out in a year", "No checkpoint was published"):  # fmt: skip
        assert words in page
    said = client.get("/trust.json").json()
    assert said["pulse"] is None
    assert said["first_answers"]["median_seconds"] is None
    assert said["first_answers"]["promised_minutes"] is None


def test_answers_stand_with_those_left_out(client, agency):
    Promise.objects.create(agency=agency, minutes=60)
    channel = given.a_channel(agency=agency, network="mastodon")
    now = timezone.now()
    for minutes in (10, 30, None):
        one = a_conversation(channel=channel)
        one.first_at = now - timedelta(days=1)
        one.answered_at = one.first_at + timedelta(minutes=minutes) if minutes else None
        one.due_at = one.first_at + timedelta(minutes=20)
        one.save()
    said = client.get("/trust.json").json()["first_answers"]
    assert (said["answered"], said["not_answered_and_left_out"], said["in_time"]) == (2, 1, 1)
    assert (said["median_seconds"], said["mean_seconds"]) == (1200, 1200)
    page = page_of(client)
    assert "within 60 minutes" in page
    assert "Left out: not answered" in page


def test_accounts_on_which_nobody_is_heard_are_named(client, agency):
    given.a_channel(
        agency=agency, network="linkedin", name="Our LinkedIn", listed=True, handle="us"
    )
    assert client.get("/trust.json").json()["first_answers"]["channels_not_heard"] == [
        "Our LinkedIn"
    ]
    assert "Our LinkedIn" in page_of(client)


def a_delivery(agency, state):
    post = given.a_post(by=given.a_member(agency=agency))
    now = timezone.now()
    seen = {"seen_at": now} if state == DeliveryState.SENT else {}
    bad = {"raised_at": now} if state in (DeliveryState.DECLINED, DeliveryState.LATE) else {}
    return Delivery.objects.create(
        variant=post.variants.get(), agency=agency, key=str(next(given.number)), approved="x",
        state=state, due_at=now, not_after=now, next_at=now, first_tried_at=now, **seen, **bad,
    )  # fmt: skip


def test_what_did_not_go_out_is_counted_with_what_was_seen(client, agency):
    for state in ("sent", "sent", "sent", "declined", "late", "unsure"):
        a_delivery(agency, DeliveryState(state))
    (row,) = client.get("/trust.json").json()["deliveries"]
    assert (row["seen"], row["not_out"], row["unknown"]) == (3, 2, 1)
    assert "3 of 6" in page_of(client)


def test_corrections_and_how_long_the_wrong_words_stood(client, agency):
    channel = given.a_channel(agency=agency, network="site")
    now = timezone.now()
    wrong = Page.objects.create(
        channel=channel, key="a1", text="8 p.m.", published_at=now - timedelta(hours=5)
    )
    Page.objects.create(
        channel=channel,
        key="a2",
        text="6 p.m.",
        corrects=wrong,
        published_at=now - timedelta(hours=2),
    )
    Page.objects.create(channel=channel, key="a3", text="Oops", withdrawn_at=now, why="Not ours.")
    said = client.get("/trust.json").json()["corrections"]
    assert said == {"published": 3, "corrected": 1, "withdrawn": 1, "median": 10800}


def test_measures_and_objections_stand_as_the_log_has_them(client, agency):
    conversation = a_conversation(channel=given.a_channel(agency=agency, network="mastodon"))
    measure = a_measure(conversation)
    said = client.get("/trust.json").json()["measures"]
    assert said[measure.kind] == {"now": 1, "since": 1, "appealed": 0, "restored": 0}


def test_the_pulse_stands_with_its_interval_and_an_empty_round_after_it_is_not_hidden(
    client, agency
):
    by = given.a_member(agency=agency)
    pulse = a_counted_pulse(by=by)
    told = pulse.figures["code"]["scores"]["safety"]["score"]
    assert f"{told['low']:.0f}–{told['high']:.0f}" in page_of(client)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        a_counted_pulse(by=by, many=4)
        page = page_of(client)
    assert f"{told['low']:.0f}–{told['high']:.0f}" in page
    assert "fewer than ten people answered: nothing is known of now" in page


def test_a_drill_is_in_no_figure(client, agency):
    drill = given.an_agency(drill=True)
    a_delivery(drill, DeliveryState.SENT)
    assert client.get("/trust.json").json()["deliveries"] == []


def test_it_needs_no_script_and_keeps_its_weight(client, agency):
    a_counted_pulse(by=given.a_member(agency=agency))
    page = page_of(client)
    assert "<script" not in page
    assert len(page.encode()) < 30_000
