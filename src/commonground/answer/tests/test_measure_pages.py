"""Measures as people on the desk ask for them, decide on them and carry them out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import Filter, Measure
from commonground.answer.tests.world import (
    WHY,
    a_conversation,
    a_measure,
    a_policy,
    an_asked_measure,
)
from commonground.channels.contract.moderating import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation():
    return a_conversation("The mayor lives in 14 Bridge Street", author="ana")


@pytest.fixture
def desk(client, conversation):
    client.force_login(given.a_member(agency=conversation.agency, roles=["author", "admin"]))
    return client


@pytest.fixture
def second(client, conversation):
    from django.test import Client

    other = Client()
    other.force_login(given.a_member(agency=conversation.agency, roles=["approver"], name="Ines"))
    return other


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def typed(conversation, **but):
    return {
        "message": conversation.messages.get().pk, "rule": "2", "reason": WHY, "kind": "hide",
        "why_not_less": "They were asked to stop twice.", "fair": "on", **but,
    }  # fmt: skip


def test_from_a_conversation_to_a_measure_in_force(desk, second, conversation):
    a_policy(conversation.agency)
    page = desk.get(f"/answer/{conversation.pk}/")
    assert f"/answer/{conversation.pk}/measure/" in page.content.decode()
    form = text_of(desk.get(f"/answer/{conversation.pk}/measure/"))
    assert "Criticism" in form
    assert "pig" in form
    assert "Nothing was tried with them yet" in form
    after = desk.post(f"/answer/{conversation.pk}/measure/", typed(conversation), follow=True)
    assert "Nothing happens until a second person agrees" in text_of(after)
    measure = Measure.objects.get()
    assert "You cannot agree to what you asked for" in text_of(
        desk.get(f"/answer/measures/{measure.pk}/")
    )
    assert desk.post(f"/answer/measures/{measure.pk}/allow/").status_code == 403
    page = text_of(second.get(f"/answer/measures/{measure.pk}/"))
    assert "Yes: hide this message" in page
    assert "14 Bridge Street" in page
    second.post(f"/answer/measures/{measure.pk}/allow/")
    page = text_of(second.get(f"/answer/measures/{measure.pk}/"))
    assert "A person must do it on the network" in page
    assert measure.reference in text_of(desk.get("/answer/measures/"))
    second.post(f"/answer/measures/{measure.pk}/done/")
    assert "Seen in force" in text_of(second.get(f"/answer/measures/{measure.pk}/"))


def test_whoever_would_not_ask_it_of_praise_cannot_ask(desk, conversation):
    a_policy(conversation.agency)
    answer = desk.post(f"/answer/{conversation.pk}/measure/", typed(conversation, fair=""))
    assert answer.status_code == 422
    assert not Measure.objects.exists()


def test_a_block_asks_for_its_end_and_for_why(desk, conversation):
    a_policy(conversation.agency)
    at = f"/answer/{conversation.pk}/measure/"
    assert desk.post(at, typed(conversation, kind="block")).status_code == 422
    until = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    refused = desk.post(at, typed(conversation, kind="block", until=until, why_not_less=""))
    assert refused.status_code == 409
    assert "Nothing smaller was tried" in text_of(refused)
    desk.post(at, typed(conversation, kind="block", until=until))
    assert Measure.objects.get().kind == "block"


def test_without_a_policy_the_page_says_who_can_write_one(desk, conversation):
    assert "There is no comment policy in force" in text_of(
        desk.get(f"/answer/{conversation.pk}/measure/")
    )
    assert desk.post(f"/answer/{conversation.pk}/measure/", {}).status_code == 200


def test_a_policy_is_written_and_published_by_two(desk, second, conversation):
    said = {"about": "Ask.", "rules": "No threats.\n\nNo advertising. ", "appeal_hours": 48,
            "language": "en"}  # fmt: skip
    desk.post("/answer/policy/new/", said)
    policy = conversation.agency.comment_policies.get()
    assert policy.rules == ["No threats.", "No advertising."]
    assert desk.post(f"/answer/policy/{policy.pk}/publish/").status_code == 403
    assert "Publish version 1" in text_of(second.get("/answer/policy/"))
    second.post(f"/answer/policy/{policy.pk}/publish/")
    policy.refresh_from_db()
    assert policy.state == "in_force"


def test_a_rule_too_long_for_a_sentence_is_sent_back(desk):
    said = {"about": "Ask.", "rules": "No " * 80, "appeal_hours": 48, "language": "en"}
    assert desk.post("/answer/policy/new/", said).status_code == 422


def test_the_strength_of_a_filter_is_written_down(desk, conversation):
    assert "Nobody has looked" in text_of(desk.get("/answer/filters/"))
    desk.post(f"/answer/filters/{conversation.channel_id}/", {"strength": "Profanity: off"})
    assert Filter.objects.get().strength == "Profanity: off"
    assert "Profanity: off" in text_of(desk.get("/answer/filters/"))


def test_the_first_page_tells_whoever_may_read_it(desk, second, conversation):
    def told(client):
        return text_of(client.get(reverse("answer:first_page")))

    assert "Measures against" not in told(desk)
    an_asked_measure(conversation)
    assert "Waits for a second person" in told(second)
    assert "What waits for you" in told(second)
    trainer = given.a_member(agency=conversation.agency, roles=["trainer"])
    desk.force_login(trainer)
    assert "Measures against" not in told(desk)


def test_the_list_does_not_ask_once_a_row(desk, conversation, django_assert_max_num_queries):
    channel = conversation.channel
    for _ in range(8):
        an_asked_measure(a_conversation("Call 555-0100", channel=channel))
    with django_assert_max_num_queries(22):
        desk.get("/answer/measures/")


def test_an_objection_is_decided_on_its_page(desk, second, conversation):
    asked = an_asked_measure(conversation, kind=Act.MUTE)
    third = given.a_member(agency=conversation.agency, roles=["approver"])
    actions.allow(asked, by=third)
    appeal = actions.appeal(asked, text="That is the town hall.")
    page = text_of(second.get(f"/answer/measures/{asked.pk}/"))
    assert "That is the town hall." in page
    assert "They are right: undo it" in page
    said = {"reason": "It is the address of the town hall."}
    assert "An approver decides who neither" in text_of(desk.get(f"/answer/measures/{asked.pk}/"))
    assert second.post(f"/answer/appeals/{appeal.pk}/grant/", {"reason": "x"}).status_code == 422
    second.post(f"/answer/appeals/{appeal.pk}/grant/", said)
    asked.refresh_from_db()
    assert asked.state == "restored"


def test_a_measure_that_is_over_keeps_its_page(desk, conversation):
    measure = a_measure(conversation)
    desk.post(f"/answer/measures/{measure.pk}/end/", {"reason": "It was removed by its author."})
    assert "Nothing of it stands" in text_of(desk.get(f"/answer/measures/{measure.pk}/"))
