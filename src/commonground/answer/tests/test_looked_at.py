"""Hundreds look at what was said in an hour or beneath a post: what a look costs does not grow with
what was said, and nobody sees anything that is over."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonground.answer import actions
from commonground.answer.models import Conversation, Message, Why, mark_of
from commonground.answer.queries import hours
from commonground.answer.queries.hours_in_public import in_public
from commonground.answer.tests import talking
from commonground.answer.tests.world import a_measure, a_policy
from commonground.channels.contract.moderating import Act
from commonground.channels.networks.site.models import Comment, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_to_undo")]


def crowd(channel, place, thread, many):
    """So many more wrote there, and the inbox heard all of them."""
    now, before = timezone.now(), Comment.objects.count()
    keys = [f"c{n:012d}" for n in range(before, before + many)]
    words = {"text": "When does it open?", "name": "", "language": "en"}
    Comment.objects.bulk_create(
        Comment(channel=channel, key=key, link=key, beneath=place, told=True, said=words,
                shown_at=now if place.startswith("newsroom") else None)
        for key in keys
    )  # fmt: skip
    made = Conversation.objects.bulk_create(
        Conversation(agency=channel.agency, channel=channel, thread=thread, person=key,
                     first_at=now, last_at=now, due_at=now)
        for key in keys
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(conversation=one, mark=mark_of(channel.pk, key), said={"text": "x"}, at=now)
        for one, key in zip(made, keys, strict=True)
    )


def looked(path):
    """What one look asks of the database, and which parts of the page it drew."""
    with CaptureQueriesContext(connection) as asked:
        page = Client().get(path)
    assert page.status_code == 200
    return len(asked.captured_queries), [one.name for one in page.templates], page


def test_a_look_at_an_hour_costs_the_same_however_much_was_asked(newsroom, ben):
    hour = talking.an_hour(newsroom, ben)
    few, parts, _ = looked("/chat/bridges/")
    assert "public/chat_said.html" in parts

    crowd(newsroom, hour.place, hour.thread, 300)
    drawn_anew, parts, page = looked("/chat/bridges/")
    assert drawn_anew == few
    assert b"<dd>300</dd>" in page.content
    again, parts, page = looked("/chat/bridges/")
    assert "public/chat_said.html" not in parts, "it was drawn for somebody else"
    assert b"<dd>300</dd>" in page.content
    assert again < few


def test_a_look_at_comments_costs_the_same_however_many_there_are(newsroom):
    page = talking.a_page(newsroom)
    talking.open_comments(newsroom)
    talking.ask("Hello", at=f"/newsroom/{page.key}/comment/")
    path = page.get_absolute_url()
    few, parts, _ = looked(path)
    assert "public/comments_said.html" in parts

    crowd(newsroom, page.place, "t", 200)
    many, _, shown = looked(path)
    assert (many, shown.content.count(b"When does it open?")) == (few, 200)
    again, parts, shown = looked(path)
    assert "public/comments_said.html" not in parts
    assert shown.content.count(b"When does it open?") == 200
    assert again < few


def test_what_the_public_reads_of_an_hour_is_what_the_desk_reads(newsroom, ben):
    """Read in two ways: with every word for those who answer, and bare for everybody."""
    hour = talking.an_hour(newsroom, ben)
    a_policy(newsroom.agency)
    texts = ["When?", "When is it?", "Why?", "Who?", "What breaks a rule", "Where?", "Mine"]
    asked = {text: talking.asked(newsroom, text) for text in texts}
    talking.answered(asked["When?"], ben)
    actions.join(hour, asked["When is it?"], into=asked["When?"], by=ben)
    actions.leave_out(hour, asked["Why?"], why=Why.values[0], by=ben)
    actions.reply(asked["Who?"].messages.get(), text="Bell.", language="en", by=ben)
    a_measure(asked["What breaks a rule"], kind=Act.HIDE)
    gone = Comment.objects.get(key=asked["Mine"].messages.get().said["id"])
    actions.delete_comment(gone)
    talking.heard(newsroom)

    found, desk = in_public(hour), hours.asked_in(hour)
    assert {one.stands for one in desk} == set(hours.STANDS)
    assert found.counts == hours.counts_of(hour, desk)
    (answered,) = found.answered
    assert (answered.comment.text, answered.page.text, answered.also) == ("When?", "At six.", 1)
    assert [one.comment.text for one in found.left_out] == [
        one.comment.text for one in desk if one.stands == hours.LEFT_OUT and one.words_shown
    ]


def test_what_is_over_is_seen_by_nobody_even_right_after_somebody_looked(newsroom, ben):
    hour = talking.an_hour(newsroom, ben)
    conversation = talking.asked(newsroom, "When does it open?")
    talking.answered(conversation, ben, text="At six.")
    assert b"At six." in looked("/chat/bridges/")[2].content

    Page.objects.filter(answers__beneath=hour.place).update(withdrawn_at=timezone.now())
    assert b"At six." not in looked("/chat/bridges/")[2].content
    Page.objects.filter(answers__beneath=hour.place).update(withdrawn_at=None)
    assert b"At six." in looked("/chat/bridges/")[2].content

    actions.delete_comment(Comment.objects.get())
    assert b"When does it open?" not in looked("/chat/bridges/")[2].content
