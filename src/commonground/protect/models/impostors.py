"""Accounts whose name could pass for one of ours, and what became of them."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.kit.lasting import lasting_key
from commonground.protect.engine.impostors import Likeness
from commonground.protect.states import IMPOSTOR, NOT_OURS, Case

SEARCHED_EVERY = timedelta(hours=12)
REMINDED_EVERY = timedelta(days=3)
LOOKED_AT_EVERY = timedelta(days=1)  # whether what we reported still stands there
HARMLESS_KEPT = timedelta(days=30)  # in which a mistake can be undone; then its name is forgotten
GONE_SHOWN = timedelta(days=365)  # on the register: a copy of it may come back


def known_as(agency: object, url: str, handle: str) -> str:
    """By which an account is known again, when its name has been forgotten."""
    said = f"{agency}\n{(url or handle).casefold().rstrip('/')}"
    return hmac.new(lasting_key("impostors"), said.encode(), hashlib.sha256).hexdigest()


class ImpostorQuerySet(models.QuerySet["Impostor"]):
    def open(self) -> Self:
        return self.filter(state__in=[Case.FOUND, Case.LOOKED, Case.REPORTED])

    def not_ours(self, now: datetime) -> Self:
        """Those the public is warned of: a person said so, and it is not long gone."""
        told = self.filter(state__in=[s.value for s in NOT_OURS])
        return told.exclude(state=Case.GONE, gone_at__lte=now - GONE_SHOWN)

    def to_tell(self, now: datetime) -> Self:
        return self.open().filter(tell_at__lte=now)

    def to_look_at(self, now: datetime) -> Self:
        """Reported, and not looked at for a day, longest first."""
        asked = self.filter(state__in=[Case.REPORTED, Case.KEPT]).exclude(url="")
        stale = Q(looked_at=None) | Q(looked_at__lte=now - LOOKED_AT_EVERY)
        return asked.filter(stale).order_by(F("looked_at").asc(nulls_first=True))

    def to_forget(self, now: datetime) -> Self:
        return self.filter(
            state=Case.HARMLESS, decided_at__lte=now - HARMLESS_KEPT, forgotten=False
        )


class Impostor(models.Model):
    """One account that resembles us. Nothing of it is kept but what its name says."""

    WORKFLOW: ClassVar = IMPOSTOR

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="impostors")
    known_as = models.CharField(max_length=64)
    network = models.CharField(max_length=20)
    handle = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=400, blank=True)
    called = models.CharField(max_length=200, blank=True)
    likeness = models.CharField(max_length=20, choices=[(i.value, i.value) for i in Likeness])
    of = models.CharField(max_length=300, blank=True)  # which of ours; "": the agency's own name
    same_picture = models.BooleanField(default=False)
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.CharField(max_length=10)  # search, hearing, person
    state = models.CharField(max_length=10, default=Case.FOUND.value, editable=False)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=80, blank=True)  # the network's, of our report
    gone_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)  # nothing stood there when the desk looked
    tell_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    forgotten = models.BooleanField(default=False)

    objects = ImpostorQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at"]
        constraints = [
            models.CheckConstraint(
                name="impostor_state_is_known", condition=Q(state__in=[s.value for s in Case])
            ),
            models.CheckConstraint(
                name="impostor_likeness_is_known",
                condition=Q(likeness__in=[i.value for i in Likeness]),
            ),
            # The same account seen at every search is one case.
            models.UniqueConstraint(name="impostor_found_once", fields=["agency", "known_as"]),
            # Nobody stands in public as "not ours" unless a person said so.
            models.CheckConstraint(
                name="impostor_decided_by_a_person",
                condition=Q(state__in=[Case.FOUND.value, Case.LOOKED.value])
                | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.handle or "…"

    def get_absolute_url(self) -> str:
        return reverse("protect:impostor", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.state in NOT_OURS


class PlaceSearched(models.Model):
    """One server whose accounts we search for names like ours, and when we last did."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="places_searched")
    network = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    searched_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["network", "address"]
        constraints = [
            models.UniqueConstraint(
                name="place_searched_once", fields=["agency", "network", "address"]
            )
        ]

    def __str__(self) -> str:
        return self.address
