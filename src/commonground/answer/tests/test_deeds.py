"""You said, we did: two people stand behind each, nobody who wrote is named, nothing vanishes."""

from __future__ import annotations

import pytest
from django.test import Client
from tests import given

from commonground.answer import actions
from commonground.answer.models import Deed
from commonground.answer.tests.world import a_conversation, an_answerer
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
WORDS = {"title": "Lamps", "said": "Quay Lane is dark.", "did": "Four lamps since May."}


@pytest.fixture
def ours():
    return a_conversation("Quay Lane is dark, says Ana Bell")


@pytest.fixture
def ben(ours):
    return an_answerer(ours.channel, name="Ben", roles=["author", "approver"])


@pytest.fixture
def eve(ours):
    return given.a_member(agency=ours.agency, name="Eve", roles=["approver"])


@pytest.fixture
def deed(ours, ben):
    return actions.propose_deed(ours.agency, by=ben, conversations=[ours], **WORDS)


def in_public():
    return Client().get("/you-said/").content.decode()


def test_it_is_public_when_a_second_person_said_yes_and_not_before(deed, ben, eve):
    assert "Quay Lane" not in in_public()
    with pytest.raises(NotYours):
        actions.announce(deed, by=ben)
    actions.announce(deed, by=eve)
    page = in_public()
    assert "Four lamps since May." in page
    assert "from 1 conversation with us" in page
    assert "Ana" not in page
    assert "Ben" not in page


def test_what_is_taken_back_leaves_a_line_and_the_reason(deed, ben, eve):
    actions.announce(deed, by=eve)
    with pytest.raises(Refused):
        actions.retract(deed, reason=" ", by=ben)
    actions.retract(deed, reason="Two lamps only.", by=ben)
    page = in_public()
    assert "Two lamps only." in page
    assert "Four lamps" not in page
    with pytest.raises(MovedOn):
        actions.announce(Deed.objects.get(), by=eve)


def test_something_led_to_it_and_it_was_ours(ben):
    theirs = a_conversation(channel=given.a_channel(network="mastodon"))
    for led in ([], [theirs]):
        with pytest.raises(Refused):
            actions.propose_deed(ben.agency, by=ben, conversations=led, **WORDS)
    assert not Deed.objects.exists()


def test_who_may_not_write_or_read_cannot(ours, deed):
    admin = given.a_member(agency=ours.agency, roles=["admin"])
    with pytest.raises(NotYours):
        actions.propose_deed(ours.agency, by=admin, conversations=[ours], **WORDS)
    desk = Client()
    desk.force_login(admin)
    assert desk.get(deed.get_absolute_url()).status_code == 403


def test_from_the_conversation_to_the_public_page_without_script(ours, ben, eve):
    desk = Client()
    desk.force_login(ben)
    assert (
        f"/answer/deeds/new/?from={ours.pk}" in desk.get(ours.get_absolute_url()).content.decode()
    )
    made = desk.post("/answer/deeds/new/", {**WORDS, "language": "en", "from": str(ours.pk)})
    deed = Deed.objects.get()
    assert made.headers["Location"] == deed.get_absolute_url()
    assert "Publish it" not in desk.get(deed.get_absolute_url()).content.decode()
    assert desk.post(f"{deed.get_absolute_url()}announce/").status_code == 403
    other = Client()
    other.force_login(eve)
    assert "Publish it" in other.get(deed.get_absolute_url()).content.decode()
    assert other.post(f"{deed.get_absolute_url()}announce/").status_code == 302
    assert "Four lamps" in in_public()
    sent = desk.post(f"{deed.get_absolute_url()}retract/", {"reason": ""})
    assert sent.status_code == 422
    assert {"propose_deed", "announce"} <= set(Entry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("typed", "word"),
    [("/ask/harbour/", "harbour"), ("https://x.example/ask/harbour", "harbour"),
     ("harbour", "harbour"), ("", ""), ("//evil.example/", None), ("<b>", None)],
)  # fmt: skip
def test_a_question_is_named_by_its_address_alone(ours, ben, typed, word):
    desk = Client()
    desk.force_login(ben)
    said = {**WORDS, "language": "en", "from": str(ours.pk), "question": typed}
    answer = desk.post("/answer/deeds/new/", said)
    assert answer.status_code == (422 if word is None else 302)
    assert [d.question for d in Deed.objects.all()] == ([] if word is None else [word])
