"""Who asked for letters, each letter, and what became of it for each of them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.channels.line.own import ShownPicture
from commonground.channels.line.readers.models import (
    Fate,
    HandingBase,
    IssueBase,
    IssueQuerySet,
    TallyBase,
)
from commonground.channels.networks.mail import links
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField

__all__ = ["Fate"]

CONFIRM_WITHIN = timedelta(hours=48)


class Owed(models.TextChoices):
    """The letter we still have to write to somebody about their own subscription."""

    NOTHING = ""
    CONFIRM = "confirm"  # please confirm
    ALREADY = "already"  # somebody asked, and you are on the list


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def reading(self) -> Self:
        """Those who confirmed, and whose letters arrive."""
        return self.filter(confirmed_at__isnull=False, bounced_at=None)

    def unconfirmed(self, now: datetime) -> Self:
        """Those who never answered: their time is over."""
        return self.filter(confirmed_at=None, asked_at__lte=now - CONFIRM_WITHIN)

    def of(self, token: str) -> Self:
        """Whose link this is: one of them, or nobody."""
        return self.filter(name=links.called_by("subscriber", token))


class Subscriber(models.Model):
    """Somebody who asked for letters: an address, a language, and nothing else.

    Whoever leaves is deleted, so there is no state for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="subscribers"
    )
    person = models.CharField(max_length=64)  # the address as a mark under a key: see addresses
    name = models.CharField(max_length=24, unique=True, default=links.name)
    address = SealedJSONField(default="")
    language = models.CharField(max_length=8, default="en")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)  # since when letters cannot arrive
    owed = models.CharField(max_length=10, choices=Owed.choices, default="", blank=True)
    owed_at = models.DateTimeField(default=timezone.now)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="subscriber_once", fields=["channel", "person"]),
            models.CheckConstraint(
                name="subscriber_owed_is_known", condition=Q(owed__in=[o.value for o in Owed])
            ),
        ]
        indexes = [
            models.Index(fields=["owed_at"], name="subscriber_owed", condition=~Q(owed="")),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"  # never the address

    @property
    def token(self) -> str:
        """What leads to this row from outside: nobody but they themselves get to know it."""
        return links.token_of("subscriber", self.name)


class Letter(IssueBase):
    """A post of ours as it goes to everybody on the list."""

    PLACE: ClassVar[str] = "/letters/"

    objects = IssueQuerySet.as_manager()


class LetterPicture(ShownPicture):
    """A picture of a letter."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="pictures")

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="letter_picture_in_its_place", fields=["letter", "place"]),
        ]


class Recipient(HandingBase):
    """One letter for one person."""

    issue = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="handings")
    reader = models.ForeignKey(
        Subscriber, on_delete=models.SET_NULL, null=True, related_name="handings"
    )
    name = models.CharField(max_length=24, unique=True, default=links.name)
    bounced_at = models.DateTimeField(null=True)

    @property
    def token(self) -> str:
        """Whoever knows it may say that this letter came back."""
        return links.token_of("recipient", self.name)


class Tally(TallyBase):
    """How many joined, left, or could not be reached any more on one day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_tally_once", fields=["channel", "day", "what"])
        ]


class DayKey(DayKeyBase):
    pass


class Arrival(ArrivalBase):
    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_arrival_once", fields=["kind", "tag", "hour"])
        ]
