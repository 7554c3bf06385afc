"""A token lets a program in, in a member's name and never further than that member."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark

ENDS_SOON = timedelta(days=7)
OFFERED_FOR = timedelta(days=7)  # a key that nobody takes is not left lying


class TokenQuerySet(models.QuerySet["Token"]):
    def standing(self) -> Self:
        """Those that open something, or would once they are taken."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now())

    def to_tell(self, now: datetime) -> Self:
        """Those in use that end within days, and whose member was not told."""
        soon = self.standing().filter(expires_at__lte=now + ENDS_SOON, told_at=None)
        return soon.exclude(digest="").filter(member__is_active=True)


class Token(models.Model):
    """A program's key. Only a keyed digest is kept: our tables open nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="tokens")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    # Empty: offered by an administrator, and not yet taken by its member, who alone sees it.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    tail = models.CharField(max_length=4, blank=True, editable=False)  # to recognise it by
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="token_opens_once", fields=["digest"], condition=~Q(digest="")
            ),
            models.UniqueConstraint(
                name="token_named_once", fields=["agency", "name"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="token_ends_after_it_begins",
                condition=Q(expires_at__gt=models.F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_taken(self) -> bool:
        return self.digest != ""

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.expires_at <= timezone.now()

    @property
    def ends_soon(self) -> bool:
        return not self.is_over and self.expires_at <= timezone.now() + ENDS_SOON

    @property
    def can_be_taken(self) -> bool:
        fresh = self.made_at > timezone.now() - OFFERED_FOR
        return not self.is_taken and not self.is_over and fresh


def digest_of(secret: str) -> str:
    """What is kept of a token. Without the key of this desk nobody can try guesses against it."""
    return mark(lasting_key("tokens of programs"), "token", secret)


class Use(models.Model):
    """How often a token asked within a stretch of time. Deleted an hour later."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=12)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="use_counted_once", fields=["token", "kind", "since"])
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


class Asked(models.Model):
    """What a program asked to be made, by its own key: sent twice, it is made once."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="asked")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of what it asked for
    made = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="asked_once", fields=["token", "key"])
        ]

    def __str__(self) -> str:
        return self.key
