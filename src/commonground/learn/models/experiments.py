"""A fair experiment: two wordings or times, given to areas or weeks by chance."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.kit.sealed import SealedJSONField
from commonground.learn.engine.effects import Kind
from commonground.learn.states import EXPERIMENT, UNREGISTERED, ExperimentState


class Design(models.TextChoices):
    APART = Kind.APART.value, _("areas: one half gets the one way, the other half the other")
    PAIRS = Kind.PAIRS.value, _("weeks: of two neighbours each way gets one")


class Experiment(models.Model):
    """Its plan is on the record before it begins, and its result is shown whatever it is."""

    WORKFLOW: ClassVar = EXPERIMENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="experiments")
    title = models.CharField(max_length=120)
    hypothesis = models.TextField(max_length=600)
    outcome = models.CharField(max_length=200)  # what is measured of each unit, and in what
    one = models.CharField(max_length=300)  # the one wording or time
    other = models.CharField(max_length=300)
    design = models.CharField(max_length=5, choices=Design.choices)
    units = models.JSONField(default=list)  # names, in their order
    usual = models.JSONField(default=list)  # by unit, the outcome as it was before
    matters = models.FloatField()  # the smallest difference that would change what we do
    begins_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=10, default=ExperimentState.DRAFT.value, editable=False
    )  # fmt: skip
    planned_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="experiments")
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_at = models.DateTimeField(null=True, editable=False)
    plan_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # Drawn when it is registered; shown when it is over. Until then its digest stands for it.
    seed = SealedJSONField(default="", editable=False)
    commitment = models.CharField(max_length=64, blank=True, editable=False)
    ways = models.JSONField(default=list, editable=False)  # by unit, 0 the one and 1 the other
    outcomes = models.JSONField(default=list, editable=False)  # by unit; null: not measured
    found = models.JSONField(default=dict, editable=False)  # see learn.engine.effects
    reason = models.CharField(max_length=300, blank=True, editable=False)  # why it was called off
    over_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-planned_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="experiment_state_is_known",
                condition=Q(state__in=[s.value for s in ExperimentState]),
            ),
            models.CheckConstraint(
                name="experiment_runs_only_with_a_plan",
                condition=Q(state__in=[s.value for s in UNREGISTERED])
                | ~Q(plan_sha256="") & ~Q(commitment=""),
            ),
            models.CheckConstraint(
                name="experiment_called_off_says_why",
                condition=~Q(state=ExperimentState.CALLED_OFF.value) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learn:experiment", args=[self.pk])

    @property
    def kind(self) -> Kind:
        return Kind(self.design)

    @property
    def is_over(self) -> bool:
        return self.state in (ExperimentState.CONCLUDED, ExperimentState.CALLED_OFF)
