"""Sign-ins whose cookies a copy of the database does not hold.

Django keeps the very value of the cookie as the key of its row: whoever copies the table is signed
in as everybody. Here the row is found by a digest of it, and what the session holds - the secret
of a second factor while it is being set up, among it - is sealed and bound to its row.
"""

from __future__ import annotations

import json
import time
from hashlib import blake2b
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.contrib.sessions.models import Session
from django.utils import timezone

from commonground.kit.envelope import SealBroken, opened_text, sealed_text

DIGEST = 20  # bytes: 40 hex digits, which is what the column holds
# When its owner came in (seconds since 1970). However busy they are, a session ends a shift later.
BEGUN = "begun"


def row_of(cookie: str) -> str:
    """The key of the row. The cookie is 160 bits of chance: nobody guesses it back."""
    return blake2b(cookie.encode(), digest_size=DIGEST).hexdigest()


def place(row: str) -> bytes:
    return f"django_session.session_data\n{row}".encode()


def is_over(held: dict[str, Any]) -> bool:
    return BEGUN in held and time.time() - held[BEGUN] >= settings.SESSION_COOKIE_AGE


class SessionStore(InTheDatabase):
    def load(self) -> dict[str, Any]:
        cookie = self.session_key or ""
        held = Session.objects.filter(session_key=row_of(cookie), expire_date__gt=timezone.now())
        row = held.first()
        try:
            held = json.loads(opened_text(row.session_data, place(row.pk))) if row else {}
            return {} if is_over(held) else dict(held)
        except SealBroken:  # under a key that is gone: they sign in again
            return {}
        finally:
            if row is None:
                self._session_key = None

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=row_of(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = row_of(self._get_or_create_session_key())  # type: ignore[attr-defined]
        held = sealed_text(json.dumps(data).encode(), place(row))
        return Session(session_key=row, session_data=held, expire_date=self.get_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        if cookie := session_key or self.session_key:
            Session.objects.filter(session_key=row_of(cookie)).delete()

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
