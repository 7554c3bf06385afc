"""That somebody else saw a checkpoint, and when: stamps of time (RFC 3161)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commonground.record.models.log import Checkpoint


class Stamp(models.Model):
    """The answer of a time-stamping authority, as it came."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="stamps")
    authority = models.CharField(max_length=300)
    at = models.DateTimeField()  # by the authority's clock
    answer = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "authority"], name="stamp_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint} stamped at {self.at:%Y-%m-%d %H:%M}"


class Stamping(models.Model):
    """The one row that says how asking for stamps goes."""

    tried_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(null=True)  # of the trouble

    class Meta:
        constraints = [models.CheckConstraint(name="stamping_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.trouble or "stamped"
