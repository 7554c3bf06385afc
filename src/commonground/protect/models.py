"""A hold: nothing is sent while one stands."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commonground.agency.models import Agency, Member


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """Stop everything. One person may; two must agree to start again."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    first_yes = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    second_yes = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="hold_stands_once", fields=["agency"], condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="hold_lifted_by_two",
                condition=Q(lifted_at=None)
                | (
                    Q(first_yes__isnull=False)
                    & Q(second_yes__isnull=False)
                    & ~Q(first_yes=F("second_yes"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
