"""Carries one delivery: does what the rules ask for, and tells them what came of it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import httpx2
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commonground.channels import actions as channel_actions
from commonground.channels.contract import (
    Adapter,
    Boosted,
    Busy,
    Declined,
    Film,
    LinkCard,
    Message,
    Network,
    Picture,
    Receipt,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.kit.clock import database_now
from commonground.kit.wire import on_a_leash, overhearing
from commonground.say import actions
from commonground.say.actions.capturing import capture_seen
from commonground.say.actions.going_out import hindrance_now, unless_moved_on
from commonground.say.actions.shifts import MINE
from commonground.say.engine import delivering as rules
from commonground.say.engine.delivering import Answer, Heard, Hindrance, Looked
from commonground.say.engine.versions import Piece
from commonground.say.models import Delivery, Shelf, Variant, Video
from commonground.say.queries.pictures import picture_for
from commonground.say.states import DeliveryState

JUST_NOW = 1.0  # seconds; who stops everything is promised five


def ready(now: datetime) -> QuerySet[Delivery]:
    """What is due, urgent posts first."""
    rows = Delivery.objects.ready(now).order_by("-variant__post__urgent", "next_at")
    return rows.select_related("agency", "variant__post__author", "variant__channel")


def deliver(delivery: Delivery) -> None:
    """Take one delivery as far as it will go now."""
    steps, carrier, answer = rules.carry(), Carrier(delivery), None
    with suppress(StopIteration), unless_moved_on():
        while True:
            answer = carrier.obey(steps.send(answer))


@dataclass
class Carrier:
    """The hands of the rules: each step is one transaction, or one errand to the network."""

    delivery: Delivery
    until: float = 0.0  # of the monotonic clock, from the last fence on
    asked: float = 0.0  # when the fence was asked last, by the same clock
    heard: list[httpx2.Response] = field(default_factory=list)  # what the last look was answered

    @cached_property
    def message(self) -> Message:
        return message_of(self.delivery)

    def obey(self, step: rules.Step) -> Any:
        match step:
            case rules.Claim():
                return actions.claim(self.delivery, shift=MINE.pk)
            case rules.Look():
                return self.look()
            case rules.Intend():
                return actions.attempt(self.delivery)
            case rules.Fence():
                return self.fence()
            case rules.Send():
                return self.send(step.key)
        noted = actions.note(self.delivery, step)
        if step.verb == "see":
            capture_seen(self.delivery, self.message, self.heard)
        return noted

    def fence(self) -> Hindrance | None:
        self.asked = time.monotonic()
        self.until = self.asked + rules.DEADLINE.total_seconds()
        return hindrance_now(self.delivery, young=True)

    def still_ours(self) -> None:
        """Between the fence and the request that counts a picture may travel for long."""
        if time.monotonic() - self.asked < JUST_NOW:
            return
        self.asked = time.monotonic()
        if hindrance := hindrance_now(self.delivery):
            raise Busy(hindrance.value)

    def send(self, key: str) -> Answer:
        """Ask the network, once, and say what its answer means."""
        try:
            with on_a_leash(self.until, self.still_ours):
                message = replace(self.message, not_after=self.delivery.not_after)
                receipt = adapter_of(self.delivery).publish(message, key=key)
        except (Busy, SignInNeeded, Declined, Unsure) as trouble:
            note_sign_in(self.delivery, trouble)
            again_at = getattr(trouble, "again_at", None)
            return Answer(heard(trouble), database_now(), str(trouble), again_at)
        return Answer(Heard.TOOK, database_now(), receipt=receipt)

    def look(self) -> Looked:
        """What the public can see, as far as we can."""
        began = database_now()
        try:
            with overhearing() as self.heard:
                sighting = adapter_of(self.delivery).find(
                    self.message, key=self.delivery.key, since=searched_from(self.delivery)
                )
        except (Busy, Unsure, Declined) as error:
            note_sign_in(self.delivery, error)
            return Looked(began, blind=str(error) or "no answer")
        return Looked(began, sighting if sighting and self.may_be_ours(sighting) else None)

    def may_be_ours(self, seen: Sighting) -> bool:
        """Where only words can tell, an earlier post that said the same is found as well. What is
        known to be another's is not ours, and ours, being newer, would have been found first."""
        channel = self.delivery.variant.channel_id
        others = Delivery.objects.filter(variant__channel=channel).exclude(pk=self.delivery.pk)
        return not others.filter(network_id=seen.receipt.network_id).exists()


