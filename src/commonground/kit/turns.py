"""Whose turn it is: many may pass beside each other, and whoever changes what they pass by waits
for those who are in it, but for nobody who comes later.

A lock on the row itself would let one pass at a time, or, shared, let those who keep coming hold
off for ever the one who must stop them. The database's own advisory locks are fair: from the
moment somebody asks to be alone, new ones wait behind. Both end with the transaction.

On SQLite one transaction writes at a time, so that whoever writes is alone already.
"""

from __future__ import annotations

from django.db import connection, models


def pass_beside_others(model: type[models.Model], pk: object) -> None:
    """Until this transaction ends nobody is `alone` with the row."""
    take("pg_advisory_xact_lock_shared", f"{model._meta.label}:{pk}")


def be_alone(model: type[models.Model], pk: object) -> None:
    """Until this transaction ends nobody passes by the row, and nobody else is alone with it."""
    take("pg_advisory_xact_lock", f"{model._meta.label}:{pk}")


def take(lock: str, name: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [name])
