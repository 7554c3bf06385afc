"""Whether the database is of the version that runs here: which migrations each of them knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@cache
def brought() -> frozenset[str]:
    """Those that came with the code of this process. Asked at its start, for the files on the
    disk may be those of a newer version before it ends."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(f"{app}.{name}" for app, name in found)


@cache
def known() -> frozenset[str]:
    """Those, and others that stand for them: several of old may have become one."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    stood_for = {f"{app}.{name}" for one in found for app, name in one.replaces}
    return brought() | stood_for


def applied() -> list[str]:
    done = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


def unapplied() -> list[str]:
    """What this version brings and the database has not."""
    return sorted(brought() - set(applied()))


def unknown(names: Iterable[str]) -> list[str]:
    """What another version did to the tables of parts that are here. A part that is switched off,
    as a queue may be, says nothing of the version."""
    parts = {name.partition(".")[0] for name in brought()}
    return sorted(n for n in set(names) - known() if n.partition(".")[0] in parts)
