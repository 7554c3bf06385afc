"""What a program is shown of a conversation, and what it sends."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StringConstraints

from commonground.answer.states import State
from commonground.channels.engine import one_line, writable
from commonground.kit.api.asking import Listed, one_of
from commonground.say.forms.programs import ALanguage


def seen(text: str) -> str:
    """Without the signs that nothing could hold; and something must be left."""
    bare = writable(text).strip()
    if not one_line(bare):
        raise ValueError("It needs words.")
    return bare


AState = Annotated[str, one_of(State)]
AView = Annotated[str, one_of(["mine", "unclaimed", "waiting", "all"])]
AnAnswer = Annotated[str, StringConstraints(min_length=1, max_length=3000), AfterValidator(seen)]
ANote = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(seen)]


class ConversationLine(Schema):
    """One person, one thread, one channel."""

    id: UUID
    state: AState
    channel: UUID
    network: str
    name: str = Field(description="As they call themselves; empty once it was deleted.")
    handle: str
    line: str = Field(description="The beginning of what they said last.")
    proposed: str = Field(description="What the triage proposes first. It proposes, no more.")
    priority: str
    owner: str | None = Field(description="Who is answering, this second.")
    first_at: datetime
    last_at: datetime
    due_at: datetime
    answered_at: datetime | None
    late: bool
    page: str


class MessageShown(Schema):
    """One thing they said. `text` is empty where they deleted it, or its time was over."""

    id: int
    text: str
    language: str
    url: str
    public: bool = Field(description="False: they wrote it to us alone.")
    at: datetime
    heard_at: datetime
    changed_at: datetime | None
    gone_at: datetime | None
    proposals: list[dict[str, Any]]


class AnswerShown(Schema):
    """An answer of ours: a post like every other, with its own state."""

    post: UUID
    state: str
    stands: str
    text: str
    at: datetime


class NoteShown(Schema):
    """For colleagues only."""

    by: str
    text: str
    at: datetime


class ConversationShown(ConversationLine):
    about: UUID | None = Field(description="The post of ours that they answer.")
    messages: list[MessageShown]
    answers: list[AnswerShown]
    notes: list[NoteShown]


class Conversations(Listed):
    items: list[ConversationLine]


class Answering(Schema):
    """An answer to write: it goes out when a second person said yes."""

    model_config = ConfigDict(extra="forbid")
    text: AnAnswer
    language: ALanguage = "en"
    ask: StrictBool = Field(default=False, description="Whether it helped, by a link beneath.")


class Noting(Schema):
    """A note for colleagues."""

    model_config = ConfigDict(extra="forbid")
    text: ANote
