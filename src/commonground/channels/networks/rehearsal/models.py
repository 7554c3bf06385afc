"""What was said in drills. No public page reads these rows."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone


class UtteranceQuerySet(models.QuerySet["Utterance"]):
    def standing(self) -> Self:
        """What the people in the drill can see, newest first."""
        return self.filter(withdrawn_at=None).order_by("-published_at", "-key")


class Utterance(models.Model):
    """A post of a drill. It goes when its channel goes: it was never said in public."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="utterances"
    )
    key = models.CharField(max_length=13, unique=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    card = models.JSONField(null=True, blank=True)
    alts = models.JSONField(default=list)  # what its pictures show; the drill needs no more
    beneath = models.CharField(max_length=13, blank=True)  # what it corrects, or goes on from
    fingerprint = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = UtteranceQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.text[:60]


class Remark(models.Model):
    """What somebody in the drill says to us. They are made up, as is what they say."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="remarks"
    )
    key = models.CharField(max_length=13, unique=True)
    author = models.CharField(max_length=60)
    name = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    beneath = models.CharField(max_length=13, blank=True)  # which of our posts they answer
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]
