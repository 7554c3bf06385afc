"""Hands to the record what the public saw of a delivery: the network's own answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import httpx2
from django.utils.translation import gettext as _

from commonground.channels.contract import Film, Message, Picture
from commonground.channels.models import Channel
from commonground.record.actions import capturing as record
from commonground.record.engine.capturing import Answer, Medium, about, opens_an_account
from commonground.say.models import Delivery


def shown(delivery: Delivery, at: datetime, url: str = "") -> None:
    """Written with the sighting itself: until it is captured, the record says that it is not.
    Before the sighting, after which everybody else waits for their turn in the record."""
    if not delivery.variant.channel.drill:
        record.show(
            delivery, agency=delivery.agency_id, channel=delivery.variant.channel.name,
            url=url or delivery.url, at=at,
        )  # fmt: skip


def capture_seen(delivery: Delivery, message: Message, heard: Sequence[httpx2.Response]) -> None:
    """What was answered at read-back, of this post alone, and its pictures as handed over."""
    channel = delivery.variant.channel
    if channel.drill:
        return
    if channel.kind.ours_alone:
        answer: Answer | None = as_handed_over(delivery, message)
    else:
        answer = answer_about(delivery.network_id, heard)
    if answer is None:
        record.miss(delivery, _("What the network answered does not name the post."))
    else:
        record.capture(delivery, "published", answer, media_of(message), channel=channel.name)


def capture_gone(delivery: Delivery, heard: Sequence[httpx2.Response]) -> None:
    """What the network answered when we took it back."""
    answers = [as_answer(one) for one in heard]
    told = [one for one in answers if not opens_an_account(one)]
    if told and not delivery.variant.channel.drill:
        record.capture(delivery, "gone", told[-1], channel=delivery.variant.channel.name)


def capture_odd(
    subject: object, channel: Channel, name: str, heard: Sequence[httpx2.Response]
) -> None:
    """What stands on an account of ours and should not: as it was answered when we looked."""
    answer = answer_about(name, heard)
    if answer and not channel.drill:
        record.capture(subject, "changed", answer, channel=channel.name, agency=channel.agency_id)


def answer_about(name: str, heard: Sequence[httpx2.Response]) -> Answer | None:
    """The newest answer that says something of it."""
    for one in reversed(heard):
        if found := about(as_answer(one), name):
            return found
    return None


def as_answer(one: httpx2.Response) -> Answer:
    type_ = one.headers.get("content-type", "application/octet-stream").split(";")[0].strip()
    return Answer(one.content, type_, str(one.request.url), one.status_code)


def media_of(message: Message) -> list[Medium]:
    shown: list[Picture | Film] = [*message.pictures]
    shown += [message.film] if message.film else []
    return [Medium(m.content, m.type, m.alt) for m in shown]


def as_handed_over(delivery: Delivery, message: Message) -> Answer:
    """On a network of our own nobody answers: what it was given is what people are shown."""
    said = {
        "url": delivery.url, "title": message.title, "text": message.text,
        "language": message.language,
        "card": asdict(message.card) if message.card else None,
        "alert": asdict(message.alert) if message.alert else None,
        "corrects": message.corrects.url if message.corrects else "",
        "media": [
            {"sha256": hashlib.sha256(m.content).hexdigest(), "type": m.type, "alt": m.alt}
            for m in media_of(message)
        ],
    }  # fmt: skip
    body = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return Answer(body, "application/json", delivery.url)
