"""A status as a Mastodon server's own interface gives it."""

from __future__ import annotations

import msgspec

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.markup import plain
from commonground.hear.engine.reading import Passed, clean, moment_of, said


class Account(msgspec.Struct):
    acct: str = ""
    url: str | None = None


class Status(msgspec.Struct):
    id: str
    created_at: str
    content: str = ""
    uri: str = ""
    url: str | None = None
    language: str | None = None
    visibility: str = "public"
    account: Account = msgspec.field(default_factory=Account)


def read_status(raw: bytes, server: str) -> Heard | Skipped:
    """One status of the stream. The id is the server's, for that is what its deletions name."""
    try:
        status = msgspec.json.decode(raw, type=Status)
        return heard(status, server)
    except Passed as reason:
        return Skipped(str(reason))
    except msgspec.ValidationError:
        return Skipped("a field of the wrong kind")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Skipped("not JSON")


def heard(status: Status, server: str) -> Heard:
    if status.visibility not in ("public", "unlisted"):
        raise Passed("not public")
    author = clean(status.account.url or f"{status.account.acct}@{server}")
    url = status.url if status.url and status.url.startswith("https://") else ""
    return said(
        id_of(status.id, server), moment_of(status.created_at), plain(status.content),
        status.language, author, clean(url)[:500],
    )  # fmt: skip


def id_of(status_id: str, server: str) -> str:
    return f"{server}/statuses/{status_id}"
