"""Searches Bluesky's accounts, as anybody may: its public interface asks for no sign-in."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_noop as _

from commonground.channels.contract.profile import Profile
from commonground.channels.line import base_of
from commonground.kit.outbound import TurnedAway, Unreachable, fetch

EVERYBODY = "https://public.api.bsky.app"
MOST = 50
SECONDS = 20.0


def search(address: str, words: str) -> list[Profile]:
    """Accounts whose names or descriptions hold these words. Raises Unreachable."""
    asked = urlencode({"q": words, "limit": MOST})
    at = f"{base_of(address)}/xrpc/app.bsky.actor.searchActors?{asked}"
    answer = fetch(at, seconds=SECONDS)
    if answer.status != HTTPStatus.OK:
        raise TurnedAway(answer.status)
    try:
        found = json.loads(answer.body)["actors"]
        return [profile for one in found[:MOST] if (profile := read(one))]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreachable(_("The answer is not what it should be.")) from error


def read(said: Any) -> Profile | None:
    """One account of an answer; None for what is none."""
    if not isinstance(said, dict) or not text(said, "handle") or not text(said, "did"):
        return None
    # By its lasting name: whoever pretends changes the other one when it becomes warm.
    url = f"https://bsky.app/profile/{quote(text(said, 'did'), safe=':')}"
    return Profile(text(said, "handle")[:300], url[:400], text(said, "displayName")[:200],
                   text(said, "avatar")[:500])  # fmt: skip


def text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