def heard(trouble: Exception) -> Heard:
    """Not being let in did nothing, and is mended by a person: it waits, like a busy network."""
    if isinstance(trouble, Busy | SignInNeeded):
        return Heard.NOT_NOW
    return Heard.NO if isinstance(trouble, Declined) else Heard.NOTHING


def note_sign_in(delivery: Delivery, error: Exception) -> None:
    """A channel that no longer knows us says so on the desk, and its posts wait."""
    if isinstance(error, SignInNeeded):
        with unless_moved_on():
            channel_actions.lose(delivery.variant.channel, str(error))


def adapter_of(delivery: Delivery) -> Adapter:
    return delivery.variant.channel.adapter()


def searched_from(delivery: Delivery) -> datetime:
    # Networks' clocks differ from ours by seconds; ten minutes is far more than enough.
    return (delivery.first_tried_at or delivery.due_at) - timedelta(minutes=10)


def earlier(delivery: Delivery) -> Receipt | None:
    """Where the post that this one puts right stands on the same channel, if it does. Of a thread
    the first part: it is the one that people pass on, and open."""
    variant = delivery.variant
    if variant.post.corrects_id is None or delivery.part > 1:
        return None
    # As it was when the correction was approved: between two attempts nothing may change.
    seen = Delivery.objects.filter(state=DeliveryState.SENT, seen_at__lte=delivery.due_at)
    there = (
        seen.exclude(network_id="")
        .filter(variant__post=variant.post.corrects_id, variant__channel=variant.channel)
        .filter(variant__taken_back_at=None, part=1)
        .first()
    )
    return Receipt(there.network_id, there.url) if there else None


def follows(delivery: Delivery) -> Receipt | None:
    """What this one stands beneath: the part of its thread before it, or what somebody said that
    it answers. Without that, it must not stand at all."""
    former = delivery.former
    if former is None:
        return delivery.variant.post.answered.receipt if delivery.variant.post.answers else None
    if not former.network_id:  # a person found it, and only they know where
        raise Declined(_("The desk does not know where the part before it stands."))
    return Receipt(former.network_id, former.url)


def stands_beneath(delivery: Delivery, kind: Network) -> bool:
    """A network may show an answer beneath what it answers, and yet no part beneath another."""
    return kind.threads or (kind.answers and delivery.part == 1)


def boosted(original: Delivery) -> Boosted:
    """Where the post stands that is passed on, and on whose server."""
    receipt = Receipt(original.network_id, original.url)
    return Boosted(receipt, original.variant.channel.address)


def card_of(delivery: Delivery) -> LinkCard | None:
    """What its network is told of the link in its words."""
    variant = delivery.variant
    return Shelf.of(variant.post).shown_on(variant.channel.kind, delivery.text)


def message_of(delivery: Delivery) -> Message:
    """Exactly what should appear, from what was approved. Pictures and a video go with the first
    part; where each language is a post of its own, with the first of each."""
    variant, post, piece = delivery.variant, delivery.variant.post, delivery.piece
    kind, said = variant.channel.kind, piece.said
    if variant.boosts:
        return Message(piece.text, language=said.language, boosts=boosted(variant.boosts))
    pictures, film = shown_with(variant, piece) if piece.opens else ((), None)
    return Message(
        text=piece.text, language=said.language, title=said.title, pictures=pictures, film=film,
        card=None if pictures or film else card_of(delivery),
        alert=post.alert_on(variant.channel),
        follows=follows(delivery) if stands_beneath(delivery, kind) else None,
        corrects=earlier(delivery), also=tuple(variant.said[1:]) if kind.languages else (),
        urgent=post.urgent,
    )  # fmt: skip


def shown_with(variant: Variant, piece: Piece) -> tuple[tuple[Picture, ...], Film | None]:
    """Its pictures, or its video, with their words in the language of the piece."""
    words = dict(enumerate(piece.said.alts))
    pictures = tuple(
        replace(picture_for(variant.channel, shown), alt=words.get(n) or shown.alt)
        for n, shown in enumerate(variant.post.pictures.all())
    )
    video = Video.objects.filter(post=variant.post).first()
    film = replace(video.film, alt=words.get(0) or video.alt) if video else None
    return pictures, film
