"""Conversations with people who addressed us, and who has them.

What people wrote and who they are is sealed. A mark stands for an id or a word where rows must be
found again: whoever copies the database alone reads neither (docs/decisions/0037).
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.answer.engine.finding import words_in
from commonground.answer.engine.triage import KINDS, URGENT, Kind
from commonground.answer.states import WORKFLOW, State
from commonground.channels.models import Channel
from commonground.kit.lasting import lasting_key
from commonground.kit.sealed import SealedJSONField
from commonground.say.models import Post

# Long enough to write an answer, short enough that nobody waits for a colleague who went home.
CLAIM_LASTS = timedelta(minutes=15)
KEPT = timedelta(days=90)  # what people wrote, after the last word
KIND_CHOICES = [(kind.value, kind.value) for kind in KINDS]


def mark_of(channel_id: object, address: str) -> str:
    """Stands for an id on a network: equal for equal ones, and only our key makes it."""
    said = f"{channel_id}\n{address}".encode(errors="surrogatepass")
    return hmac.new(lasting_key("answer ids"), said, hashlib.sha256).hexdigest()


def word_marks(agency_id: object, text: str) -> list[int]:
    """A number for each word, another in each agency."""
    return [word_mark(agency_id, word) for word in words_in(text)]


def word_mark(agency_id: object, word: str) -> int:
    said = f"{agency_id}\n{word}".encode(errors="surrogatepass")
    digest = hmac.new(lasting_key("answer words"), said, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], signed=True)


class Priority(models.IntegerChoices):
    URGENT = 0, _("urgent")
    HIGH = 1, _("high")
    NORMAL = 2, _("normal")
    LOW = 3, _("low")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def free(self, now: datetime) -> Self:
        """In nobody's hands: never claimed, given back, or claimed too long ago."""
        return self.filter(Q(owner=None) | Q(claimed_until__lte=now))

    def had_by(self, member: Member, now: datetime) -> Self:
        return self.filter(Q(claimed_until=None) | Q(claimed_until__gt=now), owner=member)

    def to_wake(self, now: datetime) -> Self:
        return self.filter(state=State.WAITING, snoozed_until__lte=now)

    def to_forget(self, now: datetime) -> Self:
        return self.filter(emptied_at=None, last_at__lte=now - KEPT, state=State.DONE)


class Conversation(models.Model):
    """One person, one thread, one channel."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="conversations")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations")
    # What we had said that they answer; nothing, where they began.
    about = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="conversations")
    thread = models.CharField(max_length=64)  # the mark of what it hangs beneath
    person = models.CharField(max_length=64)  # the mark of who it is
    shown = SealedJSONField(default=dict)  # {"name", "handle", "line"}: what a row of the list says
    state = models.CharField(max_length=8, default=State.OPEN.value, editable=False)
    # Whose it is. Claimed until a time, or, where there is none, given to them by somebody.
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="conversations")
    claimed_until = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.NORMAL.value
    )
    # What the triage proposes first. It moves a conversation up the list, and nothing else.
    proposed = models.CharField(max_length=10, choices=KIND_CHOICES, blank=True)
    rank = models.PositiveSmallIntegerField(default=Priority.NORMAL.value)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()  # when they last said something
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # when the public first saw an answer of ours
    snoozed_until = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)  # since when the words of people are gone

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="conversation_once", fields=["channel", "thread", "person"]
            ),
            models.CheckConstraint(
                name="conversation_state_is_known",
                condition=Q(state__in=[s.value for s in State]),
            ),
            models.CheckConstraint(
                name="conversation_claimed_by_somebody",
                condition=Q(claimed_until=None) | Q(owner__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "rank", "due_at", "id"], name="answer_next"),
            models.Index(fields=["owner", "state", "rank", "due_at", "id"], name="answer_mine"),
            models.Index(fields=["agency", "-last_at", "-id"], name="answer_all"),
            models.Index(fields=["agency", "first_at"], name="answer_since"),
            models.Index(fields=["snoozed_until"], name="answer_wake",
                         condition=Q(snoozed_until__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Without a name or a word of theirs: this stands in the record for ever."""
        return f"{self.channel.name} {self.pk.hex[:6]}"

    def get_absolute_url(self) -> str:
        return reverse("answer:conversation", args=[self.pk])

    def holder(self, now: datetime) -> Member | None:
        """Who answers it, this second."""
        lapsed = self.claimed_until is not None and self.claimed_until <= now
        return None if lapsed else self.owner

    @property
    def is_late(self) -> bool:
        """Promised, and not kept: neither answered in time nor now."""
        if self.answered_at:
            return self.answered_at > self.due_at
        return self.state == State.OPEN and timezone.now() > self.due_at

    @property
    def gone_on(self) -> datetime:
        """The day on which what they wrote is deleted, if nobody says a word until then."""
        return self.last_at + KEPT


