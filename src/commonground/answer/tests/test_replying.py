"""An answer is a post: a second person reads it, it stands beneath what it answers, and is seen."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import Answer, Line
from commonground.answer.states import State
from commonground.answer.tasks import hear, settle_answers
from commonground.answer.tests.world import a_conversation, an_answerer
from commonground.channels.contract import Message as Sent, Receipt
from commonground.channels.contract.incoming import Batch
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions as say
from commonground.say.models import Post
from commonground.say.states import State as PostState
from commonground.say.tasks.carrying import message_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation():
    return a_conversation("Is the bridge open?", id="theirs", author="ana")


@pytest.fixture
def ben(conversation):
    return an_answerer(conversation.channel, name="Ben")


def answer(conversation, by, text="@ana It opens at six.", **how):
    return actions.reply(conversation.messages.last(), text=text, language="en", by=by, **how)


def approved(post):
    post.refresh_from_db()
    second = given.an_approver(post)
    return say.approve(post, read=post.digest, by=second)


def test_an_answer_waits_for_a_second_person_on_one_channel_alone(conversation, ben):
    post = answer(conversation, ben).post
    conversation.refresh_from_db()
    assert post.state == PostState.IN_REVIEW
    assert [v.channel for v in post.variants.all()] == [conversation.channel]
    assert (conversation.state, conversation.owner) == (State.WAITING, ben)
    with pytest.raises(Refused):
        say.approve(post, read=post.digest, by=ben)


def test_it_goes_out_beneath_what_it_answers(conversation, ben):
    from commonground.say.models import Delivery

    post = approved(answer(conversation, ben).post)
    delivery = Delivery(
        variant=post.variants.get(), agency=post.agency, key="k", approved="x",
        due_at=timezone.now(), not_after=timezone.now(), next_at=timezone.now(),
    )  # fmt: skip
    message = message_of(delivery)
    said = conversation.messages.get().said
    assert message.follows == Receipt("theirs", said["url"])
    assert message.fingerprint != Sent(message.text).fingerprint


def test_an_approval_is_also_one_of_whose_words_it_answers(conversation, ben):
    post = answer(conversation, ben).post
    read = post.digest
    Post.objects.filter(pk=post.pk).update(answers="0" * 64)
    post.refresh_from_db()
    assert post.digest != read


def test_on_another_channel_it_would_answer_nobody(conversation, ben):
    post = answer(conversation, ben, submit=False).post
    other = given.a_channel(agency=ben.agency, authorised=[ben])
    post.variants.create(channel=other, text=post.text)
    with pytest.raises(Refused, match="alone"):
        say.submit(post, by=ben)


def test_a_second_answer_asks_what_becomes_of_the_first(conversation, ben):
    first = answer(conversation, ben).post
    with pytest.raises(Refused, match="still on its way"):
        answer(conversation, ben, "At seven.")
    assert Answer.objects.count() == 1
    answer(conversation, ben, "At seven.", earlier="replace")
    first.refresh_from_db()
    assert first.state == PostState.WITHDRAWN
    answer(conversation, ben, "And bring a lamp.", earlier="keep")
    assert Answer.objects.count() == 3


def test_nobody_answers_what_somebody_else_answers(conversation, ben):
    eve = an_answerer(conversation.channel, name="Eve")
    actions.claim(conversation, by=eve)
    with pytest.raises(MovedOn, match="Eve"):
        answer(conversation, ben)
    assert not Post.objects.exists()


def test_whoever_may_not_speak_there_may_not_answer_there(conversation):
    with pytest.raises(NotYours):
        answer(conversation, given.a_member(agency=conversation.agency))
    assert not Post.objects.exists()


def test_what_was_written_to_us_alone_is_not_answered_in_public(ben, conversation):
    alone = a_conversation("Quietly", channel=conversation.channel, public=False)
    with pytest.raises(Refused, match="alone"):
        answer(alone, ben)


def test_where_nobody_can_be_answered_the_desk_says_so():
    there = a_conversation(channel=given.a_channel(network="push"))
    with pytest.raises(Refused, match="by hand"):
        answer(there, an_answerer(there.channel))


def test_an_answer_on_its_way_keeps_it_from_being_done(conversation, ben):
    answer(conversation, ben)
    with pytest.raises(Refused):
        actions.close(conversation, by=ben)


def test_what_was_rejected_needs_somebody_again(conversation, ben):
    post = answer(conversation, ben).post
    say.reject(post, reason="Not true", read=post.digest, by=given.an_approver(post))
    settle_answers()
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN
    assert conversation.answered_at is None
    assert Entry.objects.filter(verb="wake").count() == 1


def test_answered_is_when_the_public_saw_it(conversation, ben):
    from commonground.say.models import Delivery

    post = approved(answer(conversation, ben).post)
    seen = timezone.now()
    Delivery.objects.filter(variant__post=post).delete()
    Delivery.objects.create(
        variant=post.variants.get(), agency=post.agency, key="k", approved="x", due_at=seen,
        not_after=seen, next_at=seen, state="sent", seen_at=seen, network_id="n1",
    )  # fmt: skip
    settle_answers()
    conversation.refresh_from_db()
    assert conversation.answered_at is None  # not yet published
    Post.objects.filter(pk=post.pk).update(state=PostState.PUBLISHED)
    settle_answers()
    settle_answers()
    conversation.refresh_from_db()
    assert conversation.answered_at == seen
    assert conversation.state == State.WAITING
    assert Entry.objects.filter(verb="answer").count() == 1


def test_whoever_goes_on_beneath_our_answer_is_in_the_same_conversation(conversation, ben):
    from commonground.answer.tests.world import hear as take, words
    from commonground.say.models import Delivery

    post = approved(answer(conversation, ben).post)
    now = timezone.now()
    Delivery.objects.filter(variant__post=post).delete()
    Delivery.objects.create(
        variant=post.variants.get(), agency=post.agency, key="k", approved="x", due_at=now,
        not_after=now, next_at=now, network_id="our answer",
    )  # fmt: skip
    take(conversation.channel, words("Thanks!", author="ana", beneath="our answer"))
    take(conversation.channel, words("And me?", author="ben", beneath="our answer"))
    conversation.refresh_from_db()
    assert conversation.messages.count() == 2
    assert conversation.state == State.OPEN
    assert conversation.agency.conversations.count() == 2


def test_a_channel_that_is_silent_says_since_when(conversation):
    from commonground.answer.queries import silent_lines

    line = Line.objects.get(channel=conversation.channel)
    hear(line)  # nothing answers at the address of this channel: it has none
    line.refresh_from_db()
    assert line.trouble
    assert line.next_at > timezone.now()
    Line.objects.update(heard_at=None)
    assert silent_lines(conversation.agency, timezone.now()) == [line]
    actions.take_in(line, Batch((), cursor=""))
    assert silent_lines(conversation.agency, timezone.now()) == []
