"""One table, written once, never changed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.record.engine import START, Link


class Head(models.Model):
    """The one row that says where the record ends. Whoever writes, locks it first.

    Locking the last entry instead would fork the chain on PostgreSQL under READ COMMITTED:
    two writers may both see the same last entry.
    """

    count = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=START)
    checked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="record_has_one_head", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.count} entries, {self.digest[:12]}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, agency_id: object) -> Self:
        """What this agency did, newest first."""
        return self.filter(agency=str(agency_id)).order_by("-number")

    def about(self, *subjects: object) -> Self:
        """What happened to these things, newest first."""
        return self.filter(subject__in=[name_of(s) for s in subjects]).order_by("-number")


class Entry(models.Model):
    """One thing that happened.

    It holds names, not foreign keys: the record must outlive whatever it speaks of,
    and must never stop anyone from deleting it.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    agency = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=120, blank=True)
    who = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-number"], name="entry_by_agency"),
            models.Index(fields=["subject", "-number"], name="entry_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.verb} {self.subject}"

    @property
    def link(self) -> Link:
        """This entry as the chain sees it: everything the digest answers for."""
        body = {
            "at": self.at.isoformat(timespec="microseconds"),
            "agency": self.agency,
            "verb": self.verb,
            "subject": self.subject,
            "title": self.title,
            "who": self.who,
            "detail": self.detail,
        }
        return Link(self.number, body, self.digest)


def name_of(subject: object) -> str:
    """post:6f1c..., the way the record names what it speaks of."""
    # Not type(): request.user is a wrapper around the member.
    return f"{subject.__class__.__name__.lower()}:{getattr(subject, 'pk', subject)}"
