"""What is looked back on: what went well, what next, and reports as they were frozen."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.spot.models import Moment

LONGEST = 4_000


class LookBack(models.Model):
    """What people write into the report of a moment. All else in it comes from the record."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="look_backs")
    moment = models.OneToOneField(Moment, on_delete=models.CASCADE, related_name="look_back")
    went_well = models.TextField(max_length=LONGEST, blank=True)
    what_next = models.TextField(max_length=LONGEST, blank=True)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.moment)


class FrozenReport(models.Model):
    """A report as it stood on one day. Its digest, and all of it, are in the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="frozen_reports")
    moment = models.ForeignKey(Moment, on_delete=models.PROTECT, related_name="frozen_reports")
    number = models.PositiveSmallIntegerField()  # of the moment's reports
    told = models.JSONField()  # see engine/after_action
    sha256 = models.CharField(max_length=64)  # of the told, as the record has it
    frozen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="frozen_report_once", fields=["moment", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.moment} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("learn:frozen_report", args=[self.pk])
