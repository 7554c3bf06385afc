"""What people say comes in once, in order, and is read by nobody who only has the database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.answer import actions, queries
from commonground.answer.models import (
    Conversation,
    Line,
    Message,
    Priority,
    Promise,
    Word,
    mark_of,
)
from commonground.answer.models.conversations import word_mark
from commonground.answer.states import State
from commonground.answer.tests.world import a_conversation, an_answerer, hear, words
from commonground.channels.contract.incoming import Batch
from commonground.kit.refusals import MovedOn
from commonground.record.models import Entry, LegalHold
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return given.a_channel(network="mastodon")


def test_a_message_told_twice_is_kept_once(channel):
    said = words()
    hear(channel, said)
    assert hear(channel, said) == []
    assert Message.objects.count() == Conversation.objects.count() == 1
    assert Entry.objects.filter(verb="receive").count() == 1


def test_the_record_holds_what_was_said_and_what_it_became(channel):
    hear(channel, words("Who reads this?", id="m1"))
    hear(channel, words("Does anybody read this?", id="m1"))
    hear(channel, gone=("m1",))
    told = Entry.objects.filter(verb="receive").order_by("number")
    assert [e.detail["text"] for e in told] == ["Who reads this?", "Does anybody read this?"]
    assert told[0].detail["handle"]
    assert told[0].detail["mark"] == told[1].detail["mark"]
    assert Entry.objects.filter(verb="lose_message").count() == 1
    assert b"reads this" not in b"".join(bytes(e.kept.sealed) + bytes(e.leaf) for e in told)


def test_one_person_in_one_thread_is_one_conversation(channel):
    first, second = words("One", beneath="post"), words("Two", beneath="post")
    hear(channel, first, second, words("Three", beneath="post", author="ben"))
    assert Conversation.objects.count() == 2
    ana = Conversation.objects.order_by("first_at", "pk").get(person=_person(channel, "ana"))
    assert [m.said["text"] for m in ana.messages.all()] == ["One", "Two"]
    assert ana.shown["line"] == "Two"


def _person(channel, name):
    return mark_of(channel.pk, name)


def test_an_answer_to_themselves_stays_in_the_thread(channel):
    first = words("One", beneath="post")
    hear(channel, first)
    hear(channel, words("And another thing", beneath=first.id))
    assert Conversation.objects.get().messages.count() == 2


def test_the_same_id_on_another_channel_is_another_message(channel):
    said = words()
    hear(channel, said)
    hear(given.a_channel(network="mastodon"), said)
    assert Message.objects.count() == 2


def test_of_two_who_heard_the_same_one_keeps_it(channel):
    line = Line.objects.create(channel=channel)
    stale = Line.objects.get(pk=line.pk)
    batch = Batch((words(),), cursor="7")
    actions.take_in(line, batch)
    with pytest.raises(MovedOn):
        actions.take_in(stale, batch)
    assert Message.objects.count() == 1
    assert Line.objects.get().cursor == "7"


def test_a_batch_is_kept_with_its_place_or_not_at_all(channel):
    line = Line.objects.create(channel=channel)

    def broken():
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        actions.take_in(line, Batch((words(), words()), cursor="9", kept=broken))
    assert not Message.objects.exists()
    assert Line.objects.get().cursor == ""


def test_who_writes_again_needs_somebody_again(channel):
    first = words("One", beneath="post")
    hear(channel, first)
    conversation = Conversation.objects.get()
    actions.close(conversation, by=an_answerer(channel))
    hear(channel, words("Two", beneath="post"))
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN
    assert conversation.owner is None


def test_what_is_about_a_post_of_ours_says_which(channel):
    post = given.a_post(channels=[channel], by=an_answerer(channel))
    variant = post.variants.get()
    Delivery.objects.create(
        variant=variant, agency=post.agency, key="k", approved="x", due_at=timezone.now(),
        not_after=timezone.now(), next_at=timezone.now(), network_id="ours",
    )  # fmt: skip
    hear(channel, words("Where?", beneath="ours"))
    assert Conversation.objects.get().about == post


def test_a_call_for_help_comes_first_whoever_came_earlier(channel):
    by = an_answerer(channel)
    hear(channel, words("When does the office open?", author="ben"))
    hear(channel, words("He has a knife and he is breaking in our door, send police now"))
    rows = queries.page_of("unclaimed", by, timezone.now()).rows
    assert [row.rank < Priority.NORMAL for row in rows] == [True, False]
    assert all(row.state == State.OPEN and row.owner is None for row in rows)
    quoted = rows[0].messages.get().proposals[0]
    assert quoted["because"]
    assert all(part in rows[0].messages.get().said["text"] for part in quoted["because"])


def test_nobody_who_reads_the_database_learns_who_wrote_or_what(channel):
    hear(channel, words("My secret neighbour grows tulips", handle="@quiet@town.example"))
    actions.add_note(Conversation.objects.get(), text="Check the tulips", by=an_answerer(channel))
    shown = []
    with connection.cursor() as cursor:
        for table in ("conversation", "message", "note", "word", "line"):
            cursor.execute(f"SELECT * FROM commonground_answer_{table}")  # noqa: S608
            shown.append(json.dumps(cursor.fetchall(), default=str))
        cursor.execute("SELECT * FROM commonground_record_entry")
        shown.append(json.dumps(cursor.fetchall(), default=str))
    whole = "".join(shown).lower()
    for secret in ("tulips", "neighbour", "quiet", "town.example", "ana bell"):
        assert secret not in whole


def test_people_are_found_by_whole_words_in_our_own_agency(channel):
    by = an_answerer(channel)
    found = a_conversation("The Crème brûlée van blocks Elm Street", channel=channel)
    a_conversation("Nothing of the kind", channel=channel)
    a_conversation("creme van elm", channel=given.a_channel(network="mastodon"))

    def looked_for(typed):
        return queries.page_of("all", by, timezone.now(), words=typed).rows

    assert looked_for("creme VAN") == [found]
    assert looked_for("elm brulee") == [found]
    assert looked_for("brul") == looked_for("the") == looked_for("van nothing") == []
    assert len(looked_for("")) == 2


def test_what_its_author_deleted_is_gone_here_too(channel):
    by = an_answerer(channel)
    said = words("Purple elephants on Main")
    hear(channel, said)
    hear(channel, gone=(said.id,))
    message = Message.objects.get()
    assert message.said == {}
    assert message.gone_at
    assert not Word.objects.exists()
    assert queries.page_of("all", by, timezone.now(), words="elephants").rows == []
    assert hear(channel, gone=("never heard of",)) == []


def test_deleted_words_do_not_come_back_when_a_network_tells_them_again(channel):
    """An old page read once more, a stream played again, events out of their order."""
    said = words("My name is Ana Bell")
    hear(channel, said)
    hear(channel, gone=(said.id,))
    hear(channel, replace(said, text="My name is Ana Bell, 14 Bridge Street"))
    assert hear(channel, said) == []
    message = Message.objects.get()
    assert (message.said, message.gone_at is None) == ({}, False)
    assert not Word.objects.filter(mark=word_mark(channel.agency_id, "bell")).exists()
    assert message.conversation.shown == {}


def test_what_was_put_in_other_words_says_so(channel):
    said = words("Lovely weather")
    hear(channel, said)
    again = words("There is a man with a gun in the school, help", id=said.id)
    hear(channel, again)
    message = Message.objects.get()
    assert message.said["text"] == again.text
    assert message.changed_at
    assert message.conversation.rank < Priority.NORMAL


def test_words_are_deleted_when_their_time_is_over_unless_they_must_be_kept(channel):
    conversation = a_conversation(channel=channel)
    by = an_answerer(channel)
    actions.close(conversation, by=by)
    assert not actions.forget_old(conversation)
    Conversation.objects.update(last_at=timezone.now() - timedelta(days=91))
    hold = LegalHold.objects.create(
        agency=str(channel.agency_id), name="Inquiry", reason="Asked", asked_by="a", agreed_by="b"
    )
    assert not actions.forget_old(conversation)
    hold.delete()
    assert actions.forget_old(conversation)
    conversation.refresh_from_db()
    assert conversation.shown == {}
    assert Message.objects.get().said == {}
    assert not Word.objects.exists()


def test_the_promise_counts_in_office_hours_and_urgent_ones_by_the_clock(channel):
    Promise.objects.create(agency=channel.agency, minutes=60, urgent_minutes=10, days=[])
    calm = a_conversation("When does the office open?", channel=channel)
    assert timedelta(minutes=59) < calm.due_at - calm.first_at <= timedelta(minutes=61)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "a" * 50_000, "‮txt", "<script>x</script>", "🙂" * 900]
)
def test_any_text_comes_in(channel, text):
    conversation = a_conversation(text, channel=channel)
    assert conversation.messages.get().said["text"] == text


def test_of_a_language_that_it_does_not_read_the_triage_says_nothing(channel):
    there = a_conversation("هل الطريق إلى المستشفى مفتوح؟", channel=channel, language="ar")
    assert there.messages.get().proposals == []
    assert there.rank == Priority.NORMAL
