"""What a machine proposed for a draft. It stands beside it until a person takes it, or not."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from commonground.agency.models import Member
from commonground.say.models.posts import Post


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def taken(self) -> Self:
        return self.filter(taken_at__isnull=False)


class Proposal(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="proposals")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=8, blank=True)  # translated into
    before = models.TextField()
    text = models.TextField()
    model = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.post}"
