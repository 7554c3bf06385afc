"""The devices from which members let posts go out."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from commonground.agency.models import Member


class DeviceQuerySet(models.QuerySet["Device"]):
    def to_tell(self, now: datetime) -> Self:
        """New ones of which their member has not heard."""
        return self.filter(told_at=None, used_at__lte=now)


class Device(models.Model):
    """A browser of one member's, known by a cookie that we gave it. Nothing of it is measured."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)  # of what the cookie holds
    used_at = models.DateTimeField(default=timezone.now)  # when it first let something go out
    confirmed_at = models.DateTimeField(null=True)
    # Who made sure: somebody else, or the member with a second factor.
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="device_known_once", fields=["member", "digest"]),
            models.CheckConstraint(
                name="device_confirmed_by_somebody",
                condition=models.Q(confirmed_at=None) | models.Q(confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def agency_id(self) -> uuid.UUID:
        return self.member.agency_id
