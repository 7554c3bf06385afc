"""The proofs of an account that anybody can look up, and when we last saw each."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from commonground.channels.models import Channel
from commonground.protect.engine.ties import LOOKED_EVERY, Kind, Tie, Why

TELLING_LASTS = timedelta(minutes=1)  # a worker is at it, at most so long


class ProofQuerySet(models.QuerySet["Proof"]):
    def due(self, now: datetime) -> Self:
        """Those whose last look was long enough ago, longest first."""
        stale = Q(looked_at=None) | Q(looked_at__lte=now - LOOKED_EVERY)
        return self.filter(stale).order_by(F("looked_at").asc(nulls_first=True))

    def broken(self) -> Self:
        return self.exclude(broken_at=None)

    def to_tell(self, now: datetime) -> Self:
        """Breaks that nobody was told of, and nobody is telling this minute."""
        free = Q(telling_since=None) | Q(telling_since__lte=now - TELLING_LASTS)
        return self.broken().filter(free, told_at=None)


class Proof(models.Model):
    """One way in which an account of ours and we name each other."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    looked_at = models.DateTimeField(null=True)  # also when nothing could be seen
    stood_at = models.DateTimeField(null=True)  # when we last saw it
    broken_at = models.DateTimeField(null=True)  # it stood once, and does not since
    why = models.CharField(max_length=20, blank=True, choices=[(w.value, w.value) for w in Why])
    detail = models.CharField(max_length=300, blank=True)
    telling_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # of this break

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(name="proof_of_a_kind_once", fields=["channel", "kind"]),
            models.CheckConstraint(
                name="proof_kind_is_known", condition=Q(kind__in=[k.value for k in Kind])
            ),
            # What never stood cannot break: it was never set up.
            models.CheckConstraint(
                name="proof_broken_stood_once",
                condition=Q(broken_at=None) | Q(stood_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.channel)

    @property
    def agency_id(self) -> uuid.UUID:
        return self.channel.agency_id

    @property
    def tie(self) -> Tie:
        return Tie(Kind(self.kind), self.stood_at, self.broken_at)
