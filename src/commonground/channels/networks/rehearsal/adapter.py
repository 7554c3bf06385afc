"""Speaks in a drill: rows of its own, which nothing outside the drill reads."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Busy,
    Declined,
    Limits,
    Login,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.line.own import database, new_name
from commonground.channels.networks.rehearsal.models import Remark, Utterance

# The usual limits of a short-post network, so that a drill teaches to be brief.
LIMITS = Limits(characters=500, link_counts=23)
AT_ONCE = 50  # of what people said


class Rehearsal:
    """One channel of a drill."""

    def __init__(self, login: Login) -> None:
        self.channel_id = login.channel_id

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        if not engine.is_name(key):
            raise Declined("This is not a name the rehearsal gave out.")
        with database(Unsure):
            self.must_follow(message)
            said = Utterance.objects.filter(key=key).first() or self.say(message, key)
        if said.withdrawn_at:
            raise Declined("This was published and withdrawn; it needs a new approval.")
        if (str(said.channel_id), said.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined("Something else was said under this name.")
        return receipt_for(key)

    def must_follow(self, message: Message) -> None:
        name, here = name_of(message.follows), {"channel_id": self.channel_id}
        ours = Utterance.objects.standing().filter(**here, key=name)
        theirs = Remark.objects.filter(**here, key=name)
        if name and not ours.exists() and not theirs.exists():
            raise Declined("The part before it is gone.")

    def say(self, message: Message, key: str) -> Utterance:
        try:
            with transaction.atomic():
                return Utterance.objects.create(
                    channel_id=self.channel_id, key=key, text=message.text,
                    language=message.language, card=message.card and message.card.words,
                    alts=[p.alt for p in message.pictures], fingerprint=message.fingerprint,
                    beneath=name_of(message.follows or message.corrects),
                )  # fmt: skip
        except IntegrityError as error:
            if said := Utterance.objects.filter(key=key).first():
                return said
            raise SignInNeeded("This channel is in no drill.") from error

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        ours = Utterance.objects.standing().filter(channel_id=self.channel_id)
        with database(Busy):
            said = ours.filter(key=key).first()
        if said and message.follows and said.beneath != message.follows.network_id:
            return None
        return Sighting(receipt_for(key), said.text) if said else None

    def standing(self, *, since: datetime) -> list[Sighting]:
        ours = Utterance.objects.standing().filter(
            channel_id=self.channel_id, published_at__gte=since
        )
        with database(Busy):
            return [
                Sighting(receipt_for(s.key), s.text, s.published_at)
                for s in ours.order_by("-published_at", "-key")
            ]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        ours = Utterance.objects.standing().filter(channel_id=self.channel_id)
        with database(Unsure):
            ours.filter(key=receipt.network_id).update(withdrawn_at=timezone.now())

    def prove(self) -> Account:
        channel = apps.get_model("commonground_channels", "Channel")
        try:
            with database(Busy):
                found = channel.objects.get(pk=self.channel_id)
        except (channel.DoesNotExist, ValidationError) as error:
            raise SignInNeeded("This channel is in no drill.") from error
        return Account(found.name, "")


def name_of(receipt: Receipt | None) -> str:
    return receipt.network_id if receipt else ""


def receipt_for(key: str) -> Receipt:
    """Nobody outside the drill can look, so there is no address."""
    return Receipt(key, "")


def hears(login: Login, cursor: str) -> Batch:
    """What people in the drill said since. `cursor`: the number of the last that was heard."""
    since = int(cursor) if cursor.isdecimal() else 0
    with database(Busy):
        rows = list(Remark.objects.filter(channel_id=login.channel_id, pk__gt=since)[: AT_ONCE + 1])
    said = tuple(incoming(remark) for remark in rows[:AT_ONCE])
    last = str(rows[:AT_ONCE][-1].pk) if rows else cursor
    return Batch(said, last, more=len(rows) > AT_ONCE)


def incoming(remark: Remark) -> Incoming:
    return Incoming(
        id=remark.key, author=remark.author, handle=f"@{remark.author}", text=remark.text, url="",
        at=remark.said_at, name=remark.name, beneath=remark.beneath, language=remark.language,
    )  # fmt: skip


NETWORK = Network(
    name="rehearsal",
    label="Rehearsal",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=Rehearsal,
    cards=True,
    threads=True,
    answers=True,
    hears=hears,
    ours_alone=True,
)
