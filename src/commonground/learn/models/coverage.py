"""What the news made of it: our key messages, the articles, and what each article did with each."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.learn.engine.pullthrough import Carried
from commonground.learn.models.news import Printed
from commonground.say.models import Campaign
from commonground.spot.models import Moment


class Answer(models.IntegerChoices):
    ABSENT = Carried.ABSENT.value, _("absent")
    TOUCHED = Carried.TOUCHED.value, _("touched")
    CARRIED = Carried.CARRIED.value, _("carried")


class Where(models.TextChoices):
    HEADLINE = "headline", _("in the headline")
    LEAD = "lead", _("in the first paragraph")
    BODY = "body", _("in the body")


class Coverage(models.Model):
    """What news wrote of a moment or a campaign, held against what we wanted people to know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="coverages")
    moment = models.OneToOneField(Moment, on_delete=models.CASCADE, null=True)
    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, null=True)
    messages = models.JSONField(default=list)  # sentences, as they should reach people
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when what had arrived before was held against it; None: it is to be done (again).
    searched_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="coverage_is_of_one_thing",
                condition=Q(moment=None, campaign__isnull=False)
                | Q(moment__isnull=False, campaign=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.moment or self.campaign)

    def get_absolute_url(self) -> str:
        return reverse("learn:coverage", args=[self.pk])


class ArticleQuerySet(models.QuerySet["Article"]):
    def that_count(self) -> Self:
        """Without those a person took out: they are about something else."""
        return self.filter(set_aside_at=None)

    def set_aside(self) -> Self:
        return self.exclude(set_aside_at=None)


class Article(models.Model):
    """What an outlet printed, as we read it. It is evidence: its words never change here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.CASCADE, related_name="articles")
    outlet = models.CharField(max_length=80)
    headline = models.CharField(max_length=300)
    text = models.TextField()
    url = models.URLField(max_length=500, blank=True)
    published_on = models.DateField()
    sha256 = models.CharField(max_length=64, editable=False)  # of headline, line break, text
    # Who typed it; nobody where it came from the outlet's feed.
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    printed = models.ForeignKey(Printed, models.PROTECT, null=True, related_name="articles")
    because = models.JSONField(default=dict)  # why the desk took it for one about this
    set_aside_at = models.DateTimeField(null=True, editable=False)
    set_aside_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_on", "outlet", "headline"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="article_once_for_an_outlet", fields=["coverage", "outlet", "sha256"]
            ),
            models.UniqueConstraint(name="article_once_a_page", fields=["coverage", "printed"]),
            models.CheckConstraint(
                name="article_from_somebody",
                condition=Q(added_by__isnull=False) | Q(printed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.headline}"

    def get_absolute_url(self) -> str:
        return reverse("learn:article", args=[self.pk])


class Reading(models.Model):
    """What an article did with one message: as it was read by the desk, and as a person says."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="readings")
    place = models.PositiveSmallIntegerField()  # of the message among its coverage's
    message = models.CharField(max_length=300)
    carried = models.PositiveSmallIntegerField(choices=Answer.choices)
    sure = models.BooleanField()
    where = models.CharField(max_length=8, choices=Where.choices, blank=True)
    quote = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)  # in headline, line break, text; code points
    end = models.PositiveIntegerField(null=True)
    otherwise = models.JSONField(default=list)  # facts with another value than the message
    judged = models.PositiveSmallIntegerField(choices=Answer.choices, null=True, editable=False)
    judged_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="reading_once", fields=["article", "place"]),
            models.CheckConstraint(
                name="reading_judged_by_somebody",
                condition=Q(judged=None, judged_by=None)
                | Q(judged__isnull=False, judged_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.message}"

    @property
    def answer(self) -> Answer | None:
        """What holds: what a person said, else what the desk is sure of, else nothing yet."""
        if self.judged is not None:
            return Answer(self.judged)
        return Answer(self.carried) if self.sure else None
