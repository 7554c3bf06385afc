"""Writes each post once, for everybody who asked for it; lines take it to them (see handing)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels import engine
from commonground.channels.contract import (
    Busy,
    Declined,
    Limits,
    Login,
    Message,
    Receipt,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.contract.reach import Reach
from commonground.channels.line.own import database, new_name
from commonground.channels.line.readers.handing import issue_of, rows_of
from commonground.channels.line.readers.models import Fate, HandingBase, IssueBase
from commonground.kit.clock import database_now

LIMITS = Limits(characters=20_000, pictures=10, picture_bytes=8_000_000)
WATCHED = timedelta(minutes=1)  # how long back it is looked whether a list moves


class ToReaders(ABC):
    """A channel whose readers have asked for it themselves. Nobody else can post there."""

    KIND: ClassVar[type[HandingBase]]

    def __init__(self, login: Login) -> None:
        self.channel_id = login.channel_id

    # What a network says in its own words

    @abstractmethod
    def readers(self) -> Any:
        """Who gets it now."""

    @classmethod
    @abstractmethod
    def nobody(cls) -> str:
        """That there was nobody to hand it to."""

    @classmethod
    @abstractmethod
    def taken(cls, n: int, of: int) -> str:
        """So many of so many were taken."""

    @abstractmethod
    def are_out(self, n: int) -> str:
        """So many cannot be called back, and what to do instead."""

    def beside(self, message: Message, key: str) -> dict[str, Any]:
        """What else this network keeps of a post."""
        return {}

    # What all of them do

    @classmethod
    def issues(cls) -> Any:
        return issue_of(cls.KIND).objects

    def ours(self) -> Any:
        return self.issues().filter(channel_id=self.channel_id)

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        """Write it, and for whom, once. Lines take it from there."""
        LIMITS.admit(message)
        if not engine.is_name(key):
            raise Declined("This is not a name the desk gave out.")
        with database(Unsure):
            issue = self.issues().filter(key=key).first() or self.write(message, key)
            return self.same(issue, message).receipt

    def write(self, message: Message, key: str) -> IssueBase:
        good_for = timedelta(minutes=settings.ENV.good_for_minutes)
        card = message.card
        try:
            with transaction.atomic():
                issue: IssueBase = self.issues().create(
                    channel_id=self.channel_id, key=key, title=message.title, text=message.text,
                    language=message.language, fingerprint=message.fingerprint,
                    also=[one.as_row() for one in message.also],
                    card=card and {"url": card.url, "title": card.title},
                    not_after=message.not_after or timezone.now() + good_for,
                    **self.beside(message, key),
                )  # fmt: skip
                issue.enclose(message)
                self.address(issue)
                return issue
        except IntegrityError as error:
            if there := self.issues().filter(key=key).first():
                return there  # type: ignore[no-any-return]
            raise SignInNeeded(not_on_the_desk()) from error

    def address(self, issue: IssueBase) -> None:
        """A row for every reader, in the same breath as the post itself, due by the clock of
        those who will hand it over."""
        keys, now = self.readers().values_list("pk", flat=True).iterator(5000), database_now()
        row: Any = self.KIND
        rows_of(self.KIND).bulk_create(
            (row(issue=issue, reader_id=pk, next_at=now) for pk in keys), batch_size=1000
        )

    def same(self, issue: IssueBase, message: Message) -> IssueBase:
        """The one there, if it says what we meant to say, and somebody may still get it."""
        if issue.withdrawn_at:
            raise Declined("This was sent and withdrawn; it needs a new approval.")
        if (str(issue.channel_id), issue.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined("Something else was sent under this name.")
        fates = issue.fates()
        if fates and not set(fates) - {Fate.REFUSED, Fate.LATE, Fate.LEFT}:
            raise Declined(self.in_figures(issue, fates))
        return issue

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """It counts as seen once each reader's was tried and a server took one at least. Where the
        time was over before everybody had a turn, it does not: a person must know of that.

        What the reader then sees, nobody can look at: `told` says in words how far it came.
        """
        with database(Busy):
            issue = self.ours().filter(key=key).first()
            if issue is None:
                return None
            fates, open_still = issue.fates(), is_open(issue)
            untried = issue.handings.never_tried().exists() and not issue.withdrawn_at
        if fates[Fate.HANDING] or (untried and (open_still or fates[Fate.TAKEN])):
            raise Busy(self.in_figures(issue, fates))
        if fates[Fate.TAKEN] or not (fates or issue.withdrawn_at):
            return Sighting(issue.receipt, issue.text, issue.made_at)
        if fates[Fate.UNCERTAIN] or (fates[Fate.WAITING] and open_still):
            raise Busy(self.in_figures(issue, fates))
        return None

    def standing(self, *, since: datetime) -> list[Sighting]:
        ours = self.ours().filter(made_at__gte=since, withdrawn_at=None)
        with database(Busy):
            return [Sighting(x.receipt, x.text, x.made_at) for x in ours.order_by("-made_at")]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        """Keep back what has not left, and take its page and pictures down. The rest is out."""
        ours = self.ours().filter(key=receipt.network_id)
        with database(Unsure):
            ours.filter(withdrawn_at=None).update(withdrawn_at=timezone.now(), why=why[:300])
            issue = ours.first()
            fates = issue.fates() if issue else Counter[str]()
        if out := fates[Fate.TAKEN] + fates[Fate.UNCERTAIN] + fates[Fate.HANDING]:
            raise Declined(self.are_out(out))

    def must_be_on_the_desk(self) -> None:
        channel = apps.get_model("commonground_channels", "Channel")
        try:
            with database(Busy):
                channel.objects.get(pk=self.channel_id)
        except (channel.DoesNotExist, ValidationError) as error:
            raise SignInNeeded(not_on_the_desk()) from error

    # As it is now

    @classmethod
    def reach(cls, login: Login, keys: Sequence[str]) -> dict[str, Reach]:
        """How many were taken. Whether anybody read one, nobody can know."""
        ours = cls.issues().filter(key__in=keys, channel_id=login.channel_id)
        with database(Busy):
            return {issue.key: Reach(handed=issue.fates()[Fate.TAKEN]) for issue in ours}

    @classmethod
    def told(cls, key: str) -> str:
        """How far one has come."""
        issue = cls.issues().filter(key=key).first()
        return cls.in_figures(issue, issue.fates()) if issue else ""

    @classmethod
    def in_figures(cls, issue: IssueBase, fates: Counter[str]) -> str:
        """3,980 of 4,000 were taken; refused: 15; uncertain, never sent again: 5."""
        if not fates:
            return cls.nobody()
        named = {
            _("still to go"): fates[Fate.WAITING] + fates[Fate.HANDING],
            _("refused"): fates[Fate.REFUSED],
            _("uncertain, never sent again"): fates[Fate.UNCERTAIN],
            _("too late, not sent"): fates[Fate.LATE],
            _("kept back"): fates[Fate.LEFT],
        }
        parts = [cls.taken(fates[Fate.TAKEN], fates.total())]
        parts += [f"{words}: {n}" for words, n in named.items() if n]
        trouble = f" {issue.trouble}" if issue.trouble else ""
        return "; ".join(parts) + "." + trouble

    @classmethod
    def moves(cls, key: str) -> bool:
        """Whether it gets on, and at this pace to everybody in time. Thousands take minutes."""
        issue, now = cls.issues().filter(key=key).first(), database_now()
        if issue is None:
            return False
        rows = issue.handings
        lately = rows.filter(settled_at__gt=now - WATCHED, fate=Fate.TAKEN).count()
        rounds_left = max(issue.not_after - now, timedelta()) / WATCHED
        left: int = rows.never_tried().count()
        return bool(lately) and left <= lately * rounds_left


def is_open(issue: IssueBase) -> bool:
    return issue.not_after > database_now() and not issue.withdrawn_at


def not_on_the_desk() -> str:
    return "This channel is not on the desk."
