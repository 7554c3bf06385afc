"""What every network with readers of its own keeps: each post, and what became of it for whom."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

from commonground.channels.contract import Message, Receipt
from commonground.channels.line.own import InLanguages, site_of

LATELY = timedelta(days=30)


class Fate(models.TextChoices):
    """What became of a post for one reader."""

    WAITING = "waiting"
    HANDING = "handing over"  # it may be on its way out this second
    TAKEN = "taken"  # the next server answers for it from here on
    REFUSED = "refused"
    UNCERTAIN = "uncertain"  # it may have left: never sent again
    LATE = "late"  # its time was over
    LEFT = "left"  # the reader left first, or the post was withdrawn


class IssueQuerySet[I: IssueBase](models.QuerySet[I]):
    def public(self) -> Self:
        """As they are read: their pictures without the bytes, which are fetched one by one."""
        kind: Any = self.model._meta.get_field("pictures").related_model
        return self.prefetch_related(bare_pictures("pictures", kind))


def bare_pictures(of: str, kind: Any) -> Prefetch[Any]:
    return Prefetch(of, kind.objects.defer("content"))


class IssueBase(InLanguages):
    """A post of ours as it goes to everybody who asked for it."""

    PLACE: ClassVar[str]  # on the public site
    handings: Any

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="%(class)ss"
    )
    key = models.CharField(max_length=13, unique=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    card = models.JSONField(null=True, blank=True)  # url, title
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField()  # what was not handed over by then is not
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)  # why it was withdrawn
    trouble = models.CharField(max_length=200, blank=True)  # what is in the way of all
    folded = models.JSONField(default=dict)  # how many met which fate, once the rows are deleted

    class Meta:
        abstract = True
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["channel", "-made_at"], name="%(class)s_by_channel")]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{self.PLACE}{self.key}"

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.key, site_of(self.channel_id) + self.get_absolute_url())

    def enclose(self, message: Message) -> None:
        """Keep the message's pictures, in their order: its page shows them."""
        owner, kind = self.pictures.field.name, self.pictures.model
        kind.objects.bulk_create(
            kind.of(place, picture, **{owner: self})
            for place, picture in enumerate(message.pictures)
        )

    def fates(self) -> Counter[str]:
        """How many readers met which fate."""
        rows = self.handings.values_list("fate").annotate(n=Count("pk")).order_by()
        return Counter(self.folded) + Counter(dict(rows))


class HandingQuerySet[H: HandingBase](models.QuerySet[H]):
    def due(self, now: datetime) -> Self:
        """Those a line may take in hand: their turn has come, and nobody else holds them."""
        free = Q(held_until=None) | Q(held_until__lte=now)
        return self.filter(free, fate=Fate.WAITING, next_at__lte=now)

    def never_tried(self) -> Self:
        """Those it was too late for, or will be, before anybody asked for them even once."""
        return self.filter(fate__in=[Fate.WAITING, Fate.LATE], tries=0)


class HandingBase(models.Model):
    """One post for one reader. Linked to the reader for thirty days at most.

    The table's own are `issue` and `reader`, both called `handings` from the other side.
    """

    issue: Any
    issue_id: Any
    reader: Any
    reader_id: Any

    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # that were answered "not now"
    next_at = models.DateTimeField(default=timezone.now)
    held_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = HandingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(name="%(class)s_once", fields=["issue", "reader"]),
            models.CheckConstraint(
                name="%(class)s_fate_is_known", condition=Q(fate__in=[f.value for f in Fate])
            ),
        ]
        indexes = [
            models.Index(
                name="%(class)s_open", fields=["next_at"],
                condition=Q(fate__in=["waiting", "handing over"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class TallyBase(models.Model):
    """How many readers came, left, or could not be reached on one day. Nobody is in it.

    A unique constraint on channel, day and what is the table's own to name.
    """

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="+"
    )
    day = models.DateField()
    what = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.what}: {self.count}"

    @classmethod
    def one_more(cls, channel_id: UUID | str, what: str) -> None:
        rows = cls._default_manager
        day, _new = rows.get_or_create(channel_id=channel_id, what=what, day=today())
        rows.filter(pk=day.pk).update(count=F("count") + 1)

    @classmethod
    def lately(cls, channel_id: str) -> Counter[str]:
        """How many of each in the last thirty days."""
        days = cls._default_manager.filter(channel_id=channel_id, day__gte=today() - LATELY)
        counted = Counter[str]()
        for what, n in days.values_list("what", "count"):
            counted[what] += n
        return counted


def today() -> date:
    return timezone.now().date()
