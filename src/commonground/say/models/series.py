"""The same words again and again: a draft of its own for each day, in time to be read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import ClassVar, Self, TypedDict
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.say.engine.rhythm import Repeats, Rhythm, instant, is_shown
from commonground.say.models.campaigns import Campaign
from commonground.say.models.posts import Post

LONGEST = 366  # days: once a year somebody must look whether the words are still true
MOST_AHEAD = 60  # days before it goes out that a draft is written


class Recurrence(models.TextChoices):
    DAY = Repeats.DAY.value, _("Days")
    WEEK = Repeats.WEEK.value, _("Weeks")
    MONTH_DATE = Repeats.MONTH_DATE.value, _("Months, on the same date")
    MONTH_WEEKDAY = (
        Repeats.MONTH_WEEKDAY.value,
        _("Months, on the same weekday (the second Tuesday)"),
    )
    MONTH_LAST = Repeats.MONTH_LAST.value, _("Months, on the last such weekday")
    YEAR = Repeats.YEAR.value, _("Years")


class SeriesQuerySet(models.QuerySet["Series"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def stuck(self) -> Self:
        return self.running().exclude(hindrance="")


class Series(models.Model):
    """Words that come again, and when. It never sends: it writes drafts, and people approve."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="series")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="series")
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="series"
    )
    channels = models.ManyToManyField(Channel, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000)
    language = models.CharField(max_length=8, default="en")
    repeats = models.CharField(max_length=8, choices=Recurrence.choices)
    every = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    weekdays = models.JSONField(default=list, blank=True)
    since = models.DateField()
    until = models.DateField()
    at = models.TimeField()
    ahead = models.PositiveSmallIntegerField(default=7)  # days
    asks = models.BooleanField(default=True)  # for approval, as soon as a draft is written
    # The series whose place this one took, and how long that one would have gone on.
    follows = models.OneToOneField(
        "self", models.SET_NULL, null=True, editable=False, related_name="followed_by"
    )
    follows_until = models.DateField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    hindrance = models.CharField(max_length=300, blank=True, editable=False)  # no draft: why
    told_at = models.DateTimeField(null=True, editable=False)  # people know of the hindrance
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title"]
        verbose_name_plural = "series"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="series_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(name="series_comes_again", condition=Q(every__gte=1)),
            models.CheckConstraint(
                name="series_repeats_as_known", condition=Q(repeats__in=[r.value for r in Repeats])
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("say:series", args=[self.pk])

    @property
    def rhythm(self) -> Rhythm:
        days = frozenset(int(day) for day in self.weekdays)
        return Rhythm(Repeats(self.repeats), self.since, self.until, self.every, days)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency.time_zone)

    def instant(self, day: date) -> datetime:
        return instant(day, self.at, self.zone)

    def is_shown(self, day: date) -> bool:
        """Whether that day's clocks show this time; if not, it goes out an hour later by them."""
        return is_shown(day, self.at, self.zone)


class Occurrence(models.Model):
    """One day of a series that is more than planned: drafted, or left out."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="occurrences")
    day = models.DateField()
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="occurrence")

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="occurrence_once_a_day", fields=["series", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.day}"

    @property
    def skipped(self) -> bool:
        return self.post_id is None


class Planned(TypedDict):
    """What somebody says of a series."""

    title: str
    text: str
    language: str
    channels: Sequence[Channel]
    campaign: Campaign | None
    repeats: str
    every: int
    weekdays: list[int]
    since: date
    until: date
    at: time
    ahead: int
    asks: bool
