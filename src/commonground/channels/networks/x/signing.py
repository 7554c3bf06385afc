"""Signs a request as X asks it (OAuth 1.0a, RFC 5849): such a sign-in needs no renewal.

The other way in, OAuth 2.0, gives tokens of two hours, and a new one with each renewal whose
answer may get lost: then a desk is locked out at night, with nobody there to sign in again.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Keys:
    """The four words that X gives an app and its account."""

    api_key: str
    api_key_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def authorization(
    method: str, url: str, query: Mapping[str, str], keys: Keys, *, nonce: str, at: int
) -> str:
    """The header for a request whose body is not a form. `at`: seconds since 1970."""
    said = {
        "oauth_consumer_key": keys.api_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(at),
        "oauth_token": keys.access_token,
        "oauth_version": "1.0",
    }
    said["oauth_signature"] = signature(method, url, {**query, **said}, keys)
    return "OAuth " + ", ".join(f'{safe(k)}="{safe(v)}"' for k, v in sorted(said.items()))


def signature(method: str, url: str, said: Mapping[str, str], keys: Keys) -> str:
    """Over the method, the address, and everything that is said beside the body."""
    pairs = sorted((safe(k), safe(v)) for k, v in said.items())
    listed = "&".join(f"{k}={v}" for k, v in pairs)
    base = "&".join([method.upper(), safe(url), safe(listed)])
    key = f"{safe(keys.api_key_secret)}&{safe(keys.access_token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()


def safe(word: str) -> str:
    return quote(word, safe="-._~")
