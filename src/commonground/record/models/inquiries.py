"""Requests for records: who asked is sealed; what was found and kept back is for the record."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commonground.kit.sealed import SealedJSONField
from commonground.record.engine.laws import Law, laws, left
from commonground.record.states import INQUIRY, InquiryState as State

PENDING = (State.OPEN, State.PREPARED, State.READ)
SOON = timedelta(days=5)  # before the last day: whoever has it is told


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def pending(self) -> Self:
        return self.filter(state__in=[s.value for s in PENDING])

    def to_look(self) -> Self:
        """Those whose search is not finished."""
        return self.filter(state=State.OPEN.value).exclude(upto=0).order_by("looked_at")

    def to_pack(self) -> Self:
        return self.filter(state=State.READ.value)

    def to_tell(self, today: date) -> Self:
        """Those whose last day is near or over, and of which nobody was told today."""
        late = self.pending().filter(due_on__lte=today + SOON)
        return late.filter(Q(told_on=None) | Q(told_on__lt=today))


class Inquiry(models.Model):
    """Somebody asked for records, under a law that says until when."""

    WORKFLOW: ClassVar = INQUIRY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=40)
    name = models.CharField(max_length=40)  # what letters call it: 2026-7
    state = models.CharField(max_length=10, default=State.OPEN.value, editable=False)
    law = models.CharField(max_length=20)
    received_on = models.DateField()
    due_on = models.DateField()
    more_days = models.PositiveSmallIntegerField(default=0)  # of extension
    asker: models.Field[Any, Any] = SealedJSONField(
        default=dict
    )  # name, contact, and their own words
    scope: models.Field[Any, Any] = SealedJSONField(default=dict)  # since, until, who, words
    owner = models.CharField(max_length=40)  # the key of a person
    prepared_by = models.CharField(max_length=40, blank=True)
    read_by = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    # The search: from the highest number down to the lowest, and how far it is.
    upto = models.PositiveBigIntegerField(default=0)  # the next to look at; 0: done
    down_to = models.PositiveBigIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    to_look_at = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(default=timezone.now)
    found = models.JSONField(default=list)  # numbers of entries
    everywhere = models.JSONField(default=dict)  # fact -> reason, of every entry
    kept_back = models.JSONField(default=dict)  # number -> fact -> reason
    packed = models.PositiveIntegerField(default=0)
    to_pack = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    told_on = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="inquiry_has_its_name"),
            models.CheckConstraint(
                name="inquiry_is_read_by_another",
                condition=Q(read_by="") | ~Q(read_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="inquiry_given_was_read",
                condition=~Q(state=State.GIVEN.value) | ~Q(read_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agency_id(self) -> str:
        return self.agency

    @property
    def by_law(self) -> Law:
        return laws()[self.law]

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_searched(self) -> bool:
        return bool(self.to_look_at) and not self.upto

    @property
    def days_left(self) -> int:
        """By the law's own way of counting; below zero: overdue."""
        return left(timezone.localdate(), self.due_on, self.by_law)

    @property
    def days_over(self) -> int:
        return -self.days_left

    def withheld(self, number: int) -> dict[str, str]:
        """By the name of a fact, why it is not shown."""
        return {**self.everywhere, **self.kept_back.get(str(number), {})}


class Parcel(models.Model):
    """The answer, packed: a bag in a ZIP file, sealed."""

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, related_name="parcel", primary_key=True)
    sealed = models.BinaryField()  # under a key of its own
    wrapped = models.BinaryField()  # that key, under one of the desk's
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.inquiry)

    @property
    def place(self) -> bytes:
        """What it is sealed to."""
        return bytes(self.inquiry_id.bytes)
