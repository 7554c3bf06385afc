"""What people write on our own site: beneath something we said there, or to a chat hour.

Nobody has an account. Of whoever wrote, there are the words and the name they typed, and a mark of
the link they were given: with it they read what became of their words, and delete them.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.channels.line.own import site_of
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.lasting import lasting_key
from commonground.kit.sealed import SealedJSONField

KEPT = timedelta(days=2 * 365)  # as long as the record keeps what residents wrote to us
UNSHOWN_KEPT = timedelta(days=90)  # what was never shown, and is answered nowhere here
PLACE = 48  # signs


class CommentQuerySet(models.QuerySet["Comment"]):
    def behind(self, token: str) -> Self:
        return self.filter(link=link_of(token))

    def beneath(self, place: str) -> Self:
        return self.filter(beneath=place)

    def to_tell(self) -> Self:
        """What the inbox has not heard of yet: new ones, and that one is gone."""
        return self.filter(told=False).order_by("pk")

    def to_forget(self, now: datetime) -> Self:
        unshown = Q(shown_at=None, answered_by=None, at__lte=now - UNSHOWN_KEPT)
        return self.filter(Q(at__lte=now - KEPT) | unshown, gone_at=None)


class Comment(models.Model):
    """One thing somebody wrote."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="comments"
    )
    key = models.CharField(max_length=13, unique=True)
    # Where: the path of a page of ours, "newsroom/3m…" or "chat/bridges".
    beneath = models.CharField(max_length=PLACE)
    # {"text", "name", "language"}; nothing, once it is gone
    said: models.Field[Any, Any] = SealedJSONField(row=("key",), default=dict)
    at = models.DateTimeField(default=timezone.now)
    link = models.CharField(max_length=64, unique=True, editable=False)
    shown_at = models.DateTimeField(null=True)  # nobody has looked at it where there is none
    hidden_at = models.DateTimeField(null=True)  # two people agreed to that, by a published rule
    # {"key", "words"}: what its author is told, for nobody but whoever holds the link
    notice: models.Field[Any, Any] = SealedJSONField(row=("key",), default=dict)
    gone_at = models.DateTimeField(null=True)  # its words are deleted since
    told = models.BooleanField(default=False)  # whether the inbox knows

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["beneath", "id"], name="site_beneath"),
            models.Index(fields=["channel"], condition=Q(told=False), name="site_to_tell"),
            models.Index(fields=["at"], condition=Q(gone_at=None), name="site_to_forget"),
        ]

    def __str__(self) -> str:
        """Without a name or a word of theirs: this stands in logs."""
        return f"comment {self.key}"

    @property
    def path(self) -> str:
        """Where it stands, or would."""
        slash = "/" if self.beneath.startswith("chat/") else ""
        return f"/{self.beneath}{slash}#c-{self.key}"

    @property
    def url(self) -> str:
        return site_of(self.channel_id) + self.path

    @property
    def name(self) -> str:
        """As they call themselves here. It proves nothing, and pages say so."""
        return str(self.said.get("name", ""))

    @property
    def text(self) -> str:
        return str(self.said.get("text", ""))

    @property
    def language(self) -> str:
        return str(self.said.get("language", ""))


def link_of(token: str) -> str:
    """What the table holds of the link that somebody was given."""
    key = lasting_key("what somebody wrote on our site")
    return hmac.new(key, token.encode(errors="replace"), hashlib.sha256).hexdigest()


class How(models.TextChoices):
    OFF = "off", _("Nobody can comment")
    AT_ONCE = "at_once", _("Shown at once")
    AFTER_A_LOOK = "after_a_look", _("Shown after somebody has looked")


class Talk(models.Model):
    """Whether people may comment beneath what a channel of the newsroom says."""

    channel = models.OneToOneField(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="talk"
    )
    how = models.CharField(max_length=12, choices=How.choices, default=How.OFF.value)

    def __str__(self) -> str:
        return self.how


class DayKey(DayKeyBase):
    pass


class Arrival(ArrivalBase):
    class Meta:
        constraints = [
            models.UniqueConstraint(name="site_arrival_once", fields=["kind", "tag", "hour"])
        ]
