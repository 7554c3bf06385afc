"""What the desk itself tells whoever watches it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from commonground.kit.models import Round
from commonground.kit.upkeep import mark
from commonground.kit.upkeep.stores import files_of
from commonground.kit.upkeep.versions import unapplied
from commonground.kit.watching import LOOKS, at_work, gauge


@gauge("database_bytes", "How large the database is, with what was not yet written into its file.")
def database_bytes() -> float:
    if connection.vendor == "sqlite":
        parts = files_of(Path(str(connection.settings_dict["NAME"])))
        return sum(part.stat().st_size for part in parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0])


@gauge("disk_free_bytes", "Room left where the desk keeps its files on this machine.")
def disk_free_bytes() -> float | None:
    place = settings.RECORD_FOLDER
    if place is None or not place.exists():
        return None
    disk = os.statvfs(place)
    return float(disk.f_bavail * disk.f_frsize)


@gauge("migrations_unapplied", "Migrations this version brings that the database has not.")
def migrations_unapplied() -> float:
    return len(unapplied())


@gauge("upgrade_under_way", "1 while an upgrade or a restore has the desk stand still.")
def upgrade_under_way() -> float:
    return float(mark.standing() is not None)


@gauge("at_work", "Processes that gave a sign of life within the last minute.", label="kind")
def who_is_at_work() -> dict[str, float]:
    return {kind: len(at_work(kind)) for kind in LOOKS}


def rounds(column: str) -> dict[str, float]:
    rows = Round.objects.exclude(**{column: None}).values_list("chore", column)
    return {chore: as_number(found) for chore, found in rows}


def as_number(found: float | datetime) -> float:
    return found.timestamp() if isinstance(found, datetime) else float(found)


@gauge("chore_last_run_timestamp_seconds", "When a chore last ended, well or badly.", label="chore")
def chores_ended() -> dict[str, float]:
    return rounds("ended_at")


@gauge("chore_last_failure_timestamp_seconds", "When a chore last failed.", label="chore")
def chores_failed() -> dict[str, float]:
    return rounds("failed_at")


@gauge("chore_every_seconds", "How often a chore is due.", label="chore")
def chores_due() -> dict[str, float]:
    return rounds("seconds")


@gauge("chore_took_seconds", "How long a chore took when it last ran.", label="chore")
def chores_took() -> dict[str, float]:
    return rounds("took")


@gauge("chore_failures", "How often a chore failed, ever.", label="chore", adds_up=True)
def chore_failures() -> dict[str, float]:
    return rounds("failures")


@gauge(
    "chores_overdue",
    "Chores that have not ended for five times as long as they should, and a minute.",
)
def chores_overdue() -> float:
    now, found = timezone.now(), 0
    for seconds, ended_at in Round.objects.values_list("seconds", "ended_at"):
        if ended_at and (now - ended_at).total_seconds() > 5 * seconds + 60:
            found += 1
    return found
