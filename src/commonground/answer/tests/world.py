"""Somebody who writes to us, and those who answer."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from tests import given

from commonground.agency.models import Agency, Member
from commonground.answer import actions
from commonground.answer.models import CommentPolicy, Conversation, Line, Measure, Message
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.contract.moderating import Act
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


RULES = ["No threats of violence.", "Nobody’s home address or phone number.", "No advertising."]
WHY = "It names the street and the number of a home."


def a_policy(agency: Agency, *rules: str, **but: Any) -> CommentPolicy:
    """A comment policy that one wrote and another published."""
    said = {"about": "Ask us anything.", "appeal_hours": 24, "language": "en", **but}
    policy = actions.propose_policy(
        agency, rules_said=rules or RULES, by=given.a_member(agency=agency, roles=["admin"]), **said
    )
    return actions.publish(policy, by=given.a_member(agency=agency, roles=["approver"]))


def an_asked_measure(conversation: Conversation | None = None, **but: Any) -> Measure:
    """A measure that one person asked for."""
    conversation = conversation or a_conversation("Mayor lives in 14 Bridge Street")
    agency = conversation.agency
    if not agency.comment_policies.filter(state="in_force").exists():
        a_policy(agency)
    kind = but.pop("kind", Act.HIDE)
    until = None if kind == Act.HIDE else timezone.now() + timedelta(days=3)
    said = {
        "rule": 2, "reason": WHY, "why_not_less": "They were asked in person to stop.",
        "until": until, "by": but.pop("by", None) or given.a_member(agency=agency, name="Ada"),
        **but,
    }  # fmt: skip
    return actions.ask_for_measure(conversation, conversation.messages.last(), kind=kind, **said)


def a_measure(conversation: Conversation | None = None, **but: Any) -> Measure:
    """A measure in force."""
    asked = an_asked_measure(conversation, **but)
    return actions.allow(asked, by=given.a_member(agency=asked.agency, roles=["approver"]))
