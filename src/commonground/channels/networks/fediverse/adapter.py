"""Publishes to our own account in the fediverse: rows the public reads, parcels to followers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

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
from commonground.channels.line.own import database, new_name, site_of
from commonground.channels.networks.fediverse import boosting, outgoing
from commonground.channels.networks.fediverse.hearing import hears, unheard
from commonground.channels.networks.fediverse.keys import new_pair
from commonground.channels.networks.fediverse.models import Actor, Note, Parcel, Reply

# Servers show whatever length they are sent; far longer than this nobody reads in a timeline.
LIMITS = Limits(characters=5_000, pictures=4, picture_bytes=8_000_000)


def base_of(channel_id: str) -> str:
    """The address of its agency's site, which is in every id we give out."""
    return site_of(channel_id).lower()


class OwnAccount:
    """One account of ours."""

    def __init__(self, login: Login) -> None:
        self.channel_id, self.name = login.channel_id, login.handle.partition("@")[0]

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        if not engine.is_name(key):
            raise Declined(_("This is not a name this account gave out."))
        if message.boosts:
            with database(Unsure):
                return boosting.boost(self.actor(), message.boosts, key)
        LIMITS.admit(message)
        with database(Unsure):
            note = self.note(key) or self.say(message, key)
        return self.same(note, message).receipt

    def note(self, key: str) -> Note | None:
        return Note.objects.filter(key=key).select_related("actor").first()

    def earlier(self, actor: Actor, message: Message) -> Note | None:
        """The note this one puts right, and stands beneath."""
        name = message.corrects.network_id if message.corrects else ""
        return actor.notes.filter(key=name).first()

    def say(self, message: Message, key: str) -> Note:
        """The note and its parcels, or neither."""
        actor = self.actor()
        try:
            with transaction.atomic():
                note = Note.objects.create(
                    actor=actor, key=key, text=message.text, language=message.language,
                    fingerprint=message.fingerprint, corrects=self.earlier(actor, message),
                    answers=answered(actor, message),
                )  # fmt: skip
                note.hang(message)
                outgoing.tell_of(note)
                return note
        except IntegrityError:
            # Another worker was quicker with the same name.
            if note_there := self.note(key):
                return note_there
            raise

    def same(self, note: Note, message: Message) -> Note:
        """The note, if it says what we meant to say. One name never speaks twice."""
        if note.withdrawn_at:
            raise Declined(_("This was published and withdrawn; it needs a new approval."))
        if (str(note.actor.channel_id), note.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined(_("Something else was published under this name."))
        return note

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """Read the note through the very rows the public reads."""
        if message.boosts:
            with database(Busy):
                return boosting.seen(self.channel_id, message.boosts, key)
        with database(Busy):
            note = self.ours().filter(key=key).first()
        return Sighting(note.receipt, note.text, note.published_at) if note else None

    def standing(self, *, since: datetime) -> list[Sighting]:
        with database(Busy):
            notes = list(self.ours().filter(published_at__gte=since))
        return [Sighting(n.receipt, n.text, n.published_at) for n in notes]

    def ours(self) -> Any:
        notes = Note.objects.standing().filter(actor__channel_id=self.channel_id)
        return notes.select_related("actor")

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        with database(Unsure), transaction.atomic():
            if boosting.is_boost(receipt):
                return boosting.undo(self.channel_id, receipt)
            note = (
                self.ours().select_for_update(of=("self",)).filter(key=receipt.network_id).first()
            )
            if note is None:
                return None
            note.withdrawn_at = timezone.now()
            note.save(update_fields=["withdrawn_at"])
            outgoing.take_back(note)
        return None

    def prove(self) -> Account:
        """The account as it is now; made, with its keys, when it is asked for the first time."""
        with database(Busy):
            actor = self.actor()
            outgoing.tell_of_changes(actor)
        return Account(actor.address, actor.id_url)

    def actor(self) -> Actor:
        known = Actor.objects.select_related("channel__agency")
        try:
            actor = known.filter(channel_id=self.channel_id).first() or self.born()
        except ValidationError as error:
            raise SignInNeeded(_("This channel has no account in the fediverse.")) from error
        if actor.base != base_of(self.channel_id):
            raise SignInNeeded(
                _("This account is %(who)s for ever, and the desk's address is another now.")
                % {"who": actor.address}
            )
        return actor

    def born(self) -> Actor:
        channel = apps.get_model("commonground_channels", "Channel")
        if not self.name or not channel.objects.filter(pk=self.channel_id).exists():
            raise SignInNeeded(_("This channel has no account in the fediverse."))
        private, public = new_pair()
        try:
            with transaction.atomic():
                return Actor.objects.create(
                    channel_id=self.channel_id, name=self.name, base=base_of(self.channel_id),
                    public_key=public, private_key={"pem": private},  # type: ignore[misc]
                )  # fmt: skip
        except IntegrityError as error:
            if there := Actor.objects.filter(channel_id=self.channel_id).first():
                return there
            raise Declined(_("Another account of this desk has this name.")) from error


def answered(actor: Actor, message: Message) -> Any:
    """What somebody said that it answers, and where they hear of it. Nothing is asked of their
    server now: what they told us with their words is enough."""
    if message.follows is None:
        return {}
    to_us = Reply.objects.filter(mark=message.follows.network_id, gone=False, note__actor=actor)
    reply = to_us.first()
    if reply is None:
        raise Declined(_("What this answers is not there any more."))
    return {name: reply.said.get(name, "") for name in ("id", "author", "handle", "door")}


def told(key: str) -> str:
    """What followers' servers have not taken; nothing, once all of them have it."""
    note = Note.objects.filter(key=key).first()
    if note is None:
        return ""
    waiting = Parcel.objects.filter(activity__note=note)
    named = {
        _("servers of followers still to hear of it"): waiting.filter(trouble="").count(),
        _("do not answer now, and are asked again"): waiting.exclude(trouble="").count(),
        _("refused it"): note.refused,
    }
    parts = [f"{words}: {n}" for words, n in named.items() if n]
    return "; ".join(parts) + "." if parts else ""


NETWORK = Network(
    name="fediverse",
    label="Our own fediverse account",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    reads_pages=True,
    boosts=True,
    open=OwnAccount,
    needs_handle=True,
    named_for_good=True,
    ours_alone=True,
    has_pages=True,
    told=told,
    hears=hears,
    unheard=unheard,
    answers=True,
)
