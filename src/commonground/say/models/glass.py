"""When somebody published alone, because nobody could read it in time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.say.models.posts import Post

REVIEWED_WITHIN = timedelta(hours=24)


class Verdict(models.TextChoices):
    RIGHT = "right", _("It was right to publish it alone")
    WRONG = "wrong", _("It should not have gone out so")


class BrokenGlassQuerySet(models.QuerySet["BrokenGlass"]):
    def unreviewed(self) -> Self:
        return self.filter(reviewed_at=None)

    def to_tell(self, now: datetime) -> Self:
        return self.unreviewed().filter(tell_at__lte=now)


class BrokenGlass(models.Model):
    """One post that went out on one person's word. A second person must look at it afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="broken_glass")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="broken_glass")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    read = models.CharField(max_length=64)  # the digest of the words
    at = models.DateTimeField(default=timezone.now)
    tell_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    said = models.CharField(max_length=300, blank=True)

    objects = BrokenGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(name="glass_broken_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="glass_reviewed_by_another",
                condition=Q(reviewed_at=None)
                | (Q(reviewed_by__isnull=False) & ~Q(reviewed_by=models.F("by")) & ~Q(verdict="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.post)

    @property
    def review_by(self) -> datetime:
        return self.at + REVIEWED_WITHIN

    @property
    def overdue(self) -> bool:
        return self.reviewed_at is None and timezone.now() > self.review_by
