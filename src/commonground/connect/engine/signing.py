"""Signs what other programs are told, so that they know who says it (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"


def as_text(secret: bytes) -> str:
    """How a secret is handed to whoever checks signatures."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, name: str, at: int, body: bytes) -> str:
    said = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, said, sha256).digest()).decode()


def headers(secrets: Iterable[bytes], name: str, at: int, body: bytes) -> dict[str, str]:
    """One signature for each secret in force: while one takes over, either is enough."""
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(one, name, at, body) for one in secrets),
    }
