"""For programs: the inbox. A program may claim, note and write an answer for its member; what goes
out is for people to say, and nothing here hides, mutes or blocks."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from commonground.answer import actions, queries, rules
from commonground.answer.forms.programs import (
    Answering,
    AnswerShown,
    AView,
    ConversationLine,
    Conversations,
    ConversationShown,
    MessageShown,
    NoteShown,
    Noting,
)
from commonground.answer.models import Answer, Conversation, Message, Note, Priority
from commonground.answer.templatetags.answer import answer_words
from commonground.connect.http import IdempotencyKey, ProgramRequest, made_once
from commonground.kit.api.asking import needs, next_page, with_etag
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused

router = Router(tags=["inbox"])
READ, WRITE = "inbox:read", "inbox:write"
WHOLE = {200: ConversationShown, 304: None}


def ours(request: ProgramRequest, conversation_id: UUID) -> Conversation:
    """Another agency's conversation is not refused: it is not there."""
    rules.may_read(request.auth.member)
    rows = request.auth.agency.conversations.select_related("channel", "owner", "about", "agency")
    return get_object_or_404(rows, pk=conversation_id)


def line(row: Conversation) -> dict[str, Any]:
    holder, said = row.holder(database_now()), row.shown
    return {
        "id": row.pk, "state": row.state, "channel": row.channel_id,
        "network": row.channel.network, "proposed": row.proposed,
        **{name: str(said.get(name, "")) for name in ("name", "handle", "line")},
        "priority": Priority(row.priority).name.lower(), "owner": holder and holder.name,
        "first_at": row.first_at, "last_at": row.last_at, "due_at": row.due_at,
        "answered_at": row.answered_at, "late": row.is_late,
        "page": settings.ENV.site_url.rstrip("/") + row.get_absolute_url(),
    }  # fmt: skip


def whole(row: Conversation) -> ConversationShown:
    things = [turn.thing for turn in queries.thread_of(row)]
    return ConversationShown(
        **line(row), about=row.about_id,
        messages=[message_shown(one) for one in things if isinstance(one, Message)],
        answers=[answer_shown(one) for one in things if isinstance(one, Answer)],
        notes=[note_shown(one) for one in things if isinstance(one, Note)],
    )  # fmt: skip


def message_shown(one: Message) -> MessageShown:
    said = {name: str(one.said.get(name, "")) for name in ("text", "language", "url")}
    return MessageShown(
        id=one.pk, **said, public=one.public, at=one.at, heard_at=one.heard_at,
        changed_at=one.changed_at, gone_at=one.gone_at, proposals=one.proposals,
    )  # fmt: skip


def answer_shown(one: Answer) -> AnswerShown:
    return AnswerShown(post=one.post_id, state=one.post.state, stands=answer_words(one),
                       text=one.post.text, at=one.at)  # fmt: skip


def note_shown(one: Note) -> NoteShown:
    return NoteShown(by=one.by.name, text=str(one.said.get("text", "")), at=one.at)


@router.get("/conversations", response=Conversations, summary="A list of the inbox", **needs(READ))
def conversations(
    request: ProgramRequest,
    view: AView = "all",
    words: Annotated[str, Query(max_length=120)] = "",
    before: Annotated[str, Query(max_length=160)] = "",
) -> dict[str, Any]:
    """As the desk lists them: what needs somebody first, all others the latest first. Words are
    looked for whole, and only among people who addressed us."""
    member = request.auth.member
    rules.may_read(member)
    page = queries.page_of(view, member, database_now(), words=words, before=before)
    items = [ConversationLine(**line(row)) for row in page.rows]
    return {"items": items, "next": next_page(request, page, before)}


@router.get("/conversations/{uuid:conversation_id}", response=WHOLE, summary="One conversation",
            **needs(READ))  # fmt: skip
def conversation(request: ProgramRequest, response: HttpResponse, conversation_id: UUID) -> Any:
    """With everything said in it, and where each answer of ours stands."""
    return with_etag(request, response, whole(ours(request, conversation_id)))


@router.post("/conversations/{uuid:conversation_id}/claim", response=ConversationShown,
             summary="Claim it", **needs(WRITE))  # fmt: skip
def claim(request: ProgramRequest, conversation_id: UUID) -> Any:
    """For a quarter of an hour nobody else answers; everybody sees who does."""
    actions.claim(ours(request, conversation_id), by=request.auth.member)
    return whole(ours(request, conversation_id))


@router.post("/conversations/{uuid:conversation_id}/let-go", response=ConversationShown,
             summary="Give it back", **needs(WRITE))  # fmt: skip
def let_go(request: ProgramRequest, conversation_id: UUID) -> Any:
    actions.let_go(ours(request, conversation_id), by=request.auth.member)
    return whole(ours(request, conversation_id))


@router.post("/conversations/{uuid:conversation_id}/notes", summary="Write a note",
             response={201: ConversationShown, 200: ConversationShown}, **needs(WRITE))  # fmt: skip
def add_note(
    request: ProgramRequest, conversation_id: UUID, asked: Noting, key: IdempotencyKey
) -> Status[Any]:
    """For colleagues. 201 when it was made, 200 when the same request was sent before."""
    found, member = ours(request, conversation_id), request.auth.member
    _made, new = made_once(
        request, key, asked, lambda: actions.add_note(found, text=asked.text, by=member)
    )
    return Status(201 if new else 200, whole(ours(request, conversation_id)))


@router.post("/conversations/{uuid:conversation_id}/answers", summary="Write an answer",
             response={201: ConversationShown, 200: ConversationShown}, **needs(WRITE))  # fmt: skip
def write_answer(
    request: ProgramRequest, conversation_id: UUID, asked: Answering, key: IdempotencyKey
) -> Status[Any]:
    """Beneath what they said last. A second person reads it before it goes out: a program sends
    nothing. 201 when it was made, 200 when the same request was sent before."""
    found, member = ours(request, conversation_id), request.auth.member

    def make() -> Any:
        last = found.messages.filter(gone_at=None).last()
        if last is None:
            raise Refused(_("They have deleted this. Answer something that still stands."))
        return actions.reply(
            last, text=asked.text, language=asked.language, ask=asked.ask, by=member
        ).post

    _made, new = made_once(request, key, asked, make)
    return Status(201 if new else 200, whole(ours(request, conversation_id)))
