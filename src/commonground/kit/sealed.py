"""Fields whose value the database alone cannot give away."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12  # what AES-GCM asks for


class Closed(str):
    """A sealed value, not opened yet."""

    __slots__ = ()


class Opening(DeferredAttribute):
    """Opens a value when it is asked for: only then is it known whose row it stands in."""

    def __get__(self, instance: models.Model | None, owner: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__.get(self.field.attname)
        if isinstance(held, Closed):
            instance.__dict__[self.field.attname] = self.field.opened(held, instance)  # type: ignore[attr-defined]
        elif self.field.attname not in instance.__dict__:
            super().__get__(instance, owner)  # fetches what was deferred
            return self.__get__(instance, owner)
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON, encrypted with AES-256-GCM and bound to its table and column.

    The key comes from the settings, so a copy of the database reveals nothing, and a
    value moved to another column does not open. With `to_row` it is bound to its row as
    well, whose key must be known before it is saved: copied to another account, a token
    is of no use there.
    """

    descriptor_class = Opening

    def __init__(self, *args: Any, to_row: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to_row = to_row

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # As it is held: what nobody opened is written back as it was.
        return self.closed(model_instance.__dict__.get(self.attname), model_instance)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Closed):
            return str(value)
        if value and self.to_row:
            raise TypeError(f"{self.name} is sealed to its row: see sealed_for")
        return str(self.closed(value))

    def from_db_value(self, value: str | None, *_: object) -> Any:
        if not value:
            return {}
        return Closed(value) if self.to_row else self.opened(Closed(value))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """A dump holds what the database holds, and gives no more away."""
        return str(self.closed(obj.__dict__.get(self.attname), obj))

    def closed(self, value: Any, row: models.Model | None = None) -> Closed:
        if isinstance(value, Closed) or not value:
            return Closed(value or "")  # nothing to hide
        nonce = os.urandom(NONCE_BYTES)
        body = AESGCM(key()).encrypt(nonce, json.dumps(value).encode(), self.place(row))
        return Closed(base64.b64encode(nonce + body).decode())

    def opened(self, value: Closed, row: models.Model | None = None) -> Any:
        try:
            sealed = base64.b64decode(value)
            nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return json.loads(AESGCM(key()).decrypt(nonce, body, self.place(row)))
        except (InvalidTag, ValueError) as error:
            where = self.place(None).decode()
            raise SealBroken(f"{where} was sealed with another key, or elsewhere") from error

    def place(self, row: models.Model | None) -> bytes:
        """What a value is bound to."""
        column = f"{self.model._meta.db_table}.{self.column}"
        if not (self.to_row and row):
            return column.encode()
        return f"{column}.{row._meta.pk.to_python(row.pk)}".encode()


def sealed_for(row: models.Model, **fields: Any) -> dict[str, Any]:
    """The fields as an update of this row takes them: what is sealed, sealed for it."""
    kinds = {name: row._meta.get_field(name) for name in fields}
    return {
        name: kind.closed(fields[name], row) if isinstance(kind, SealedJSONField) else fields[name]
        for name, kind in kinds.items()
    }


def locked(plain: bytes, under: bytes, place: bytes) -> bytes:
    """Bytes under a key of one's own (32 bytes), bound to a place: elsewhere they do not open."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(under).encrypt(nonce, plain, place)


def unlocked(closed: bytes, under: bytes, place: bytes) -> bytes:
    """What `locked` closed. Raises SealBroken."""
    try:
        return AESGCM(under).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("this was locked with another key, or elsewhere") from error


class SealBroken(Exception):
    """A sealed value does not open with the key this desk was started with."""


def key() -> bytes:
    return hashlib.sha256(b"sealed fields\n" + settings.SEAL_KEY.encode()).digest()
