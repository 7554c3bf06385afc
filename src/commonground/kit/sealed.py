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

NONCE_BYTES = 12  # what AES-GCM asks for


class SealedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON, encrypted with AES-256-GCM and bound to its table and column.

    The key comes from the settings, so a copy of the database reveals nothing, and a
    value moved to another column does not open.
    """

    def get_prep_value(self, value: Any) -> str:
        if not value:
            return ""  # nothing to hide
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(value).encode()
        return base64.b64encode(nonce + AESGCM(key()).encrypt(nonce, plain, self.place)).decode()

    def from_db_value(self, value: str | None, *_: object) -> Any:
        if not value:
            return {}
        sealed = base64.b64decode(value)
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return json.loads(AESGCM(key()).decrypt(nonce, body, self.place))
        except InvalidTag as error:
            raise SealBroken(f"{self.place.decode()} was sealed with another key") from error

    def to_python(self, value: Any) -> Any:
        return value

    @property
    def place(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}".encode()


class SealBroken(Exception):
    """A sealed value does not open with the key this desk was started with."""


def key() -> bytes:
    return hashlib.sha256(b"sealed fields\n" + settings.SEAL_KEY.encode()).digest()
