"""Outlets whose news arrives by itself, and the pages they printed, as we fetched them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self
from zlib import compress, decompress

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member

KEPT = timedelta(days=7)  # a page that is about nothing we follow; news is followed after it began
LISTED = timedelta(days=60)  # by then no feed names it any more


class OutletQuerySet(models.QuerySet["Outlet"]):
    def to_look_at(self, now: datetime) -> Self:
        return self.filter(on=True, next_at__lte=now, agency__drill=False).order_by("next_at")


class Outlet(models.Model):
    """A newspaper, a radio, a television: where its news is told, and whom we ask to correct."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="outlets")
    name = models.CharField(max_length=80)
    feed = models.URLField(max_length=300)
    corrections_to = models.CharField(max_length=200, blank=True)  # a desk or an address
    on = models.BooleanField(default=True, editable=False)
    cursor = models.CharField(max_length=300, blank=True, editable=False)
    items = models.PositiveIntegerField(default=0, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    last_item_at = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(default=timezone.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutletQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="outlet_named_once", fields=["agency", "name"]),
            models.UniqueConstraint(name="outlet_read_once", fields=["agency", "feed"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("learn:outlet", args=[self.pk])


class PrintedQuerySet(models.QuerySet["Printed"]):
    def to_read(self, now: datetime) -> Self:
        rows = self.filter(read_at=None, next_at__lte=now, outlet__on=True)
        return rows.order_by("next_at")

    def readable(self) -> Self:
        """Those whose words are here."""
        return self.exclude(read_at=None).filter(emptied_at=None)

    def to_empty(self, now: datetime) -> Self:
        return self.filter(found_at__lte=now - KEPT, emptied_at=None)

    def to_forget(self, now: datetime) -> Self:
        return self.filter(found_at__lte=now - LISTED, articles=None)


class Printed(models.Model):
    """One page that an outlet's feed led to, as it was when we fetched it.

    Pages that are about nothing we follow lose their words after a week; their mark stays for a
    while, so that none is fetched twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="printed")
    mark = models.CharField(max_length=32)  # a digest of its address: each is read once
    url = models.CharField(max_length=500)
    headline = models.CharField(max_length=300)
    summary = models.TextField(blank=True)  # what the feed itself told
    published_at = models.DateTimeField()
    found_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, default=timezone.now)  # None: nothing left to fetch
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)  # why there is no page, only a summary
    read_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    fetched_from = models.CharField(max_length=500, blank=True)  # where we were in the end
    status = models.PositiveSmallIntegerField(default=0)
    media_type = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the bytes of the page
    size = models.PositiveIntegerField(default=0)  # bytes
    part = models.BooleanField(default=False)  # the page was longer than what we take
    packed = models.BinaryField(default=b"")
    matched_at = models.DateTimeField(null=True)  # since when it was held against what we follow
    emptied_at = models.DateTimeField(null=True)

    objects = PrintedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="printed_once", fields=["outlet", "mark"])
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="printed_to_read", condition=Q(read_at=None)),
            models.Index(fields=["found_at"], name="printed_found"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def body(self) -> bytes:
        return decompress(bytes(self.packed)) if self.packed else b""

    @property
    def is_whole(self) -> bool:
        """Whether we have the page, and not only what the feed told of it."""
        return bool(self.sha256)

    @property
    def words(self) -> str:
        return self.text or self.summary


def packed(body: bytes) -> bytes:
    return compress(body)
