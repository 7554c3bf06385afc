"""Keys that must not change when the seal key does: what people's marks are made with, and the
log's own. All follow from one secret, drawn when the database is made."""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.db import connections

from commonground.kit.envelope import KEY_BYTES, SealBroken, newest
from commonground.kit.models import LastingSecret

ROOT = "root"
READ: dict[bytes, bytes] = {}  # once a process, for each key it was started with


def lasting_key(purpose: str) -> bytes:
    """32 bytes for one purpose, the same for as long as this database lives. Raises SealBroken."""
    return sha256(f"{purpose}\n".encode() + root()).digest()


def root() -> bytes:
    called = newest()
    if called not in READ:
        # Never drawn here: what a transaction takes back would live on in this process alone.
        READ[called] = bytes.fromhex(LastingSecret.objects.get(name=ROOT).value)
    return READ[called]


def draw_root(using: str, **_: Any) -> None:
    """After each `migrate`: the secret is there, and what this process knew of it is forgotten."""
    READ.clear()
    if LastingSecret._meta.db_table not in connections[using].introspection.table_names():
        return
    drawn, _new = LastingSecret.objects.using(using).get_or_create(
        name=ROOT, defaults={"value": secrets.token_hex(KEY_BYTES)}
    )
    with suppress(SealBroken):  # with other keys the desk says so where it needs the secret
        READ[newest()] = bytes.fromhex(drawn.value)
