"""What was written on our own site, handed on to whoever will answer: each once, in order."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from commonground.channels.contract import Busy, Login
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.line.own import database
from commonground.channels.networks.site.models import Comment

AT_ONCE = 100


def hears(login: Login, cursor: str) -> Batch:
    """What nobody was told yet. No cursor is needed: each row knows whether it was told."""
    with database(Busy):
        rows = Comment.objects.to_tell().filter(channel_id=login.channel_id)
        found = list(rows[: AT_ONCE + 1])
    now = found[:AT_ONCE]
    said = tuple(incoming(row) for row in now if not row.gone_at)
    gone = tuple(row.key for row in now if row.gone_at)
    return Batch(said, cursor, len(found) > AT_ONCE, gone, partial(tell, now))


def unheard() -> list[object]:
    waiting = Comment.objects.filter(told=False).order_by()
    return list(waiting.values_list("channel", flat=True).distinct())


def incoming(comment: Comment) -> Incoming:
    """Each is somebody of their own: nobody is followed from one comment to the next, and a name
    they chose calls nobody."""
    return Incoming(
        id=comment.key, author=comment.key, handle="", name=comment.name,
        text=comment.text, url=comment.url, at=comment.at, beneath=place_of(comment),
        language=comment.language,
    )  # fmt: skip


def place_of(comment: Comment) -> str:
    """A page by its key, as its receipt names it; a chat hour by its path."""
    return comment.beneath.removeprefix("newsroom/")


@transaction.atomic
def tell(rows: list[Comment]) -> None:
    """They were kept as they were read. Whoever deleted theirs meanwhile is told of again."""
    for row in rows:
        Comment.objects.filter(pk=row.pk, gone_at=row.gone_at).update(told=True)
