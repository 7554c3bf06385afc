"""What people wrote to a mailbox, handed on to whoever will answer: each once, in its order."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.channels.contract import Busy, Login
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.line.own import database
from commonground.channels.networks.mailbox.models import Received
from commonground.kit.sealed import sealed_for

AT_ONCE = 100


def hears(login: Login, cursor: str) -> Batch:
    """What nobody was told yet. No cursor is needed: each row knows whether it was told."""
    with database(Busy):
        rows = Received.objects.filter(channel_id=login.channel_id, told=False)
        found = list(rows.select_related("writer")[: AT_ONCE + 1])
    now = found[:AT_ONCE]
    said = tuple(map(incoming, now))
    return Batch(said, cursor, len(found) > AT_ONCE, kept=partial(tell, now))


def unheard() -> list[object]:
    waiting = Received.objects.filter(told=False).order_by()
    return list(waiting.values_list("channel", flat=True).distinct())


def incoming(row: Received) -> Incoming:
    """Named by its mark: where its words are gone it can still be answered."""
    came_back = row.said.get("came_back")
    return Incoming(
        id=row.mark, author=row.writer.person,
        handle=str(row.writer.said.get("address", "")),
        name=_("The mail server") if came_back else str(row.writer.said.get("name", "")),
        text=str(row.said.get("text", "")), url="", at=row.at, beneath=row.beneath, public=False,
    )  # fmt: skip


@transaction.atomic
def tell(rows: list[Received]) -> None:
    """The inbox has their words now; here only what an answer must name is left."""
    for row in rows:
        left = {name: value for name, value in row.said.items() if name != "text"}
        Received.objects.filter(pk=row.pk).update(told=True, **sealed_for(row, said=left))
