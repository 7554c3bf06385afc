"""Addresses that others give their posting windows, and names people type."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def host_in(typed: str) -> str:
    """The server somebody meant by https://Example.social/@me or example.social; "" if none."""
    host = re.sub(r"^https?://", "", typed.strip().lower()).partition("/")[0].rpartition("@")[2]
    return host if HOST.fullmatch(host) else ""


def share_on_mastodon(server: str, text: str) -> str:
    return f"https://{server}/share?{urlencode({'text': text})}"


def share_on_bluesky(text: str) -> str:
    return f"https://bsky.app/intent/compose?{urlencode({'text': text})}"


def share_by_mail(title: str, text: str) -> str:
    return f"mailto:?subject={quote(title)}&body={quote(text)}"


def plain_name(typed: str) -> str:
    """An account's name or link without what people add or leave out: @, https, www, slashes."""
    name = re.sub(r"^(https?://)?(www\.)?", "", typed.strip().casefold())
    return name.partition("?")[0].strip("@/ ")