class Message(models.Model):
    """One thing they said. Kept as the network gave it, until it may not be kept any longer."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    mark = models.CharField(max_length=64, unique=True)  # of its id: each arrives once
    # {"id", "url", "author", "beneath", "handle", "name", "text", "language", "proposals": [...]}
    said = SealedJSONField(row=("mark",), default=dict)
    public = models.BooleanField(default=True)
    at = models.DateTimeField()  # as the network says, if it can be true
    heard_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)  # since when it says something else
    gone_at = models.DateTimeField(null=True)  # since when its author has deleted it
    look_at = models.DateTimeField(null=True)  # when to look whether it still stands there

    class Meta:
        ordering = ["pk"]  # as they came
        indexes = [models.Index(fields=["look_at"], condition=Q(look_at__isnull=False),
                                name="answer_look")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.conversation}"

    @property
    def agency_id(self) -> uuid.UUID:
        return self.conversation.agency_id

    @property
    def proposals(self) -> list[dict[str, Any]]:
        return list(self.said.get("proposals", []))

    @property
    def is_urgent(self) -> bool:
        return any(Kind(p["kind"]) in URGENT for p in self.proposals)


class Word(models.Model):
    """A word somebody wrote to us, as a number: for finding it, not for reading it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="words")
    mark = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="word_once", fields=["mark", "conversation"])]

    def __str__(self) -> str:
        return str(self.mark)

    @staticmethod
    def keep(conversation: Conversation, marks: Iterable[int]) -> None:
        rows = [Word(conversation=conversation, mark=mark) for mark in marks]
        Word.objects.bulk_create(rows, ignore_conflicts=True)


class Note(models.Model):
    """For colleagues only, in the same thread."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    said: models.Field[Any, Any] = SealedJSONField(default=dict)  # {"text"}
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.conversation}"


class Answer(models.Model):
    """A post of ours that answers: it goes the way of every post, and has its proof."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="answers")
    beneath = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="answer")
    at = models.DateTimeField(default=timezone.now)
    settled = models.BooleanField(default=False)  # seen, or never to be

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["settled"], condition=Q(settled=False),
                                name="answer_unsettled")]  # fmt: skip

    def __str__(self) -> str:
        return str(self.post)


class Judgement(models.Model):
    """What a person says of what the triage proposed, or did not."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="judgements")
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    was_proposed = models.BooleanField()
    is_right = models.BooleanField()  # whether the message is of this kind
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(name="judged_once_a_kind", fields=["message", "kind"])
        ]

    def __str__(self) -> str:
        return f"{self.message}"


class Line(models.Model):
    """How far one channel has been heard."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="incoming")
    cursor = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # when it last answered, if only with nothing
    next_at = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField(null=True)  # somebody hears it now, or was killed doing so
    stirred_at = models.DateTimeField(default=timezone.now)  # when anybody last said anything
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"what is said on {self.channel}"
