"""What networks say came of each post of ours on each channel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from commonground.say.models import Delivery


class Reached(models.Model):
    """The newest figures of one delivery. Null is not zero: the network does not say."""

    FIGURES: ClassVar = ("shown", "handed", "liked", "passed_on", "answered")

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="reached")
    shown = models.PositiveBigIntegerField(null=True)
    handed = models.PositiveBigIntegerField(null=True)
    liked = models.PositiveBigIntegerField(null=True)
    passed_on = models.PositiveBigIntegerField(null=True)
    answered = models.PositiveBigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)  # when the network said so
    next_at = models.DateTimeField(null=True, db_index=True)  # null: it is not asked any more
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"reach of {self.delivery_id}"

    @property
    def is_known(self) -> bool:
        return any(getattr(self, name) is not None for name in self.FIGURES)
