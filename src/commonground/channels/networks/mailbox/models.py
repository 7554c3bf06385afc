"""Who wrote to a mailbox, what has come, each answer of ours, and what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from commonground.channels.contract import Message, Receipt
from commonground.channels.line.readers.models import (
    HandingBase,
    IssueBase,
    IssueQuerySet,
    TallyBase,
)
from commonground.kit.sealed import SealedJSONField


class Writer(models.Model):
    """Somebody who wrote: where they are answered. Deleted once nothing of theirs is left."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="writers"
    )
    person = models.CharField(max_length=64)  # the address as a mark under a key
    # {"address", "name"}
    said: models.Field[Any, Any] = SealedJSONField(row=("channel", "person"), default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="writer_once", fields=["channel", "person"]),
        ]

    def __str__(self) -> str:
        return f"writer {self.pk}"  # never the address


class Received(models.Model):
    """One letter as it came. Its words go once the inbox has them; what an answer must name
    stays (the letter's id and subject), sealed, until it is too old to be answered."""

    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.CASCADE, related_name="received"
    )
    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="received")
    mark = models.CharField(max_length=64, unique=True)  # of its id and its sender: each comes once
    called = models.CharField(max_length=64, blank=True)  # the mark of its id alone
    # {"id", "references", "subject"}, until it is told {"text"}; {"came_back"}: a server said it
    said: models.Field[Any, Any] = SealedJSONField(row=("mark",), default=dict)
    beneath = models.CharField(max_length=64, blank=True)  # of a letter here, or an answer of ours
    at = models.DateTimeField(null=True)  # as the letter says; a stranger may lie
    came_at = models.DateTimeField(default=timezone.now)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["channel"], condition=models.Q(told=False),
                         name="mailbox_to_tell"),
            models.Index(fields=["called"], name="mailbox_called"),
            models.Index(fields=["writer", "came_at"], name="mailbox_of_writer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Reply(IssueBase):
    """An answer of ours, as it goes to the one person who asked."""

    PLACE: ClassVar[str] = ""
    answers = models.ForeignKey(
        Received, on_delete=models.SET_NULL, null=True, related_name="replies"
    )

    objects = IssueQuerySet.as_manager()

    @property
    def receipt(self) -> Receipt:
        """Nobody else can look at it, so it has no address."""
        return Receipt(self.key, "")

    def enclose(self, message: Message) -> None:
        """Answers have no pictures."""


class Dispatch(HandingBase):
    """An answer on its way to whoever asked."""

    issue = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="handings")
    reader = models.ForeignKey(
        Writer, on_delete=models.SET_NULL, null=True, related_name="handings"
    )


class Tally(TallyBase):
    """How many letters were set aside on one day, and why. Nobody is in it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mailbox_tally_once", fields=["channel", "day", "what"])
        ]
