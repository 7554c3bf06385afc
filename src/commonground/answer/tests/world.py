"""Somebody who writes to us, and those who answer."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone
from tests import given

from commonground.agency.models import Member
from commonground.answer import actions
from commonground.answer.models import Conversation, Line, Message
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.models import Authorisation, Channel

number = count(1)


def an_answerer(channel: Channel | None = None, **but: Any) -> Member:
    """Somebody who answers people on a channel of theirs."""
    if channel:
        but["agency"] = channel.agency
    member = given.a_member(**but)
    if channel:
        Authorisation.objects.create(channel=channel, member=member, decided_by=member)
    return member


def words(text: str = "Is the bridge open?", **but: Any) -> Incoming:
    n = next(number)
    return Incoming(
        **{"id": f"m{n}", "author": "ana", "handle": "@ana@town.example", "name": "Ana Bell",
           "text": text, "url": f"https://town.example/@ana/{n}", "at": timezone.now(), **but}
    )  # fmt: skip


def hear(channel: Channel, *said: Incoming, **batch: Any) -> list[Message]:
    line, _ = Line.objects.get_or_create(channel=channel)
    line.refresh_from_db()
    return actions.take_in(line, Batch(said, **{"cursor": line.cursor, **batch}))


def a_conversation(text: str = "Is the bridge open?", *, channel: Channel | None = None,
                   **but: Any) -> Conversation:  # fmt: skip
    channel = channel or given.a_channel(network="mastodon")
    (message,) = hear(channel, words(text, **{"author": f"person {next(number)}", **but}))
    return message.conversation
