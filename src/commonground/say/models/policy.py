"""The agency's rules on who must read what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import time
from typing import Any, ClassVar, TypedDict

from django.db import models
from django.db.models import Q

from commonground.agency.models import Agency, Unit
from commonground.channels.models import Channel
from commonground.say.engine.policy import Rule, Step

MOST_STEPS = 3


class ReviewRule(models.Model):
    """When it fits, and who must then say yes, in which order. The first that fits decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="review_rules")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    topic = models.CharField(max_length=80, blank=True)
    urgent = models.BooleanField(null=True, default=None)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    steps = models.JSONField()  # [{"people": 1, "unit": "pk or empty"}]

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="review_rule_named_once", fields=["agency", "name"]),
            models.CheckConstraint(
                name="review_rule_has_both_hours_or_none",
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        """As the engine takes it."""
        return Rule(
            self.name,
            steps=tuple(Step(int(s["people"]), str(s["unit"])) for s in self.steps),
            channels=frozenset(str(c.pk) for c in self.channels.all()),
            unit=str(self.unit_id or ""), topic=self.topic, urgent=self.urgent,
            hours=(self.starts, self.ends) if self.starts and self.ends else None,
        )  # fmt: skip


class Said(TypedDict):
    """What a rule says."""

    name: str
    channels: Sequence[Channel]
    unit: Unit | None
    topic: str
    urgent: bool | None
    starts: time | None
    ends: time | None
    steps: list[dict[str, Any]]
