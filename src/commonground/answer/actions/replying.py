"""An answer in words: a post beneath theirs, and what becomes of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.answer import rules
from commonground.answer.actions.after import with_question
from commonground.answer.actions.having import hold, wake
from commonground.answer.models import Answer, Conversation, Message
from commonground.answer.states import State
from commonground.kit.refusals import Refused
from commonground.record.actions import advance, witness
from commonground.say import actions as say
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState, State as PostState

ENDED = [PostState.PUBLISHED, PostState.FAILED, PostState.WITHDRAWN]


@transaction.atomic
def reply(
    message: Message, *, text: str, language: str, by: Member, submit: bool = True,
    earlier: str = "", ask: bool = False,
) -> Answer:  # fmt: skip
    """Write an answer beneath what they said, and ask a second person to read it.

    Where another answer is still on its way, somebody says what becomes of it: `keep` or
    `replace`. Two answers to one question are never an accident. `ask`: whether it helped, by a
    link beneath.
    """
    conversation = message.conversation
    rules.may_act(conversation.agency_id, by)
    rules.must_hold_words(conversation)
    text = rules.must_say_something(text)
    if message.gone_at:
        raise Refused(_("They have deleted this. Answer something that still stands."))
    if not message.public and not conversation.channel.kind.private:
        raise Refused(
            _("They wrote this to us alone, and an answer from here is public. Answer it there.")
        )
    if ask:
        text = with_question(text, conversation.channel, language)
    hold(conversation, by)
    settle_earlier(conversation, earlier, by)
    said = {name: str(message.said.get(name, "")) for name in ("id", "url", "handle", "text")}
    post = say.begin_answer(conversation.channel, said, text=text, language=language, by=by)
    answer = Answer.objects.create(conversation=conversation, beneath=message, post=post)
    if submit:
        say.submit(post, by=by)
    advance(conversation, "reply", by=by, told={"post": str(post.pk)}, snoozed_until=None)
    return answer


def settle_earlier(conversation: Conversation, earlier: str, by: Member) -> None:
    pending = rules.pending_of(conversation)
    if not pending or earlier == "keep":
        return
    post = pending[0].post
    if earlier != "replace":
        named = {"name": post.author.name}
        raise Refused(
            _("An answer by %(name)s is still on its way. Say what becomes of it.") % named
        )
    for one in pending:
        if one.post.state not in (PostState.DRAFT, PostState.IN_REVIEW):
            raise Refused(
                _("The earlier answer is approved already. Take it back on its own page.")
            )
        if one.post.state == PostState.IN_REVIEW:
            say.recall(one.post, by=by)
        say.drop(one.post, by=by)
        Answer.objects.filter(pk=one.pk).update(settled=True)


@transaction.atomic
def settle_answer(answer: Answer) -> None:
    """It was seen in public, or never will be: then the conversation needs one of us again."""
    if not Answer.objects.filter(pk=answer.pk, settled=False).update(settled=True):
        return
    conversation = answer.conversation
    sent = Delivery.objects.filter(variant__post=answer.post, state=DeliveryState.SENT)
    seen = sent.aggregate(at=Min("seen_at"))["at"]
    if seen:
        unanswered = Conversation.objects.filter(pk=conversation.pk, answered_at=None)
        unanswered.update(answered_at=seen)
        witness("answer", conversation, by=answer.post.author, post=str(answer.post_id))
    elif conversation.state == State.WAITING:
        wake(conversation)
