"""From a letter to our answer in somebody's box, through a real mail server; and nothing of it is
ever public."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.answer import actions, tasks
from commonground.answer.models import Conversation, Line, Message
from commonground.answer.states import State
from commonground.answer.tests.world import an_answerer
from commonground.channels.line.tests.mail_server import a_mail_server
from commonground.channels.networks.mailbox import sending, writing
from commonground.channels.networks.mailbox.models import Reply
from commonground.channels.networks.mailbox.tests.world import ANA, US, a_mailbox, write
from commonground.protect.engine.wording import Wording
from commonground.say import actions as say, queries as said
from commonground.say.queries.said import seen_in_public
from commonground.say.tasks import go_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_to_undo")]


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def box(db):
    return a_mailbox()


@pytest.fixture
def ben(box):
    return an_answerer(box, name="Ben")


def heard(box):
    tasks.hear(Line.objects.get_or_create(channel=box)[0])


def answered(message, ben, text="Yes, since noon."):
    """Read by a second person, carried by the worker, taken by the mail server."""
    answer = actions.reply(message, text=text, language="en", by=ben)
    post = answer.post
    say.approve(post, read=post.digest, by=given.an_approver(post))
    for seconds in (0, 10, 20, 40):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            go_out()
            sending.send_some()
    tasks.settle_answers()
    post.refresh_from_db()
    return post


def test_a_letter_is_answered_in_its_thread_and_they_go_on_there(box, ben, server):
    write(Message_ID="<one@people.example>")
    heard(box)
    conversation = Conversation.objects.get()
    assert conversation.shown["line"] == "The bridge Is the bridge open?"
    assert "question" in [p["kind"] for p in conversation.messages.get().proposals]

    post = answered(conversation.messages.get(), ben)
    assert post.state == "published"
    (sent,) = server.got(ANA)
    assert sent.mail["In-Reply-To"] == "<one@people.example>"
    conversation.refresh_from_db()
    assert conversation.answered_at
    assert conversation.state == State.WAITING

    write("Thank you!", In_Reply_To=writing.message_id(Reply.objects.get()), Subject="Re: bridge")
    heard(box)
    assert Conversation.objects.get().state == State.OPEN
    assert [m.said["text"] for m in Message.objects.all()][1] == "Thank you!"


def test_a_stranger_who_names_a_letter_gets_a_conversation_of_their_own(box, ben, server):
    write(Message_ID="<one@people.example>")
    write("And me?", From="mallory@elsewhere.example", In_Reply_To="<one@people.example>")
    heard(box)
    first, second = Conversation.objects.order_by("first_at")
    assert first.thread == second.thread
    answered(second.messages.get(), ben, "For you alone.")
    assert server.got("mallory@elsewhere.example")
    assert not server.got(ANA)


def test_an_answer_that_came_back_opens_the_conversation_again(box, ben, server):
    write()
    heard(box)
    answered(Message.objects.get(), ben)
    report = (
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\n"
        b"Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--x--\r\n"
    )
    path = writing.return_path(Reply.objects.get(), US)
    write(body=report, sent_to=path, Content_Type="multipart/report; boundary=x", From="<>")
    heard(box)
    conversation = Conversation.objects.get()
    assert conversation.state == State.OPEN
    assert "5.1.1" in conversation.messages.last().said["text"]


def test_what_was_written_to_one_alone_is_nowhere_public(box, ben, server):
    write("My neighbour at 14 Quay Lane is loud.")
    heard(box)
    post = answered(Message.objects.get(), ben, "We come to Quay Lane at eight.")
    assert not seen_in_public(box.agency).exists()
    reader = Client()
    assert reader.get("/newsroom/").status_code == 200
    for at in ("/newsroom/", "/newsroom/rss.xml", "/archive/", "/accounts/"):
        assert b"Quay Lane" not in reader.get(at).content
    asked = reader.post("/really/", {"pasted": "We come to Quay Lane at eight."})
    assert asked.status_code == 200
    assert asked.context["answer"].wording == Wording.UNKNOWN
    assert post.state == "published"


def test_nothing_but_an_answer_can_be_said_there(box, ben):
    post = say.begin(by=ben, title="Closed", text="Road closed.", language="en")
    assert not post.variants.filter(channel=box).exists()
    assert not said.spoken_by(ben).filter(pk=box.pk).exists()


def test_an_answer_stays_on_its_channel_in_the_editor(box, ben, server):
    write()
    heard(box)
    answer = actions.reply(Message.objects.get(), text="Yes.", language="en", by=ben, submit=False)
    assert list(said.channels_for(answer.post, ben)) == [box]


def test_the_thread_offers_an_answer_and_says_where_it_goes(box, ben, server):
    write()
    heard(box)
    desk = Client()
    desk.force_login(ben)
    conversation = actions.claim(Conversation.objects.get(), by=ben)
    page = desk.get(conversation.get_absolute_url()).content.decode()
    assert 'id="reply"' in page
    assert "goes to them alone" in page
    assert "to us alone" in page
