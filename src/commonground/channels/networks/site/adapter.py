"""Publishes to our own newsroom: rows that the public pages read."""

from __future__ import annotations

from dataclasses import asdict
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
from commonground.channels.line.own import database, new_name
from commonground.channels.networks.site.hearing import hears, unheard
from commonground.channels.networks.site.models import Comment, Page
from commonground.channels.networks.site.moderating import MODERATES

LIMITS = Limits(
    characters=20_000, pictures=10, picture_bytes=8_000_000, film_bytes=60_000_000, film_seconds=600
)


class Newsroom:
    """One channel of our own newsroom."""

    def __init__(self, login: Login) -> None:
        self.channel_id = login.channel_id

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        if not engine.is_name(key):
            raise Declined("This is not a name the newsroom gave out.")
        with database(Unsure):
            return self.same(self.page(key) or self.print(message, key), message).receipt

    def page(self, key: str) -> Page | None:
        return Page.objects.filter(key=key).first()

    def print(self, message: Message, key: str) -> Page:
        try:
            with transaction.atomic():
                page = Page.objects.create(
                    channel_id=self.channel_id, key=key, title=message.title, text=message.text,
                    language=message.language, card=message.card and message.card.words,
                    alert=message.alert and asdict(message.alert), corrects=self.earlier(message),
                    also=[one.as_row() for one in message.also],
                    fingerprint=message.fingerprint, answers=self.answered(message),
                )  # fmt: skip
                page.hang(message)
                return page
        except IntegrityError as error:
            # Either another worker was quicker with the same name, or the channel is gone.
            if page_there := self.page(key):
                return page_there
            raise SignInNeeded("This channel is not in the newsroom.") from error

    def earlier(self, message: Message) -> Page | None:
        """The page this one puts right. It stays as it was, and points here."""
        name = message.corrects.network_id if message.corrects else ""
        return Page.objects.filter(key=name, channel_id=self.channel_id).first()

    def answered(self, message: Message) -> Comment | None:
        """What somebody wrote here that this one answers. Beneath nothing it must not stand."""
        if message.follows is None:
            return None
        name = message.follows.network_id
        theirs = Comment.objects.filter(key=name, channel_id=self.channel_id, gone_at=None).first()
        if theirs is None:
            raise Declined("What this answers is not there any more.")
        return theirs

    def same(self, page: Page, message: Message) -> Page:
        """The page, if it says what we meant to say. One name never speaks twice."""
        if page.withdrawn_at:
            raise Declined("This was published and withdrawn; it needs a new approval.")
        if (str(page.channel_id), page.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined("Something else was published under this name.")
        return page

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """Read the page through the very rows the public reads."""
        with database(Busy):
            page = Page.objects.standing().filter(key=key, channel_id=self.channel_id).first()
        return Sighting(page.receipt, page.text) if page else None

    def standing(self, *, since: datetime) -> list[Sighting]:
        pages = Page.objects.standing().filter(channel_id=self.channel_id, published_at__gte=since)
        with database(Busy):
            return [
                Sighting(p.receipt, p.text, p.published_at)
                for p in pages.order_by("-published_at", "-key")
            ]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        ours = Page.objects.standing().filter(key=receipt.network_id, channel_id=self.channel_id)
        with database(Unsure):
            ours.update(withdrawn_at=timezone.now(), why=why[:300])

    def prove(self) -> Account:
        channel = apps.get_model("commonground_channels", "Channel")
        try:
            with database(Busy):
                found = channel.objects.select_related("agency").get(pk=self.channel_id)
        except (channel.DoesNotExist, ValidationError) as error:
            raise SignInNeeded("This channel is not in the newsroom.") from error
        return Account(found.agency.name, f"{found.agency.site}/newsroom")


NETWORK = Network(
    name="site",
    label="Our newsroom",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=Newsroom,
    headline=True,
    cards=True,
    alerts=True,
    ours_alone=True,
    has_pages=True,
    languages=True,
    answers=True,
    hears=hears,
    unheard=unheard,
    moderates=MODERATES,
)
