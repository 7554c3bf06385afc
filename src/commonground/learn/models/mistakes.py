"""What the news got wrong: what stood there, what is right, whom we asked, and what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.learn.models.coverage import Article
from commonground.learn.states import MISTAKE, MistakeState

LONGEST = 600


class MistakeQuerySet(models.QuerySet["Mistake"]):
    def real(self) -> Self:
        """Those a person calls wrong, whatever became of them."""
        return self.exclude(state__in=[MistakeState.SUSPECTED, MistakeState.CLEARED])

    def waiting(self) -> Self:
        """Those that need one of us: to look, to ask, or to ask again."""
        late = Q(state=MistakeState.ASKED, due_on__lt=timezone.localdate())
        return self.filter(
            Q(state__in=[MistakeState.SUSPECTED, MistakeState.CONFIRMED]) | late
        )  # fmt: skip


class Mistake(models.Model):
    """One thing one article says that is not so. Of an outlet, never of whoever wrote it."""

    WORKFLOW: ClassVar = MISTAKE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="mistakes")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="mistakes")
    state = models.CharField(max_length=10, default=MistakeState.SUSPECTED.value, editable=False)
    wrong = models.CharField(max_length=LONGEST)  # as it stands in the article
    right = models.CharField(max_length=LONGEST)
    found_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # None: desk
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_of = models.CharField(max_length=200, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    answer = models.TextField(max_length=LONGEST, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    corrected_at = models.DateTimeField(null=True, editable=False)
    where = models.URLField(max_length=500, blank=True, editable=False)  # the correction

    objects = MistakeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-found_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="mistake_once", fields=["article", "wrong", "right"]),
            models.CheckConstraint(
                name="mistake_state_is_known",
                condition=Q(state__in=[s.value for s in MistakeState]),
            ),
            models.CheckConstraint(
                name="mistake_asked_says_whom_when_and_until",
                condition=~Q(state=MistakeState.ASKED.value)
                | Q(asked_at__isnull=False, due_on__isnull=False) & ~Q(asked_of=""),
            ),
            models.CheckConstraint(
                name="mistake_corrected_says_when",
                condition=~Q(state=MistakeState.CORRECTED.value) | Q(corrected_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.article.outlet}: {self.wrong}"[:120]

    def get_absolute_url(self) -> str:
        return reverse("learn:mistake", args=[self.pk])

    @property
    def is_late(self) -> bool:
        return bool(
            self.state == MistakeState.ASKED and self.due_on and self.due_on < timezone.localdate()
        )
