"""Programs elsewhere that are told of what happens here, and each thing they are told."""

from __future__ import annotations

import base64
import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.kit.sealed import SealedJSONField

HELD_FOR = timedelta(seconds=60)  # longer than any errand: a worker that died gives it back
BOTH_HOLD = timedelta(hours=24)  # how long an old secret signs beside the new one
KEPT = timedelta(days=30)


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def running(self) -> Self:
        return self.open().filter(paused_at=None)

    def to_tell(self) -> Self:
        """Those the desk gave up on, and whose person was not told."""
        return self.open().exclude(given_up_at=None).filter(told_at=None)


class Webhook(models.Model):
    """A program elsewhere, where it listens, and who answers for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="webhooks")
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=400)
    events = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    given_up_at = models.DateTimeField(null=True, editable=False)  # the desk paused it by itself
    told_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="webhook_named_once", fields=["agency", "name"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="webhook_given_up_is_paused",
                condition=Q(given_up_at=None) | Q(paused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def secrets_in_force(self) -> list[bytes]:
        """What signs now, the newest first."""
        now = timezone.now()
        rows = self.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-made_at")
        return [row.secret for row in rows]


class WebhookSecret(models.Model):
    """What signs. Sealed to its row, and shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    sealed = SealedJSONField()
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"a secret of {self.webhook_id}"

    @classmethod
    def of(cls, webhook: Webhook, secret: bytes) -> Self:
        return cls(webhook=webhook, sealed={"secret": base64.b64encode(secret).decode()})

    @property
    def secret(self) -> bytes:
        return base64.b64decode(self.sealed["secret"])


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> Self:
        return self.filter(told_at=None, given_up_at=None)

    def due(self, now: datetime) -> Self:
        """What may be told now: of each program one at a time, so that one that hangs holds up
        one worker, and its own news only."""
        free = Q(held_until=None) | Q(held_until__lte=now)
        running = Q(webhook__paused_at=None, webhook__closed_at=None)
        busy = Notice.objects.filter(webhook=OuterRef("webhook"), held_until__gt=now)
        rows = self.waiting().filter(free, running, next_at__lte=now).exclude(Exists(busy))
        return rows.order_by("next_at", "pk")


class Notice(models.Model):
    """One thing one program is told, and whether it heard."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=30)
    # The entry of the record that it tells of; None for a test.
    entry = models.PositiveBigIntegerField(null=True)
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(default=timezone.now)  # when it happened
    next_at = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # what was answered last
    why = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            # However often the record is read, each thing is told once.
            models.UniqueConstraint(name="notice_once", fields=["webhook", "entry"])
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], name="notice_waiting",
                condition=Q(told_at=None, given_up_at=None),
            ),
            models.Index(fields=["webhook", "-at"], name="notice_of_webhook"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.event

    @property
    def name(self) -> str:
        """What the receiver knows it by, however often it comes."""
        return f"msg_{self.pk.hex}"


class Bookmark(models.Model):
    """How far the record was read for other programs. One row."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
