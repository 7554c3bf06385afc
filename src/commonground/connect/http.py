"""What the operations of every room above rely on: whose token it is, and that creating is safe."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from ninja import Header, Schema

from commonground.connect import actions
from commonground.connect.models import Token

# A program chooses one for each thing it wants made, and sends the same again when it is unsure.
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Yours: 8 to 64 letters, digits, - and _. Sent twice, it is made once.",
        pattern=r"^[A-Za-z0-9_-]{8,64}$",
    ),
]


class ProgramRequest(HttpRequest):
    """A request whose token was checked."""

    auth: Token


def made_once(
    request: ProgramRequest, key: str, asked: Schema, make: Callable[[], models.Model]
) -> tuple[UUID, bool]:
    """What was made for this key: just now, or the first time it was asked for."""
    whole = f"{request.path}\n{asked.model_dump_json()}"
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return actions.once(request.auth, key, digest, make)
