"""Searches the accounts that a server knows, as anybody may: not signed in, page one only."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext_noop as _

from commonground.channels.contract.profile import Profile
from commonground.channels.line import base_of
from commonground.kit.outbound import TurnedAway, Unreachable, fetch

MOST = 40  # the most a server gives
SECONDS = 20.0


def search(address: str, words: str) -> list[Profile]:
    """Accounts whose names hold these words. Raises Unreachable."""
    base = base_of(address)
    asked = urlencode({"q": words, "type": "accounts", "limit": MOST})
    answer = fetch(f"{base}/api/v2/search?{asked}", seconds=SECONDS)
    if answer.status != HTTPStatus.OK:
        raise TurnedAway(answer.status)
    try:
        found = json.loads(answer.body)["accounts"]
        host = urlsplit(base).netloc
        return [profile for one in found[:MOST] if (profile := read(one, host))]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreachable(_("The answer is not what it should be.")) from error


def read(said: Any, host: str) -> Profile | None:
    """One account of an answer; None for what is none."""
    if not isinstance(said, dict):
        return None
    acct, url = text(said, "acct"), text(said, "url")
    if not acct or not url.startswith(("https://", "http://")):
        return None
    handle = f"@{acct}" if "@" in acct else f"@{acct}@{host}"
    return Profile(handle[:300], url[:400], text(said, "display_name")[:200],
                   text(said, "avatar_static")[:500])  # fmt: skip


def text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
