"""An hour in which people ask us: announced by two, asked by anybody, wound up with a transcript.

A question is a conversation of the inbox like every other; what is here is only what is
particular to an hour: which of them are joined, which are not taken and why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.answer import rules
from commonground.answer.actions.having import close, hold
from commonground.answer.models import ChatHour, Conversation, SetAside, Why, mark_of
from commonground.answer.queries import hours as queries
from commonground.answer.rules import hours as hour_rules
from commonground.answer.states import HourState, State
from commonground.channels.models import Channel
from commonground.channels.networks.site import commenting
from commonground.channels.networks.site.models import Comment
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, advance, witness


@transaction.atomic
def propose_hour(
    agency: Agency, *, channel: Channel, by: Member, asks_from: datetime, starts_at: datetime,
    ends_at: datetime, languages: Iterable[str], **words: str,
) -> ChatHour:  # fmt: skip
    """Write when it is and who answers, for a second person to read. Nobody else sees it."""
    rules.may_act(agency.pk, by)
    hour = ChatHour(
        agency=agency, channel=channel, written_by=by, asks_from=asks_from, starts_at=starts_at,
        ends_at=ends_at, languages=list(languages), **words,
    )  # fmt: skip
    hour_rules.must_be_possible(hour, database_now())
    try:
        with transaction.atomic():
            hour.save(force_insert=True)
    except IntegrityError as twice:
        raise Refused(
            _("There was a chat at this address already. Choose another word.")
        ) from twice
    times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    witness("propose_hour", hour, by=by, languages=hour.languages, **times, **words)
    return hour


@transaction.atomic
def convene(hour: ChatHour, *, by: Member) -> ChatHour:
    """Announce it: its page is public from this second. Whoever wrote it cannot."""
    now = database_now()
    hour_rules.may_convene(hour, by, now)
    told = {"address": hour.url, "starts_at": hour.starts_at.isoformat()}
    return advance(hour, "convene", by=by, told=told, agreed_by=by, since=now)


@transaction.atomic
def shelve(hour: ChatHour, *, by: Member) -> ChatHour:
    """It was never announced, and never will be."""
    rules.may_act(hour.agency_id, by)
    return advance(hour, "shelve", by=by)


@transaction.atomic
def call_off(hour: ChatHour, *, reason: str, by: Member) -> ChatHour:
    """It will not be. Its page says so, and why; what was asked stays in the inbox."""
    rules.may_act(hour.agency_id, by)
    why = reason.strip()[:300]
    if not why:
        raise Refused(_("Say why it is called off. Everybody may read it."))
    now = database_now()
    return advance(hour, "call_off", by=by, told={"reason": why}, reason=why, until=now)


def ask_in(
    hour: ChatHour, *, text: str, name: str, language: str, token: str, come_from: str
) -> str:
    """Take a question of anybody's, and give the word of its own page. It is shown nowhere until
    it is answered, or until somebody says why it is not."""
    if not hour.takes_questions(database_now()):
        raise Refused(_("No questions are taken just now."))
    return commenting.say(
        hour.channel_id, beneath=hour.place, text=text, name=name, language=language,
        token=token, come_from=come_from,
    )  # fmt: skip


def one_at_a_time(*conversations: Conversation) -> None:
    """Of two who decide on the same questions in one instant, the second sees what the first did:
    else each could be joined to the other."""
    names = [one.pk for one in conversations]
    list(Conversation.objects.select_for_update(of=("self",)).filter(pk__in=names).order_by("pk"))


@transaction.atomic
def join(hour: ChatHour, conversation: Conversation, *, into: Conversation, by: Member) -> SetAside:
    """Another asks the same: that one is answered, and says how many asked."""
    rules.may_act(hour.agency_id, by)
    one_at_a_time(conversation, into)
    for one in (conversation, into):
        hour_rules.must_be_asked_in(hour, one)
    hour_rules.must_be_undecided(conversation)
    if conversation.pk == into.pk or SetAside.objects.filter(conversation=into).exists():
        raise Refused(_("Join it to a question that is answered itself."))
    joined = SetAside.objects.filter(into=conversation)
    joined.update(into=into)  # what was joined to this one asks the same as well
    return put_aside(hour, conversation, by, into=into)


@transaction.atomic
def leave_out(hour: ChatHour, conversation: Conversation, *, why: Why, by: Member) -> SetAside:
    """It is not taken, for a reason everybody can read. Whoever asked reads it too."""
    rules.may_act(hour.agency_id, by)
    one_at_a_time(conversation)
    hour_rules.must_be_asked_in(hour, conversation)
    hour_rules.must_be_undecided(conversation)
    if SetAside.objects.filter(into=conversation).exists():
        raise Refused(_("Others were joined to it. Take another first."))
    return put_aside(hour, conversation, by, why=why)


def put_aside(
    hour: ChatHour, conversation: Conversation, by: Member, *, into: Conversation | None = None,
    why: str = "", was_read: bool = True,
) -> SetAside:  # fmt: skip
    """Nobody waits for it any more."""
    if was_read:
        hold(conversation, by)  # one owner: nobody puts aside what a colleague is answering
        if conversation.state != State.DONE:
            close(conversation, by=by)
    kept = SetAside.objects.create(
        hour=hour, conversation=conversation, into=into, why=why, was_read=was_read, by=by
    )
    if kept.words_shown:
        show(hour, conversation, database_now())
    told: dict[str, Any] = {"why": why} if why else {"into": str(into and into.pk)}
    witness("put_aside", conversation, by=by, hour=str(hour.pk), was_read=was_read, **told)
    return kept


def show(hour: ChatHour, conversation: Conversation, since: datetime | None) -> None:
    """Whether the public reads the words of a question that is not answered."""
    names = [str(m.said.get("id", "")) for m in conversation.messages.all()]
    Comment.objects.filter(channel=hour.channel_id, key__in=names).update(shown_at=since)


@transaction.atomic
def take_again(hour: ChatHour, conversation: Conversation, *, by: Member) -> None:
    """It was put aside too soon: it waits for an answer again."""
    rules.may_act(hour.agency_id, by)
    hour_rules.must_be_asked_in(hour, conversation)
    deleted, _rows = SetAside.objects.filter(conversation=conversation, hour=hour).delete()
    if not deleted:
        raise MovedOn(_("Somebody decided on this question a moment ago. Look again."))
    show(hour, conversation, None)
    conversation.refresh_from_db()
    if conversation.state != State.OPEN:
        advance(conversation, "reopen", by=by, snoozed_until=None)
    witness("take_again", conversation, by=by, hour=str(hour.pk))


def wake_joined(comment: Comment) -> None:
    """Whoever asked it first deleted it, and nobody can answer it any more: those that were joined
    to it wait for an answer of their own."""
    mark = mark_of(comment.channel_id, comment.key)
    left = SetAside.objects.filter(
        into__messages__mark=mark, into__answered_at=None, hour__state=HourState.ANNOUNCED
    )
    for aside in left.select_related("conversation"):
        conversation = aside.conversation
        aside.delete()
        if conversation.state != State.OPEN:
            advance(conversation, "reopen", by=THE_DESK, snoozed_until=None)
        witness("take_again", conversation, by=THE_DESK, hour=str(aside.hour_id))


@transaction.atomic
def wind_up(hour: ChatHour, *, by: Member) -> ChatHour:
    """It is over: what nobody came to is said to have had no time, and the transcript is closed.
    What nobody has read stays open in the inbox: it may be a request for records, or a complaint.

    The record holds of each question what became of it and of each answer its post, so that
    whoever has the page can hold it against that.
    """
    now = database_now()
    hour_rules.may_wind_up(hour, by, now)
    if queries.coming_to(hour).exists():
        raise Refused(_("Questions are still coming in. Try again in a moment."))
    asked = queries.asked_in(hour, None)
    hour_rules.must_be_settled(
        on_their_way=any(q.stands == queries.ON_ITS_WAY for q in asked),
        urgent=any(q.stands == queries.WAITING and q.is_urgent for q in asked),
    )
    for question in asked:
        if question.stands == queries.WAITING:
            question.conversation.refresh_from_db()
            put_aside(hour, question.conversation, by, why=Why.NO_TIME, was_read=False)
    told = transcript(hour)
    return advance(hour, "wind_up", by=by, told=told, until=now)


def transcript(hour: ChatHour) -> dict[str, Any]:
    """What the record is told: no word of whoever asked, for those stand in the entries of their
    arrival, and may be erased there."""
    asked = queries.asked_in(hour, None)
    rows = [
        {"question": q.mark, "stands": q.stands, "why": q.why, "answer": q.answer_key,
         "joined": len(q.joined), "words": digest(q.comment)}
        for q in asked
    ]  # fmt: skip
    whole = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    counts = queries.counts_of(hour, asked)
    return {"transcript": rows, "digest": whole, "asked": counts.asked, "answered": counts.answered}


def digest(comment: Comment | None) -> str:
    return hashlib.sha256(comment.text.encode()).hexdigest() if comment and comment.text else ""
