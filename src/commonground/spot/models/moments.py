"""Moments, what they were made of, and the resources that could help."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.spot.states import RUMOUR, WORKFLOW, RumourState, State


class ResourceQuerySet(models.QuerySet["Resource"]):
    def offered(self) -> Self:
        return self.filter(retired_at=None)


class Resource(models.Model):
    """Vetted help the public can use: a helpline, a shelter, a page, a map."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="resources")
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=600)
    # What people who need it would say, in their own languages: {"en": "...", "fr": "..."}.
    words = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    languages = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=200, blank=True)  # where one goes, if one goes there
    hours = models.CharField(max_length=80, blank=True)
    capacity = models.CharField(max_length=120, blank=True)
    # Until then it is said to have more callers than it can bear: others are offered beside it.
    overloaded_until = models.DateTimeField(null=True, blank=True, editable=False)
    phone = models.CharField(max_length=40, blank=True)
    url = models.URLField(max_length=300, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="resource_named_once", fields=["agency", "name"])
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def overloaded(self) -> bool:
        return bool(self.overloaded_until and self.overloaded_until > timezone.now())

    @property
    def review_due(self) -> bool:
        return bool(self.review_by and self.review_by < timezone.localdate())


class InTime(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("We do not know")


class MomentQuerySet(models.QuerySet["Moment"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def run_out(self) -> Self:
        return self.open().filter(closes_at__lte=timezone.now())

    def cut_short(self) -> None:
        """What these were heard in has ended for good: so do their clocks, and the posts that they
        show are forgotten. That a post was shown, and how many there were, stays."""
        Exemplar.objects.filter(moment__in=self.values("pk")).delete()
        now = timezone.now()
        self.filter(closes_at__gt=now).update(closes_at=now)


class Moment(models.Model):
    """The public is suddenly talking about something; for a while, help would be heard."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="moments")
    state = models.CharField(max_length=8, default=State.OPEN.value, editable=False)
    label = models.CharField(max_length=120)
    why = models.CharField(max_length=120, blank=True)  # the term that raised it
    terms = models.JSONField(default=list)  # the terms a person is shown
    hot = models.JSONField(default=list, editable=False)  # the terms that lead back to it
    topic = models.CharField(max_length=80, blank=True)
    scale_minutes = models.PositiveIntegerField()
    count = models.PositiveIntegerField()  # posts in the window that raised it
    usual = models.FloatField()  # what that window usually holds
    surprise = models.FloatField()
    authors = models.PositiveIntegerField()
    languages = models.JSONField(default=dict)  # language -> posts
    volume = models.PositiveIntegerField(default=0)  # posts since it opened
    first_post_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, editable=False)
    # When anybody could first read a word of ours about it; written by whoever saw it there.
    first_word_at = models.DateTimeField(null=True, editable=False)
    grave = models.BooleanField(default=False, editable=False)  # cheerful posts should wait
    deleted = models.PositiveIntegerField(default=0, editable=False)  # exemplars, by their writers
    did = models.TextField(max_length=600, blank=True, editable=False)  # what we did, when closed
    in_time = models.CharField(max_length=8, choices=InTime.choices, blank=True, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False)
    resources = models.ManyToManyField(Resource, through="Match", related_name="moments")

    objects = MomentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                name="moment_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="moment_passed_has_a_reason",
                condition=~Q(state=State.PASSED.value) | ~Q(reason=""),
            ),
            # The same alarm pulled twice is one moment.
            models.UniqueConstraint(
                name="moment_opened_once", fields=["agency", "why", "opened_at"]
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("spot:moment", args=[self.pk])

    @property
    def lasted(self) -> timedelta:
        """How long people talked of it, as far as we heard."""
        return self.last_post_at - self.first_post_at


class Match(models.Model):
    """A resource that fits a moment, and how well."""

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="matches")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE)
    score = models.FloatField()

    class Meta:
        ordering = ["-score"]
        constraints = [models.UniqueConstraint(name="match_once", fields=["moment", "resource"])]

    def __str__(self) -> str:
        return f"{self.resource} ({self.score:.2f})"


class Exemplar(models.Model):
    """One of the few posts a moment keeps, to show what it is about. Gone if deleted upstream."""

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="exemplars")
    upstream = models.CharField(max_length=32, db_index=True)
    at = models.DateTimeField()
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(name="exemplar_once", fields=["moment", "upstream"])]

    def __str__(self) -> str:
        return self.text[:60]


class Tally(models.Model):
    """One point of a moment's curve: what was said in a stretch of time, and what is usual."""

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="tallies")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    usual = models.FloatField(default=0)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(name="tally_once", fields=["moment", "at"])]

    def __str__(self) -> str:
        return f"{self.count} at {self.at:%H:%M}"


class Background(models.Model):
    """How high ordinary talk rose: what a detector's threshold is solved from, kept for its next
    start. Heights and times, no words and nobody's name."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="backgrounds")
    detector = models.CharField(max_length=20)
    listened = models.FloatField(default=0)  # seconds
    until = models.FloatField(default=0)  # seconds of UTC
    stirred = models.JSONField(default=list)  # [seconds of UTC, height]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="background_once", fields=["agency", "detector"])
        ]

    def __str__(self) -> str:
        return f"{self.detector}: {len(self.stirred)}"


class BacktestQuerySet(models.QuerySet["Backtest"]):
    def finished(self) -> Self:
        return self.filter(report__isnull=False)


class Backtest(models.Model):
    """How well the detector did on recordings whose events are known: a report, kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="backtests")
    name = models.CharField(max_length=80)
    run_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=40)  # of Commonground
    settings = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(default=timezone.now)  # the last word of whoever runs it
    progress = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)  # as `commonground spot backtest --json` tells it
    trouble = models.CharField(max_length=300, blank=True)

    objects = BacktestQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                name="backtest_reported_has_ended",
                condition=Q(report__isnull=True) | Q(ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("spot:backtest", args=[self.pk])


class Rumour(models.Model):
    """Something people say during a moment that may not be so: a claim, never who made it."""

    WORKFLOW: ClassVar = RUMOUR

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="rumours")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="rumours")
    claim = models.CharField(max_length=300)
    state = models.CharField(max_length=8, default=RumourState.HEARD.value, editable=False)
    known = models.TextField(max_length=600, blank=True, editable=False)  # what we know about it
    checked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(max_length=300, blank=True, editable=False)  # where we said so
    logged_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["logged_at"]
        constraints = [
            models.CheckConstraint(
                name="rumour_state_is_known", condition=Q(state__in=[s.value for s in RumourState])
            ),
            models.CheckConstraint(
                name="rumour_settled_says_what_we_know",
                condition=Q(state__in=["heard", "checking"]) | ~Q(known=""),
            ),
            models.CheckConstraint(
                name="rumour_checked_by_somebody",
                condition=Q(state="heard") | Q(checked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.claim[:60]
