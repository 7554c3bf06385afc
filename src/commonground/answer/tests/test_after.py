"""After an exchange: one question, one answer a link, and nobody can be led back from it."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import Asked, Helped
from commonground.answer.queries.after import FEWEST, whether_it_helped
from commonground.answer.tests.world import a_conversation, an_answerer
from commonground.kit.refusals import MovedOn
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return given.a_channel(network="mastodon")


def an_asking_answer(channel, **how):
    ben = an_answerer(channel, name="Ben")
    conversation = a_conversation(channel=channel)
    return actions.reply(
        conversation.messages.get(), text="Yes.", language="en", by=ben, ask=True, **how
    )


def address_in(text):
    return "/" + re.search(r"https?://[^/]+/(\S+)", text).group(1)


def test_the_link_stands_in_the_words_that_a_second_person_reads(channel):
    answer = an_asking_answer(channel)
    assert answer.post.text.startswith("Yes.\n\nDid this help?")
    assert answer.post.variants.get().text == answer.post.text
    assert Asked.objects.get().link not in answer.post.text  # a copy of the table votes for nobody


def test_it_is_asked_in_the_language_of_the_answer(channel):
    ben = an_answerer(channel)
    message = a_conversation(channel=channel).messages.get()
    answer = actions.reply(message, text="Oui.", language="fr", by=ben, ask=True)
    assert answer.post.language == "fr"
    assert "/helped/" in answer.post.text


def test_looking_says_nothing_and_one_press_counts_once(channel):
    at, reader = address_in(an_asking_answer(channel).post.text), Client()
    assert reader.get(at).status_code == 200
    assert Asked.objects.get().said == ""
    page = reader.get(at).content.decode()
    assert "<script" not in page.split("<main")[1]
    assert reader.post(at, {"said": "no"}).status_code == 302
    assert "It is counted" in reader.get(at).content.decode()
    reader.post(at, {"said": "yes"})
    assert Asked.objects.get().said == "no"


def test_nothing_else_can_be_said_and_nobody_guesses_a_link(channel):
    at, reader = address_in(an_asking_answer(channel).post.text), Client()
    for said in ("maybe", "", "YES", "yes\0"):
        assert reader.post(at, {"said": said}).status_code == 422
    assert reader.get("/helped/AAAAAAAAAAAAAAAAAAAA/").status_code == 404
    assert reader.get(f"/helped/{Asked.objects.get().link}/").status_code == 404
    assert Asked.objects.get().said == ""


def test_another_sites_page_presses_for_nobody(channel):
    at = address_in(an_asking_answer(channel).post.text)
    away = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert Client(headers=away).post(at, {"said": "no"}).status_code in (400, 403)
    assert Asked.objects.get().said == ""


def test_after_thirty_days_it_is_over(channel):
    at = address_in(an_asking_answer(channel).post.text)
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert "too old" in Client().get(at).content.decode()
        Client().post(at, {"said": "yes"})
        with pytest.raises(MovedOn):
            actions.say_how(Asked.objects.get(), said=Helped.YES)
    assert Asked.objects.get().said == ""


def test_of_too_few_nobody_is_told_what_they_said(channel):
    agency, since = channel.agency, timezone.now() - timedelta(days=30)
    for n in range(FEWEST + 2):
        asked = Asked.objects.create(agency=agency, link=str(n))
        if n < FEWEST - 1:
            actions.say_how(asked, said=Helped.NO if n else Helped.YES)
    told = whether_it_helped(agency, since)
    assert (told.asked, told.answered, told.said) == (FEWEST + 2, FEWEST - 1, None)
    actions.say_how(asked, said=Helped.PARTLY)
    told = whether_it_helped(agency, since)
    assert told.said == {"yes": 1, "partly": 1, "no": FEWEST - 2}
    desk = Client()
    desk.force_login(given.a_member(agency=agency))
    page = desk.get("/answer/report/").content.decode()
    assert f"{FEWEST + 2} were asked, and {FEWEST} answered" in page
    assert f"1 of {FEWEST}" in page


def test_the_record_knows_that_somebody_said_how_and_not_who_or_of_what(channel):
    at = address_in(an_asking_answer(channel).post.text)
    Client().post(at, {"said": "no"})
    entry = Entry.objects.get(verb="say_how")
    conversation = str(channel.conversations.get().pk)
    assert conversation not in str(vars(entry))
    assert {f.name for f in Asked._meta.get_fields() if f.is_relation} == {"agency"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_of_twenty_who_press_at_once_one_counts():
    agency = given.a_member().agency
    asked = Asked.objects.create(agency=agency, link="x")
    counted, start = [], threading.Barrier(20)

    def press(n):
        start.wait()
        try:
            actions.say_how(asked, said=Helped.YES if n % 2 else Helped.NO)
            counted.append(n)
        except MovedOn:
            pass
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=[n]) for n in range(20)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(counted) == 1
    assert Entry.objects.filter(verb="say_how").count() == 1
