"""What people deleted again, where the network does not tell: messages are looked for in turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from commonground.answer.actions.arriving import LOOK_FIRST, lose
from commonground.answer.models import Message
from commonground.channels.models import Channel
from commonground.kit.clock import database_now

LOOK_LAST = timedelta(days=1)


@transaction.atomic
def take_to_look_for(channel: Channel) -> list[Message]:
    """Those whose turn has come, each in one pair of hands.

    The next turn of each comes after as long again as it has been here: what people delete they
    mostly delete soon, and a network must not be asked about everything for ever.
    """
    now = database_now()
    due = Message.objects.filter(conversation__channel=channel, look_at__lte=now)
    found = list(due.order_by("look_at")[: channel.kind.deleted_at_once])
    return [message for message in found if put_off(message, now)]


def put_off(message: Message, now: datetime) -> bool:
    wait = min(max(now - message.heard_at, LOOK_FIRST), LOOK_LAST)
    ours = Message.objects.filter(pk=message.pk, look_at=message.look_at)
    return bool(ours.update(look_at=now + wait))


@transaction.atomic
def lose_deleted(channel: Channel, names: Sequence[str]) -> None:
    """Nobody can see these there any more, so their words go here too."""
    now = database_now()
    for name in names:
        lose(channel, name, now)
