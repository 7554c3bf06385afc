"""Who was asked to read a post, and when they are asked again."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from commonground.say.models.posts import Post
from commonground.say.states import State


class ReviewRequestQuerySet(models.QuerySet["ReviewRequest"]):
    def to_tell(self, now: datetime) -> Self:
        return self.filter(post__state=State.IN_REVIEW, tell_at__lte=now)


class ReviewRequest(models.Model):
    """The newest asking for a second pair of eyes; each time its author asks, it begins anew."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="request")
    asked_at = models.DateTimeField(default=timezone.now)
    told = models.PositiveIntegerField(default=0)  # rounds so far
    told_at = models.DateTimeField(null=True)
    tell_at = models.DateTimeField(default=timezone.now)
    names = models.JSONField(default=list)  # who was told in the last round
    by_mail = models.BooleanField(default=False)
    nobody = models.BooleanField(default=False)  # nobody who may approve it was there

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"somebody to read {self.post}"
