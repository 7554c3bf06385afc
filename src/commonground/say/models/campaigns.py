"""A set of posts with one goal: from when until when, whose it is, and what must be carried."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member

MOST_MESSAGES = 5  # more than that nobody repeats


class Mark(models.TextChoices):
    """How its posts are marked in the calendar: a sign and a colour, never a colour alone."""

    WAVE = "wave", _("Wave")
    LEAF = "leaf", _("Leaf")
    SUN = "sun", _("Sun")
    STONE = "stone", _("Stone")


class Campaign(models.Model):
    """Winter driving, break-ins at dusk: posts that belong together, and can be held together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(max_length=60)
    goal = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField()
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="campaigns")
    messages = models.JSONField(default=list)  # sentences, as they should reach people
    mark = models.CharField(max_length=8, choices=Mark.choices, default=Mark.WAVE)
    # While it is held nothing of it goes out, also what is approved later.
    held_by = models.ForeignKey(Member, models.PROTECT, null=True, editable=False, related_name="+")
    held_at = models.DateTimeField(null=True, editable=False)
    held_because = models.CharField(max_length=300, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-until", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="campaign_named_once", fields=["agency", "name"]),
            models.CheckConstraint(
                name="campaign_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="campaign_held_says_by_whom_and_why",
                condition=Q(held_at=None) | Q(held_by__isnull=False) & ~Q(held_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("say:campaign", args=[self.pk])

    @property
    def hold_in_words(self) -> str:
        """Why each of its posts is held, for whoever meets one of them alone."""
        return f"{self.name}: {self.held_because}"[:300]

    @property
    def is_held(self) -> bool:
        return self.held_at is not None
