"""Who read which lesson, and what they answered."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Certificate, Member
from commonground.kit.sealed import SealedJSONField


class BadgeKey(models.Model):
    """What an agency signs its certificates with, so that others can verify them."""

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="badge_key")
    public = models.JSONField()  # a JWK
    sealed = SealedJSONField(row=("agency_id",))
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Key of badges, {self.agency}"


class Reading(models.Model):
    """Somebody read a lesson to its end. A question that was missed takes it back."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="readings")
    course = models.CharField(max_length=40)
    lesson = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "course", "lesson"], name="lesson_is_read_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.lesson}"


class SittingQuerySet(models.QuerySet["Sitting"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def passed(self) -> Self:
        return self.filter(passed=True)

    def of(self, agency: Agency) -> Self:
        return self.filter(member__agency=agency)


class Sitting(models.Model):
    """All questions of a course, asked of somebody once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sittings")
    course = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    version = models.CharField(max_length=64)  # the digest of what was asked
    seed = models.PositiveBigIntegerField(default=0)  # of the order it was asked in
    begun_at = models.DateTimeField(default=timezone.now)
    answers = models.JSONField(default=dict)  # the choice made, by the name of the question
    right = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    passed = models.BooleanField(null=True)
    done_at = models.DateTimeField(null=True)
    certificate = models.OneToOneField(
        Certificate, null=True, on_delete=models.SET_NULL, related_name="sitting"
    )

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "course"], condition=Q(done_at=None), name="one_sitting_at_a_time"
            ),
            models.CheckConstraint(
                name="sitting_done_says_how_it_ended",
                condition=Q(done_at=None, passed=None)
                | Q(done_at__isnull=False, passed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.member}"

    def get_absolute_url(self) -> str:
        return reverse("train:sitting", args=[self.pk])
