"""What people said to an account on a Mastodon server: its notifications of mentions."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from commonground.channels.contract import Declined, Login
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.networks.mastodon.line import Line
from commonground.channels.networks.mastodon.words import words_of

AT_ONCE = 40  # what a server gives at most
PATIENCE = 15.0  # seconds
LONGEST = 10_000  # characters: some servers allow as many
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
SPOKEN_TO_ALL = ("public", "unlisted")


def hears(login: Login, cursor: str) -> Batch:
    """The next page after a notification; without one the newest, for nobody answers last year's.

    A notification that cannot be read is passed by: it must not stand before all that follow.
    """
    where = {"min_id": cursor} if cursor else {}
    with Line(login, PATIENCE).asking() as server:
        page = list(server.notifications(types=["mention"], limit=AT_ONCE, **where))
        found = sorted(page, key=lambda told: number(told.id))
        said = [incoming(told, login) for told in found]
        last = str(found[-1].id) if found else cursor
    more = bool(cursor) and len(page) >= AT_ONCE
    return Batch(tuple(one for one in said if one), last, more)


def deleted(login: Login, names: Sequence[str]) -> list[str]:
    """Which of these nobody can see any more, each asked for by its id."""
    line = Line(login, PATIENCE)
    return [name for name in names if is_gone(line, name)]


def is_gone(line: Line, name: str) -> bool:
    try:
        with line.asking() as server:
            server.status(name)
    except Declined:
        if line.errand.answer is None or line.errand.answer.status_code not in GONE:
            raise
        return True
    return False


def number(name: Any) -> tuple[int, str]:
    """Ids rise with time: as numbers on most servers, as words on some."""
    name = str(name)
    return (int(name), "") if name.isdecimal() and name.isascii() else (len(name), name)


def incoming(told: Any, login: Login) -> Incoming | None:
    try:
        status, who = told.status, told.account
        url = address(status.url or status.uri)
        return Incoming(
            id=str(status.id), author=str(who.id), handle=handle_of(who, login),
            name=str(who.display_name or "")[:100], text=words_of(str(status.content))[:LONGEST],
            url=url, at=status.created_at, beneath=str(status.in_reply_to_id or ""),
            public=status.visibility in SPOKEN_TO_ALL, language=str(status.language or "")[:8],
        )  # fmt: skip
    except (AttributeError, TypeError, ValueError):
        return None


def handle_of(who: Any, login: Login) -> str:
    name = str(who.acct)[:200]
    host = urlsplit(str(who.url or "")).netloc or urlsplit(login.address).netloc
    return f"@{name}" if "@" in name else f"@{name}@{host}"


def address(url: Any) -> str:
    """A page for people; what a browser would run instead is none."""
    url = str(url or "")
    return url[:400] if url.startswith(("https://", "http://")) else ""
