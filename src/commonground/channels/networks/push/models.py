"""Which devices asked for notices, each notice, and what became of it for each of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from commonground.channels.line.own import ShownPicture
from commonground.channels.line.readers.models import (
    Fate,
    HandingBase,
    IssueBase,
    IssueQuerySet,
    TallyBase,
)
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField

__all__ = ["Fate"]


class Voice(models.Model):
    """The pair of keys by which push services know that a notice is from this channel (RFC 8292).

    Browsers bind what they subscribe to the public one: with another pair nobody is reached.
    """

    channel = models.OneToOneField(
        "commonground_channels.Channel", on_delete=models.CASCADE, primary_key=True,
        related_name="voice",
    )  # fmt: skip
    public = models.CharField(max_length=90)
    private = SealedJSONField(default="")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.public


class Subscription(models.Model):
    """A browser that asked for notices: where to reach it, a language, and nothing of a person.

    Whoever stops them is deleted, so there is no state for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="subscriptions"
    )
    device = models.CharField(max_length=64)  # its endpoint as a mark under a key: see endpoints
    where = SealedJSONField(default=dict)  # endpoint, p256dh, auth
    language = models.CharField(max_length=8, default="en")
    made_at = models.DateTimeField(default=timezone.now)
    refusals = models.PositiveSmallIntegerField(default=0)  # in a row
    own_service = models.BooleanField(default=False)  # and none of the large ones: see LARGE

    class Meta:
        constraints = [
            models.UniqueConstraint(name="subscription_once", fields=["channel", "device"]),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"  # never the endpoint


class Notice(IssueBase):
    """A post of ours as it goes to every device that asked for it."""

    PLACE: ClassVar[str] = "/notices/"

    topic = models.CharField(max_length=13)  # a correction has that of what it puts right
    urgent = models.BooleanField(default=False)

    objects = IssueQuerySet.as_manager()


class NoticePicture(ShownPicture):
    """A picture of a notice's page."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="pictures")

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="notice_picture_in_its_place", fields=["notice", "place"]),
        ]


class Handover(HandingBase):
    """One notice for one device."""

    issue = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="handings")
    reader = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, related_name="handings"
    )


class Tally(TallyBase):
    """How many devices joined, left, or were gone on one day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="push_tally_once", fields=["channel", "day", "what"])
        ]


class DayKey(DayKeyBase):
    pass


class Arrival(ArrivalBase):
    class Meta:
        constraints = [
            models.UniqueConstraint(name="push_arrival_once", fields=["kind", "tag", "hour"])
        ]
