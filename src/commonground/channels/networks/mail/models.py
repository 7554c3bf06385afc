"""Who asked for letters, each letter, and what became of it for each of them."""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from commonground.channels.contract import Message, Receipt
from commonground.channels.line.own import ShownPicture
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField

# Unguessable: whoever knows it may say that a letter came back.
token = partial(secrets.token_hex, 12)

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


class Subscriber(models.Model):
    """Somebody who asked for letters: an address, a language, and nothing else.

    Whoever leaves is deleted, so there is no state for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="subscribers"
    )
    person = models.CharField(max_length=64)  # the address as a mark under a key: see addresses
    address = SealedJSONField(default="")
    language = models.CharField(max_length=8, default="en")
    token = models.CharField(max_length=24, unique=True, default=token)
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


class Fate(models.TextChoices):
    """What became of a letter for one person."""

    WAITING = "waiting"
    HANDING = "handing over"  # it may be on its way out this second
    TAKEN = "taken"  # the mail server answers for it from here on
    REFUSED = "refused"
    UNCERTAIN = "uncertain"  # it may have left: never sent again
    LATE = "late"  # its time was over
    LEFT = "left"  # the person left the list first, or the post was withdrawn


class LetterQuerySet(models.QuerySet["Letter"]):
    def public(self) -> Self:
        """As they are read: their pictures without the bytes, which are fetched one by one."""
        return self.prefetch_related(bare_pictures("pictures"))


class Letter(models.Model):
    """A post of ours as it goes to everybody on the list."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="letters"
    )
    key = models.CharField(max_length=13, unique=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    card = models.JSONField(null=True, blank=True)  # url, title, description
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField()  # what has not gone out by then does not
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)  # why it was withdrawn
    trouble = models.CharField(max_length=200, blank=True)  # what the mail server said last
    folded = models.JSONField(default=dict)  # how many met which fate, once the rows are deleted

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["channel", "-made_at"], name="letter_by_channel")]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return f"/letters/{self.key}"

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.key, f"{settings.ENV.site_url.rstrip('/')}{self.get_absolute_url()}")

    def enclose(self, message: Message) -> None:
        """Keep the message's pictures, in their order, where the letter links to them."""
        LetterPicture.objects.bulk_create(
            LetterPicture.of(place, picture, letter=self)
            for place, picture in enumerate(message.pictures)
        )

    def fates(self) -> Counter[str]:
        """How many recipients met which fate."""
        rows = self.recipients.values_list("fate").annotate(n=Count("pk")).order_by()
        return Counter(self.folded) + Counter(dict(rows))


class LetterPicture(ShownPicture):
    """A picture of a letter."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="pictures")

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="letter_picture_in_its_place", fields=["letter", "place"]),
        ]


def bare_pictures(of: str) -> Prefetch[Any]:
    return Prefetch(of, LetterPicture.objects.defer("content"))


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def due(self, now: datetime) -> Self:
        """Those a line may take in hand: their turn has come, and nobody else holds them."""
        free = Q(held_until=None) | Q(held_until__lte=now)
        return self.filter(free, fate=Fate.WAITING, next_at__lte=now)


class Recipient(models.Model):
    """One letter for one person. Linked to the person for thirty days at most."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.SET_NULL, null=True, related_name="letters"
    )
    token = models.CharField(max_length=24, unique=True, default=token)
    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # that were answered "not now"
    next_at = models.DateTimeField(default=timezone.now)
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recipient_once", fields=["letter", "subscriber"]),
            models.CheckConstraint(
                name="recipient_fate_is_known", condition=Q(fate__in=[f.value for f in Fate])
            ),
        ]
        indexes = [
            models.Index(
                name="recipient_open", fields=["next_at"],
                condition=Q(fate__in=["waiting", "handing over"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class Tally(models.Model):
    """How many joined, left, or could not be reached any more on one day. Nobody is in it."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="tallies"
    )
    day = models.DateField()
    what = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_tally_once", fields=["channel", "day", "what"])
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what}: {self.count}"


class DayKey(DayKeyBase):
    pass


class Arrival(ArrivalBase):
    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_arrival_once", fields=["kind", "tag", "hour"])
        ]
