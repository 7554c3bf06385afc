"""Measures against what somebody wrote to us: the policy they rest on, what was done, the appeal.

The copy of what was written, the reasons, and what somebody says against it are sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.answer.models.conversations import Conversation, Message
from commonground.answer.states import (
    APPEAL,
    MEASURE,
    POLICY,
    AppealState,
    MeasureState,
    PolicyState,
)
from commonground.channels.contract.moderating import Act, Aim
from commonground.channels.models import Channel
from commonground.kit.lasting import lasting_key
from commonground.kit.sealed import SealedJSONField

# A court may ask three years later why somebody was shut out; then nobody does.
COPY_KEPT = timedelta(days=3 * 365)
LONGEST_MEASURE = timedelta(days=365)
APPEAL_HOURS = 72  # until an appeal is decided, unless the policy promises another time
ACTS = [(Act.HIDE.value, _("hide")), (Act.MUTE.value, _("mute")), (Act.BLOCK.value, _("block"))]


class CommentPolicy(models.Model):
    """One version of what we may hide, and of how. Never changed: a newer one takes its place."""

    WORKFLOW: ClassVar = POLICY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="comment_policies")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, default="en")
    about = models.TextField(max_length=2000)  # what this place is for, in the agency's words
    rules: models.Field[Any, Any] = models.JSONField(default=list)  # sentences, the first is rule 1
    appeal_hours = models.PositiveSmallIntegerField(default=APPEAL_HOURS)
    state = models.CharField(max_length=10, default=PolicyState.PROPOSED.value, editable=False)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="policy_numbered_once", fields=["agency", "number"]),
            models.UniqueConstraint(
                name="policy_one_in_force", fields=["agency"], condition=Q(state="in_force")
            ),
            models.CheckConstraint(
                name="policy_state_is_known",
                condition=Q(state__in=[s.value for s in PolicyState]),
            ),
            models.CheckConstraint(
                name="policy_is_agreed_by_another",
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("answer:policies")

    def rule(self, number: int) -> str:
        return str(self.rules[number - 1]) if 1 <= number <= len(self.rules) else ""


class MeasureQuerySet(models.QuerySet["Measure"]):
    def live(self) -> Self:
        return self.filter(state__in=[MeasureState.ASKED, MeasureState.IN_FORCE])

    def asked(self) -> Self:
        return self.filter(state=MeasureState.ASKED)

    def in_force(self) -> Self:
        return self.filter(state=MeasureState.IN_FORCE)

    def ever_in_force(self) -> Self:
        """Those that two people wanted: what the public may count."""
        return self.exclude(agreed_at=None)

    def to_expire(self, now: datetime) -> Self:
        return self.in_force().filter(until__lte=now)

    def unsettled(self) -> Self:
        """Where the network does not show yet what was decided."""
        wanted = Q(state=MeasureState.IN_FORCE, stands=False)
        unwanted = Q(state__in=[MeasureState.OVER, MeasureState.RESTORED], begun=True)
        return self.filter(wanted | unwanted)

    def to_carry_out(self, now: datetime) -> Self:
        """Nobody is shut out before they were told why."""
        told = ~Q(kind=Act.BLOCK.value, state=MeasureState.IN_FORCE.value, told_at=None)
        return self.unsettled().filter(told, by_hand=False, next_at__lte=now)

    def to_do_by_hand(self) -> Self:
        return self.unsettled().filter(by_hand=True)

    def untold(self) -> Self:
        return self.ever_in_force().filter(told_at=None)

    def to_tell(self, now: datetime) -> Self:
        return self.untold().filter(tell_by_hand=False, tell_next_at__lte=now)

    def to_forget(self, now: datetime) -> Self:
        return self.filter(ended_at__lte=now - COPY_KEPT, emptied_at=None)


class Measure(models.Model):
    """One message hidden, or one person muted or blocked, on one channel."""

    WORKFLOW: ClassVar = MEASURE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="measures")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="measures")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="measures"
    )
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="measures")
    kind = models.CharField(max_length=5, choices=ACTS)
    target = models.CharField(max_length=64)  # the mark of the message, or of the person
    policy = models.ForeignKey(CommentPolicy, on_delete=models.PROTECT, related_name="measures")
    rule = models.PositiveSmallIntegerField()
    said: models.Field[Any, Any] = SealedJSONField(default=dict)  # {"reason", "why_not_less"}
    # {"message": {...}, "thread": [...], "about": ..., "at": ...}
    copy: models.Field[Any, Any] = SealedJSONField(default=dict)
    state = models.CharField(max_length=12, default=MeasureState.ASKED.value, editable=False)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # since when it is no more, or never was
    # What the network shows. By hand: a person does it there, and says so here.
    stands = models.BooleanField(default=False)
    begun = models.BooleanField(default=False)  # asked for there: it may stand
    by_hand = models.BooleanField(default=False)
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    # Whether the author knows.
    told_at = models.DateTimeField(null=True)
    tell_by_hand = models.BooleanField(default=False)
    tell_next_at = models.DateTimeField(default=timezone.now)
    tell_attempts = models.PositiveSmallIntegerField(default=0)
    tell_trouble = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=64, unique=True, editable=False)  # the digest of its token
    emptied_at = models.DateTimeField(null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="measure_once", fields=["channel", "kind", "target"],
                condition=Q(state__in=["asked", "in_force"]),
            ),
            models.CheckConstraint(
                name="measure_state_is_known",
                condition=Q(state__in=[s.value for s in MeasureState]),
            ),
            models.CheckConstraint(
                name="measure_is_agreed_by_another",
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="measure_in_force_was_agreed",
                condition=~Q(state__in=["in_force", "over", "restored"])
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_against_a_person_ends",
                condition=Q(kind=Act.HIDE.value) | Q(until__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "state", "-asked_at"], name="measure_by_state"),
            models.Index(fields=["until"], name="measure_ends",
                         condition=Q(state="in_force", until__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Without a name or a word of theirs: this stands in the record for ever."""
        return f"{self.kind} {self.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.link = link_of(self.token)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("answer:measure", args=[self.pk])

    @property
    def reference(self) -> str:
        """What the public log and the author's page call it."""
        return self.pk.hex[:8]

    @property
    def said_on(self) -> str:
        return self.channel.name

    @property
    def token(self) -> str:
        """What opens the author's page. Nobody can guess it, and no table holds it."""
        digest = hmac.new(lasting_key("appeals"), self.pk.bytes, hashlib.sha256).digest()
        return urlsafe_b64encode(digest[:24]).decode()

    @property
    def aim(self) -> Aim:
        """Whom and what it is about. From the copy: the message itself may be gone by then."""
        said = self.copy.get("message", {})
        return Aim(*(str(said.get(name, "")) for name in ("author", "id", "beneath")))

    @property
    def rule_words(self) -> str:
        return self.policy.rule(self.rule)

    @property
    def can_be_done(self) -> bool:
        """Whether the desk itself can do it there."""
        kind = self.channel.kind.moderates
        return kind is not None and Act(self.kind) in kind.means


