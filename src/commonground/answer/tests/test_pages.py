"""The inbox as people use it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests import given

from commonground.agency.states import Role
from commonground.answer import actions
from commonground.answer.models import Conversation, Judgement, Promise, SavedAnswer
from commonground.answer.tests.world import a_conversation, an_answerer, hear, words
from commonground.say.models import Post

pytestmark = pytest.mark.django_db
GUN = "He has a knife and he is breaking in our door, send police now"


@pytest.fixture
def channel():
    return given.a_channel(network="mastodon")


@pytest.fixture
def ben(channel):
    return an_answerer(channel, name="Ben", roles=["author", "admin"])


@pytest.fixture
def desk(client, ben):
    client.force_login(ben)
    return client


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def at(conversation, path=""):
    return f"/answer/{conversation.pk}/{path}"


def test_an_empty_inbox_proves_that_it_listens(desk, channel):
    assert "No channel is heard yet" in text_of(desk.get("/answer/"))
    hear(channel)
    page = text_of(desk.get("/answer/"))
    assert "Nobody waits for an answer" in page
    assert "Every channel was heard by" in page


def test_from_a_message_to_an_answer_that_waits_for_a_second_person(desk, channel, ben):
    conversation = a_conversation("Is the bridge open?", channel=channel)
    assert "Is the bridge open?" in text_of(desk.get("/answer/"))
    page = text_of(desk.get(at(conversation)))
    assert "Claim it to answer" in page
    assert "Send for approval" not in page
    desk.post(at(conversation, "claim/"))
    page = desk.get(at(conversation))
    assert "You have this." in text_of(page)
    form = page.context["reply_form"]
    assert form["text"].value().startswith("@ana@town.example")
    typed = {"text": "@ana It opens at six.", "language": "en", "beneath": form["beneath"].value()}
    after = desk.post(at(conversation, "reply/"), typed, follow=True)
    assert "A second person reads it" in text_of(after)
    assert Post.objects.get().state == "in_review"


def test_everybody_sees_who_is_answering(desk, channel):
    conversation = a_conversation(channel=channel)
    actions.claim(conversation, by=an_answerer(channel, name="Eve"))
    assert "Eve is answering" in text_of(desk.get("/answer/?view=all"))
    page = text_of(desk.get(at(conversation)))
    assert "Eve is answering." in page
    assert "Send for approval" not in page
    refused = desk.post(at(conversation, "claim/"))
    assert refused.status_code == 409
    assert "Eve" in text_of(refused)


def test_what_is_answered_is_before_the_eyes_of_whoever_approves(client, channel, ben):
    conversation = a_conversation("Is the bridge open?", channel=channel)
    message = conversation.messages.get()
    answer = actions.reply(message, text="At six.", language="en", by=ben)
    client.force_login(given.an_approver(answer.post))
    page = text_of(client.get(f"/say/{answer.post.pk}/approve"))
    assert "Is the bridge open?" in page
    assert "@ana@town.example" in page


def test_a_proposal_shows_its_words_and_does_nothing(desk, channel):
    conversation = a_conversation(GUN, channel=channel)
    page = text_of(desk.get(at(conversation)))
    assert "Could be" in page
    assert conversation.messages.get().proposals[0]["because"][0] in page
    assert Conversation.objects.get().owner is None
    assert not Post.objects.exists()


def test_the_emergency_script_names_the_real_number(desk, channel, ben):
    conversation = a_conversation(GUN, channel=channel)
    page = text_of(desk.get(at(conversation, "emergency/")))
    assert ben.agency.emergency_number in page
    assert GUN in page
    assert desk.post(at(conversation, "emergency/"), {"told": "dispatch"}).status_code == 422
    desk.post(at(conversation, "emergency/"), {"told": "dispatch", "took": "Lee"})
    assert "taken by Lee" in conversation.notes.get().said["text"]


def test_put_off_handed_over_noted_and_done(desk, channel, ben):
    conversation = a_conversation(channel=channel)
    eve = an_answerer(channel, name="Eve")
    desk.post(at(conversation, "note/"), {"text": "She called twice."})
    assert "She called twice." in text_of(desk.get(at(conversation)))
    assert desk.post(at(conversation, "note/"), {"text": " "}).status_code == 422
    assert desk.post(at(conversation, "snooze/"), {"wait": "at"}).status_code == 422
    desk.post(at(conversation, "snooze/"), {"wait": "tomorrow"})
    conversation.refresh_from_db()
    assert conversation.snoozed_until > timezone.now()
    desk.post(at(conversation, "reopen/"))
    desk.post(at(conversation, "pass-on/"), {"to": eve.pk, "note": "Yours"})
    conversation.refresh_from_db()
    assert conversation.owner == eve
    assert desk.post(at(conversation, "close/")).status_code == 409
    actions.let_go(conversation, by=eve)
    desk.post(at(conversation, "close/"))
    conversation.refresh_from_db()
    assert conversation.state == "done"


def test_a_person_corrects_the_triage_and_the_page_shows_its_mistakes(desk, channel):
    conversation = a_conversation(GUN, channel=channel)
    message = conversation.messages.get()
    kind = message.proposals[0]["kind"]
    at_judge = f"/answer/messages/{message.pk}/judge/"
    desk.post(at_judge, {"kind": kind, "is_right": "no"})
    desk.post(at_judge, {"kind": "praise", "is_right": "yes"})
    desk.post(at_judge, {"kind": "nonsense", "is_right": "yes"})
    assert Judgement.objects.count() == 2
    page = text_of(desk.get("/answer/triage/"))
    assert "is praise, and was overlooked" in page
    assert GUN[:40] in page


def test_saved_answers_are_kept_and_begin_an_answer(desk, channel, ben):
    desk.post("/answer/saved/new/", {"name": "Hours", "text": "We open at 8.", "language": "en"})
    saved = SavedAnswer.objects.get()
    again = {"name": "Hours", "text": "x", "language": "en"}
    assert desk.post("/answer/saved/new/", again).status_code == 422
    conversation = a_conversation(channel=channel)
    actions.claim(conversation, by=ben)
    assert "We open at 8." in desk.get(at(conversation) + f"?saved={saved.pk}").content.decode()
    desk.post(f"/answer/saved/{saved.pk}/", {**again, "name": "When"})
    desk.post(f"/answer/saved/{saved.pk}/remove/")
    assert not SavedAnswer.objects.exists()


def test_an_administrator_promises_and_the_report_says_how_it_is_kept(desk, channel, ben):
    typed = {"hours": "2", "urgent_minutes": "10", "days": ["0", "1"], "opens": "08:00",
             "closes": "16:00"}  # fmt: skip
    desk.post("/answer/promise/", typed)
    promise = Promise.objects.get()
    assert (promise.minutes, promise.days) == (120, [0, 1])
    a_conversation(channel=channel)
    page = text_of(desk.get("/answer/report/"))
    assert "Left out: not answered" in page
    assert "Monday, Tuesday" in page
    assert desk.post("/answer/promise/", {**typed, "hours": "0"}).status_code == 422


@pytest.mark.parametrize("view", ["mine", "unclaimed", "waiting", "all"])
def test_each_list_turns_its_pages_and_loses_nobody(desk, channel, ben, view):
    made = [a_conversation(f"Number {n}", channel=channel) for n in range(60)]
    now = timezone.now()
    if view == "mine":
        Conversation.objects.update(owner=ben)
    if view == "waiting":
        Conversation.objects.update(state="waiting")
    for n, conversation in enumerate(made):
        Conversation.objects.filter(pk=conversation.pk).update(
            rank=n % 3,
            due_at=now + timedelta(minutes=n % 4),
            last_at=now - timedelta(seconds=n % 7),
        )
    found, before = [], ""
    for _ in range(4):
        page = desk.get("/answer/", {"view": view, "before": before}).context["page"]
        found += [row.pk for row in page.rows]
        before = page.older
        if not before:
            break
    assert len(found) == len(set(found)) == 60
    if view in ("mine", "unclaimed"):
        ranks = list(Conversation.objects.filter(pk__in=found).in_bulk(found).values())
        by_key = {row.pk: row.rank for row in ranks}
        assert [by_key[pk] for pk in found] == sorted(by_key.values())


@pytest.mark.parametrize("mark", ["x", "1~2026-01-01~x", "9~2026-01-01T00:00:00Z~x", "~~", "0~~",
                                  "\x00", "1~2026-13-01T00:00:00Z~" + "a" * 36])  # fmt: skip
def test_a_mark_that_is_none_begins_at_the_front(desk, channel, mark):
    a_conversation(channel=channel)
    assert len(desk.get("/answer/", {"before": mark}).context["page"].rows) == 1


def test_lists_and_threads_cost_few_queries(desk, channel, ben, django_assert_max_num_queries):
    for n in range(30):
        actions.claim(a_conversation(f"One {n} words", channel=channel), by=ben)
    conversation = Conversation.objects.first()
    desk.get("/answer/?view=mine")
    for address in ("/answer/?view=mine", "/answer/?view=all", "/answer/?q=words"):
        with django_assert_max_num_queries(15):
            assert len(desk.get(address).context["page"].rows) == 25
    with django_assert_max_num_queries(30):
        desk.get(at(conversation))


@pytest.mark.parametrize(("role", "status"), [
    (Role.TRAINER, 403), (Role.ADMIN, 403), (Role.AUTHOR, 200), (Role.APPROVER, 200),
    (Role.AUDITOR, 200), (Role.RECORDS, 200),
])  # fmt: skip
def test_what_people_wrote_is_read_by_those_who_answer_and_those_who_look_on(
    client, channel, role, status
):
    conversation = a_conversation("Quiet words", channel=channel)
    client.force_login(given.a_member(agency=channel.agency, roles=[role]))
    for address in ("/answer/", at(conversation)):
        assert client.get(address).status_code == status


def test_markup_in_a_message_is_words(desk, channel):
    conversation = a_conversation("<script>alert(1)</script><b>x", channel=channel,
                                  name="<i>n", handle="<u>h")  # fmt: skip
    for address in ("/answer/", at(conversation), at(conversation, "emergency/")):
        page = desk.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<i>n" not in page
        assert "<u>h" not in page


def test_what_was_deleted_says_so_and_why(desk, channel):
    said = words("Gone tomorrow")
    hear(channel, said)
    hear(channel, gone=(said.id,))
    conversation = Conversation.objects.get()
    for address in ("/answer/?view=all", at(conversation)):
        page = text_of(desk.get(address))
        assert "Deleted by its author" in page
        assert "Gone tomorrow" not in page
