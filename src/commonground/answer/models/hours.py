"""A hosted chat: an hour in which people ask and somebody of ours answers, before everybody."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.answer.models.conversations import Conversation, mark_of
from commonground.answer.states import HOUR, HourState
from commonground.channels.line.own import site_of
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState

# What is written on any other channel is heard by nobody.
HEARD = (ChannelState.READY, ChannelState.PAUSED)


class ChatHourQuerySet(models.QuerySet["ChatHour"]):
    def ever_public(self) -> Self:
        """Also those that were called off: they leave a line, and the reason."""
        known = [HourState.ANNOUNCED, HourState.OVER, HourState.CALLED_OFF]
        return self.filter(state__in=known)

    def coming(self) -> Self:
        """Announced, and not wound up: before it, during it, and until all is settled."""
        return self.filter(state=HourState.ANNOUNCED)


class ChatHour(models.Model):
    """When it is, who answers, and in which languages one may ask."""

    WORKFLOW: ClassVar = HOUR

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="chat_hours")
    # The newsroom it is held in: who may answer is who may speak there.
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="chat_hours")
    word = models.SlugField(max_length=40)  # of its address
    title = models.CharField(max_length=120)
    about = models.TextField(max_length=600, blank=True)
    who = models.CharField(max_length=160)  # answers, as the public is told
    language = models.CharField(max_length=8, default="en")  # of these words
    languages: models.Field[Any, Any] = models.JSONField(default=list)  # one may ask in
    asks_from = models.DateTimeField()  # questions are taken beforehand too
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=HourState.PROPOSED.value, editable=False)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # when it was wound up, or called off
    reason = models.CharField(max_length=300, blank=True)  # why it was called off

    objects = ChatHourQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(name="chat_hour_named_once", fields=["agency", "word"]),
            models.CheckConstraint(
                name="chat_hour_state_is_known",
                condition=Q(state__in=[s.value for s in HourState]),
            ),
            models.CheckConstraint(
                name="chat_hour_is_agreed_by_another",
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="chat_hour_public_since_a_time",
                condition=Q(state__in=["proposed", "shelved"]) | Q(since__isnull=False),
            ),
            models.CheckConstraint(
                name="chat_hour_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at"), asks_from__lte=F("starts_at")),
            ),
        ]
        indexes = [models.Index(fields=["agency", "-starts_at"], name="answer_hours")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("answer:hour", args=[self.pk])

    @property
    def said_on(self) -> str:
        return self.channel.name

    @property
    def place(self) -> str:
        """What a question says of where it was asked."""
        return f"chat/{self.word}"

    @property
    def url(self) -> str:
        """Where anybody reads it."""
        return f"{site_of(self.channel_id)}/{self.place}/"

    @property
    def thread(self) -> str:
        """The mark that its questions share in the inbox."""
        return mark_of(self.channel_id, self.place)

    def takes_questions(self, now: datetime) -> bool:
        held = self.state == HourState.ANNOUNCED and self.channel.state in HEARD
        return held and self.asks_from <= now < self.ends_at

    def is_on(self, now: datetime) -> bool:
        return self.state == HourState.ANNOUNCED and self.starts_at <= now < self.ends_at

    @property
    def now_on(self) -> bool:
        """For pages, which have no clock to hand over."""
        return self.is_on(timezone.now())

    @property
    def now_past(self) -> bool:
        return self.is_past(timezone.now())

    def is_past(self, now: datetime) -> bool:
        """Its time is over, and what was asked may still be open."""
        return now >= self.ends_at


class Why(models.TextChoices):
    """Why a question is not answered. Everybody reads this, and counts it."""

    NO_TIME = "no_time", _("There was no time left")
    NOT_OURS = "not_ours", _("It is not for us to answer")
    OPEN_CASE = "open_case", _("It is about a case that is open")
    OWN_MATTER = "own_matter", _("It is somebody’s own matter, and answered elsewhere")
    HELP = "help", _("It needed help at once, and was handed on")


# With any other reason the words may name somebody: they are counted, and not shown.
WORDS_SHOWN = (Why.NO_TIME, Why.NOT_OURS)


class SetAside(models.Model):
    """A question of an hour that is not answered by itself: another says the same, or it was not
    taken, for one of the reasons everybody can read."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="set_aside"
    )
    hour = models.ForeignKey(ChatHour, on_delete=models.CASCADE, related_name="set_aside")
    into = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, related_name="joined"
    )
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    # Whether somebody read it: what only ran out of time is counted, and not shown.
    was_read = models.BooleanField(default=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="set_aside_has_one_reason",
                condition=Q(into=None, why__in=Why.values) | Q(into__isnull=False, why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation}"

    @property
    def agency_id(self) -> uuid.UUID:
        return self.hour.agency_id

    @property
    def words_shown(self) -> bool:
        return self.was_read and self.why in WORDS_SHOWN