def link_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def target_of(conversation: Conversation, message: Message, kind: Act) -> str:
    return message.mark if kind == Act.HIDE else conversation.person


class Appeal(models.Model):
    """Somebody says that a measure against them was wrong. Its clock runs from that minute."""

    WORKFLOW: ClassVar = APPEAL

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="appeal")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appeals")
    # {"text"}, and {"reason"} once it is decided
    said: models.Field[Any, Any] = SealedJSONField(default=dict)
    state = models.CharField(max_length=8, default=AppealState.OPEN.value, editable=False)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                name="appeal_state_is_known",
                condition=Q(state__in=[s.value for s in AppealState]),
            ),
            models.CheckConstraint(
                name="appeal_decided_by_somebody",
                condition=Q(state="open") | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}"

    def get_absolute_url(self) -> str:
        return self.measure.get_absolute_url()

    @property
    def said_on(self) -> str:
        return self.measure.said_on

    @property
    def is_late(self) -> bool:
        return (self.decided_at or timezone.now()) > self.due_at


class Filter(models.Model):
    """How strongly a network itself hides what is written beneath our posts, as somebody read it
    in our account's settings. No program can ask for it; the newest row holds."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="filters")
    strength = models.CharField(max_length=60)
    words = models.CharField(max_length=300, blank=True)  # of our own, that it hides
    ground = models.CharField(max_length=300, blank=True)  # by which rule
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.channel.name}: {self.strength}"

    @property
    def agency_id(self) -> uuid.UUID:
        return self.channel.agency_id

    @property
    def said_on(self) -> str:
        return self.channel.name
