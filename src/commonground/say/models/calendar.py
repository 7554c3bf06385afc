"""A member's secret address, under which their own calendar reads ours."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils import timezone

from commonground.agency.models import Member


class CalendarKey(models.Model):
    """Only a digest is kept: whoever reads our tables cannot read our calendar."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.member)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
