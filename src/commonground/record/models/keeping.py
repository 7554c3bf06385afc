"""For how long the words of entries are kept, and what must not go."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class RetentionClass(models.Model):
    """How long the facts of some entries are kept. The first class that fits decides."""

    agency = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    verbs = models.JSONField(default=list, blank=True)  # empty: every entry
    days = models.PositiveIntegerField(null=True, blank=True)  # None: for good

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "place"], name="one_class_in_a_place")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> int:
        """Whole years, or 0: nobody reads 2,555 days."""
        years, rest = divmod(self.days or 0, 365)
        return 0 if rest else years


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> Self:
        """Those that keep something from going; one yes is enough to keep, two let go."""
        return self.filter(let_go_at=None)


class LegalHold(models.Model):
    """Nothing of this may be erased: a court, an inquiry, a complaint. Set and lifted by two."""

    agency = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    subject = models.CharField(max_length=80, blank=True)  # post:6f1c...; empty: all of the agency
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    asked_by = models.CharField(max_length=40)  # the key of a person
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.CharField(max_length=40, blank=True)
    let_go_asked_by = models.CharField(max_length=40, blank=True)
    let_go_agreed_by = models.CharField(max_length=40, blank=True)
    let_go_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="legal_hold_is_set_by_two",
                condition=Q(agreed_by="") | ~Q(agreed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="legal_hold_is_lifted_by_two",
                condition=Q(let_go_at=None)
                | (~Q(let_go_agreed_by="") & ~Q(let_go_agreed_by=F("let_go_asked_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Erased(models.Model):
    """The tombstone of an entry's facts: which entry says that they are gone."""

    number = models.PositiveBigIntegerField(primary_key=True)
    tombstone = models.PositiveBigIntegerField()  # the number of the entry that tells of it

    def __str__(self) -> str:
        return f"entry {self.number} was erased"
