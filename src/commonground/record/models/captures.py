"""What the public really saw of ours: held, sealed; or not held, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class ShowingQuerySet(models.QuerySet["Showing"]):
    def of(self, agency_id: object) -> Self:
        return self.filter(agency=str(agency_id)).order_by("-since")

    def missing(self) -> Self:
        """What was public and is not captured."""
        return self.filter(captured=None)

    def to_try(self, now: datetime) -> Self:
        return self.missing().filter(next_at__lte=now).order_by("next_at")


class Showing(models.Model):
    """Something of ours that the public can see, or could: whether we hold what it saw."""

    agency = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, unique=True)  # delivery:6f1c...
    channel = models.CharField(max_length=120)
    url = models.CharField(max_length=400, blank=True)
    since = models.DateTimeField()
    captured = models.PositiveBigIntegerField(null=True)  # the entry that holds it, first
    captured_at = models.DateTimeField(null=True)
    as_of = models.CharField(max_length=64, blank=True)  # for what changes: what it was last
    gone_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # why it is not captured
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # None: there is nothing left to look at

    objects = ShowingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-since"], name="showing_by_agency"),
            models.Index(
                fields=["next_at"], name="showing_to_try", condition=models.Q(captured=None)
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Capture(models.Model):
    """What was seen, sealed under the key of the entry that commits to it: erased with it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"what entry {self.number} captured"


class CapturedMedium(models.Model):
    """A picture or video that captures show, once however many do; sealed under its own key."""

    agency = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="captured_medium_is_one")
        ]

    def __str__(self) -> str:
        return self.digest


class ShownWith(models.Model):
    """The key of a medium, sealed under the key of an entry: the last one that goes takes it."""

    capture = models.ForeignKey(Capture, on_delete=models.CASCADE, related_name="media")
    medium = models.ForeignKey(CapturedMedium, on_delete=models.CASCADE, related_name="shown")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["capture", "medium"], name="medium_once_a_capture")
        ]

    def __str__(self) -> str:
        return f"{self.capture_id} shows {self.medium_id}"


class Blind(models.Model):
    """A time in which the desk could not look at one account."""

    agency = models.CharField(max_length=40)
    channel = models.CharField(max_length=120)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "channel"], name="blind_once_at_a_time",
                condition=models.Q(until=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} since {self.since:%Y-%m-%d %H:%M}"
