"""Counts how often somebody asked for something, from one network or for one address, without
keeping who: marks under a key of the day, and both are deleted two days later.

The tables are abstract: each room or network that counts has its own.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from commonground.kit.marks import mark
from commonground.kit.sealed import SealedJSONField

log = logging.getLogger(__name__)
KEPT = timedelta(hours=48)
SAID_ONCE_IN = 3600  # seconds: a flood must not fill the log as well


class Crowded(Exception):
    """Too many asked, in all or from one place."""


class DayKeyBase(models.Model):
    """What turns a day's networks and addresses into marks. Deleted with them, two days later."""

    day = models.DateField(unique=True)
    key = SealedJSONField(row=("day",), default=secrets.token_hex)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.day)


class ArrivalBase(models.Model):
    """How often somebody asked from one network, or for one address. A unique constraint on
    kind, tag and hour is the table's own to name."""

    kind = models.CharField(max_length=10)
    tag = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


@dataclass(frozen=True, slots=True)
class Door:
    """Lets so many in, and then none until the hour or the day is over."""

    arrivals: type[ArrivalBase]
    keys: type[DayKeyBase]

    def count(self, kind: str, of: str, most: int, since: datetime) -> None:
        if not self.counted(kind, of, most, since):
            raise Crowded

    def counted(self, kind: str, of: str, most: int, since: datetime) -> bool:
        """One more of these since then, unless there were too many."""
        return self.one_more(kind, self.mark(kind, of, since), most, since)

    def mark(self, kind: str, of: str, since: datetime) -> str:
        """Stands for a network or an address for as long as that day's key is kept."""
        key, _new = self.keys._default_manager.get_or_create(day=since.date())
        return mark(bytes.fromhex(key.key), kind, of)

    def one_more(self, kind: str, tag: str, most: int, since: datetime, **within: Any) -> bool:
        """The same for what bears a mark already; `within`: for tables that count apart."""
        rows = self.arrivals._default_manager
        row, _new = rows.get_or_create(kind=kind, tag=tag, hour=since, **within)
        let_in = bool(rows.filter(pk=row.pk, count__lt=most).update(count=F("count") + 1))
        if not let_in:
            self.say_so(kind)
        return let_in

    def say_so(self, kind: str) -> None:
        """For whoever runs the server: that it happens, once an hour, and never to whom."""
        where = self.arrivals._meta.label
        if cache.add(f"crowded-{where}-{kind}", "said", SAID_ONCE_IN):
            log.warning("Too many at %s, counted by %s: turned away.", where, kind)

    @transaction.atomic
    def forget(self, now: datetime) -> int:
        """Delete what was counted, and the keys of those marks, after 48 hours."""
        self.keys._default_manager.filter(day__lt=(now - KEPT).date()).delete()
        return self.arrivals._default_manager.filter(hour__lt=now - KEPT).delete()[0]


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def today() -> datetime:
    return this_hour().replace(hour=0)
