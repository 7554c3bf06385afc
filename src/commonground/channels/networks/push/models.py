"""Which devices asked for notices, each notice, and what became of it for each of them."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from commonground.channels.contract import Message, Receipt
from commonground.channels.line.own import ShownPicture
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField


class Voice(models.Model):
    """The pair of keys by which push services know that a notice is from this channel (RFC 8292).

    Browsers bind what they subscribe to the public one: with another pair nobody is reached.
    """

    channel = models.OneToOneField(
        "commonground_channels.Channel", on_delete=models.CASCADE, primary_key=True,
        related_name="voice",
    )  # fmt: skip
    public = models.CharField(max_length=90)
    private = SealedJSONField(default="", to_row=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.public


class Subscription(models.Model):
    """A browser that asked for notices: where to reach it, a language, and nothing of a person.

    Whoever stops them is deleted, so there is no state for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="subscriptions"
    )
    device = models.CharField(max_length=64)  # its endpoint as a mark under a key: see endpoints
    where = SealedJSONField(default=dict, to_row=True)  # endpoint, p256dh, auth
    language = models.CharField(max_length=8, default="en")
    made_at = models.DateTimeField(default=timezone.now)
    refusals = models.PositiveSmallIntegerField(default=0)  # in a row

    class Meta:
        constraints = [
            models.UniqueConstraint(name="subscription_once", fields=["channel", "device"]),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"  # never the endpoint


class Fate(models.TextChoices):
    """What became of a notice for one device."""

    WAITING = "waiting"
    HANDING = "handing over"  # it may be on its way out this second
    TAKEN = "taken"  # the push service answers for it from here on
    REFUSED = "refused"
    UNCERTAIN = "uncertain"  # it may have left: never sent again
    LATE = "late"  # its time was over
    LEFT = "left"  # the device stopped notices first, or the post was withdrawn


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> Self:
        """As they are read: their pictures without the bytes, which are fetched one by one."""
        bare: Prefetch[Any] = Prefetch("pictures", NoticePicture.objects.defer("content"))
        return self.prefetch_related(bare)


class Notice(models.Model):
    """A post of ours as it goes to every device that asked for it."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="notices"
    )
    key = models.CharField(max_length=13, unique=True)
    topic = models.CharField(max_length=13)  # a correction has that of what it puts right
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    card = models.JSONField(null=True, blank=True)  # url, title
    urgent = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField()  # what was not handed over by then is not
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)  # why it was withdrawn
    trouble = models.CharField(max_length=200, blank=True)  # what is in the way of all
    folded = models.JSONField(default=dict)  # how many met which fate, once the rows are deleted

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["channel", "-made_at"], name="notice_by_channel")]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return f"/notices/{self.key}"

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.key, f"{settings.ENV.site_url.rstrip('/')}{self.get_absolute_url()}")

    def enclose(self, message: Message) -> None:
        """Keep the message's pictures, in their order: the notice's page shows them."""
        NoticePicture.objects.bulk_create(
            NoticePicture.of(place, picture, notice=self)
            for place, picture in enumerate(message.pictures)
        )

    def fates(self) -> Counter[str]:
        """How many devices met which fate."""
        rows = self.handovers.values_list("fate").annotate(n=Count("pk")).order_by()
        return Counter(self.folded) + Counter(dict(rows))


class NoticePicture(ShownPicture):
    """A picture of a notice's page."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="pictures")

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="notice_picture_in_its_place", fields=["notice", "place"]),
        ]


class HandoverQuerySet(models.QuerySet["Handover"]):
    def due(self, now: Any) -> Self:
        """Those a line may take in hand: their turn has come, and nobody else holds them."""
        free = Q(held_until=None) | Q(held_until__lte=now)
        return self.filter(free, fate=Fate.WAITING, next_at__lte=now)


class Handover(models.Model):
    """One notice for one device. Linked to the device for thirty days at most."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="handovers")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, related_name="handovers"
    )
    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # that were answered "not now"
    next_at = models.DateTimeField(default=timezone.now)
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="handover_once", fields=["notice", "subscription"]),
            models.CheckConstraint(
                name="handover_fate_is_known", condition=Q(fate__in=[f.value for f in Fate])
            ),
        ]
        indexes = [
            models.Index(
                name="handover_open", fields=["next_at"],
                condition=Q(fate__in=["waiting", "handing over"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"handover {self.pk}"


class Tally(models.Model):
    """How many devices joined, left, or were gone on one day. Nobody is in it."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="device_tallies"
    )
    day = models.DateField()
    what = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="push_tally_once", fields=["channel", "day", "what"])
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what}: {self.count}"


class DayKey(DayKeyBase):
    pass


class Arrival(ArrivalBase):
    class Meta:
        constraints = [
            models.UniqueConstraint(name="push_arrival_once", fields=["kind", "tag", "hour"])
        ]
