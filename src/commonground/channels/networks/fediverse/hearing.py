"""What was answered to our notes, handed on to whoever will answer: each once, in order, and
again where it was put in other words."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from commonground.channels.contract import Busy, Login
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.line.own import database
from commonground.channels.networks.fediverse.models import Reply

AT_ONCE = 100


def hears(login: Login, cursor: str) -> Batch:
    """What nobody was told yet. No cursor is needed: each row knows what was told of it."""
    with database(Busy):
        rows = Reply.objects.to_tell().filter(note__actor__channel_id=login.channel_id)
        found = list(rows.select_related("note")[: AT_ONCE + 1])
    now, turns = found[:AT_ONCE], [(row.pk, row.turn) for row in found[:AT_ONCE]]
    said = tuple(incoming(row) for row in now if not row.gone)
    gone = tuple(row.mark for row in now if row.gone)
    return Batch(said, cursor, len(found) > AT_ONCE, gone, partial(tell, turns))


def unheard() -> list[object]:
    waiting = Reply.objects.to_tell().order_by()
    return list(waiting.values_list("note__actor__channel", flat=True).distinct())


def incoming(reply: Reply) -> Incoming:
    """Named by its mark, so that its deletion can be told when its words are gone."""
    said = reply.said
    return Incoming(
        id=reply.mark, author=str(said["author"]), handle=str(said["handle"]),
        text=str(said["text"]), url=str(said["id"]), at=reply.at, beneath=reply.note.key,
        public=bool(said["public"]),
    )  # fmt: skip


@transaction.atomic
def tell(turns: list[tuple[int, int]]) -> None:
    """They were kept as they were read. What changed meanwhile is told again."""
    for pk, turn in turns:
        Reply.objects.filter(pk=pk, turn=turn).update(told=turn)
    Reply.objects.filter(pk__in=[pk for pk, _ in turns], gone=True).exclude(
        pk__in=Reply.objects.to_tell().values("pk")
    ).delete()
