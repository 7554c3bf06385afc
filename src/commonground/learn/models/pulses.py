"""Rounds of the trust and safety pulse: how the place is made up, codes, answers, what they say."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField
from commonground.learn.engine.census import shares
from commonground.learn.states import PULSE, PulseState

LONGEST_WORD = 24
ANSWERS_LIVE_ON = timedelta(days=30)  # after counting: long enough to count again, and no longer


class Kind(models.TextChoices):
    """How sure we are that an answer is one person's. Never added up."""

    CODE = "code", _("with a code from us")
    OPEN = "open", _("open to anyone")


class Census(models.Model):
    """How the place is made up, as its census says. What was brought once does not change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="censuses")
    source = models.CharField(max_length=120)  # whose figures, and of which year
    traits = models.JSONField(default=list)  # see learn.engine.census
    sha256 = models.CharField(max_length=64, editable=False)  # of the file
    brought_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-brought_at"]

    def __str__(self) -> str:
        return self.source

    def trait(self, name: str) -> dict[str, list[float]] | None:
        """The trait of that name, if it has one."""
        return next((trait for trait in self.traits if trait["name"] == name), None)


class PulseQuerySet(models.QuerySet["Pulse"]):
    def shown(self) -> Self:
        """What the public may see: never a draft, never a drill's."""
        unasked = [PulseState.DRAFT, PulseState.DROPPED]
        return self.exclude(state__in=unasked).filter(agency__drill=False)

    def counted(self) -> Self:
        return self.filter(state=PulseState.COUNTED)

    def over(self) -> Self:
        """Still open, though the closing time has come."""
        return self.filter(state=PulseState.OPEN, closes_at__lte=timezone.now())

    def to_forget(self) -> Self:
        """Counted so long ago that nobody counts again."""
        return self.counted().filter(
            counted_at__lte=timezone.now() - ANSWERS_LIVE_ON, forgotten_at=None
        )


class Pulse(models.Model):
    """A round: four sentences that people agree to or not, asked again each time in these words."""

    WORKFLOW: ClassVar = PULSE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="pulses")
    census = models.ForeignKey(Census, on_delete=models.PROTECT, related_name="pulses")
    # Its address for a poster, and its name.
    word = models.CharField(
        max_length=LONGEST_WORD, unique=True, validators=[RegexValidator(r"\A[a-z0-9-]+\Z")]
    )
    languages = models.JSONField(default=list)  # ISO 639-1; the first is shown to whoever has none
    # Languages that this product does not speak: {"es": ["Me siento ...", ...]}, ten lines.
    words = models.JSONField(default=dict, blank=True)
    kinds = models.JSONField(default=list)
    state = models.CharField(max_length=8, default=PulseState.DRAFT.value, editable=False)
    closes_at = models.DateTimeField()
    invited = models.PositiveIntegerField(default=0, editable=False)  # codes that were printed
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)
    figures = models.JSONField(default=dict, editable=False)  # see learn.engine.pulse
    sha256 = models.CharField(max_length=64, blank=True, editable=False)  # of the figures
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="pulses")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Turns codes into marks. Thrown away with the answers.
    key = SealedJSONField(default=secrets.token_hex, editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = PulseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="pulse_state_is_known", condition=Q(state__in=[s.value for s in PulseState])
            ),
            models.CheckConstraint(
                name="pulse_counted_is_sealed",
                condition=~Q(state=PulseState.COUNTED.value)
                | Q(counted_at__isnull=False) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def get_absolute_url(self) -> str:
        return reverse("learn:pulse", args=[self.pk])

    @property
    def running(self) -> bool:
        """Whether an answer counts now."""
        return self.state == PulseState.OPEN and timezone.now() < self.closes_at

    @property
    def language(self) -> str:
        return str(self.languages[0]) if self.languages else "en"

    @property
    def secret(self) -> bytes:
        return bytes.fromhex(self.key)

    @property
    def shares(self) -> list[list[float]]:
        """By trait of the census, the share of each answer."""
        return [shares(trait["people"]) for trait in self.census.traits]


class PulseCode(models.Model):
    """A code on paper that was not used yet, of which only a mark is kept. Used, it is gone."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="codes")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="pulse_code_once", fields=["pulse", "mark"])
        ]

    def __str__(self) -> str:
        return self.mark[:8]


class Reply(models.Model):
    """What one person answered, and nothing else: no time, no code, no place they sent it from.
    Its number is drawn by chance, so that no column says in what order people came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    # {"scores": [4, null, 2, 5], "traits": [0, -1]}: 1 to 5, null where they passed; and classes.
    said = SealedJSONField(row=("id",))

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reply_kind_is_known", condition=Q(kind__in=[k.value for k in Kind])
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class PulseDayKey(DayKeyBase):
    """What turns a day's networks into marks."""


class PulseArrival(ArrivalBase):
    """How many open answers came from one network within one hour."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="arrivals")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="pulse_arrival_once", fields=["pulse", "kind", "tag", "hour"]
            )
        ]
