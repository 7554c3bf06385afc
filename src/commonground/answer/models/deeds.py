"""What came of what people said to us, for everybody to read: you said, we did."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.answer.models.conversations import Conversation
from commonground.answer.states import DEED, DeedState


class DeedQuerySet(models.QuerySet["Deed"]):
    def ever_public(self) -> Self:
        """Also those that were taken back: they leave a line, and the reason."""
        return self.filter(state__in=[DeedState.PUBLISHED, DeedState.TAKEN_BACK])


class Deed(models.Model):
    """Something people said, and what we did about it; or why we did not."""

    WORKFLOW: ClassVar = DEED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="deeds")
    title = models.CharField(max_length=120)
    said = models.TextField(max_length=600)  # in our words: nobody is quoted without having agreed
    did = models.TextField(max_length=1200)
    language = models.CharField(max_length=8, default="en")
    question = models.CharField(max_length=60, blank=True)  # the word of one that led to it
    # Conversations that led to it. The public learns how many, and the desk which.
    conversations = models.ManyToManyField(Conversation, related_name="deeds")
    state = models.CharField(max_length=12, default=DeedState.PROPOSED.value, editable=False)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # when it was taken back
    reason = models.CharField(max_length=300, blank=True)  # why

    objects = DeedQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                name="deed_state_is_known", condition=Q(state__in=[s.value for s in DeedState])
            ),
            models.CheckConstraint(
                name="deed_is_agreed_by_another",
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="deed_public_since_a_time",
                condition=Q(state__in=["proposed", "dropped"]) | Q(since__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["agency", "-since"], name="answer_deeds")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("answer:deed", args=[self.pk])
