"""Our actor, what it said, who follows it, what is on its way to them, and what they answered.

Of other people only what the work needs is kept, sealed: whoever copies this database learns
neither who follows the police nor what anybody wrote. A mark stands for an address where rows
must be found again.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commonground.channels.contract import Message, Receipt
from commonground.channels.line.own import ShownPicture
from commonground.kit.lasting import lasting_key
from commonground.kit.sealed import SealedJSONField

REPLY_KEPT = timedelta(days=90)
FORMER_KEPT = timedelta(days=30)  # what is taken back, is within days
HEARD_KEPT = timedelta(days=2)  # far longer than a signature is believed


def mark_of(address: str) -> str:
    """Stands for an address: equal for equal ones, and nobody without our key can read it."""
    key = lasting_key("people of the fediverse")
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()


class Actor(models.Model):
    """One account of ours. Its ids are for ever, so are its name and its host."""

    # What was said under this name outlives everyone's wish to be rid of its channel.
    channel = models.OneToOneField(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="actor"
    )
    name = models.CharField(max_length=30, unique=True)  # the one before the @ and the host
    base = models.CharField(max_length=200)  # the site's address when it was made
    public_key = models.TextField()
    private_key = SealedJSONField(row=("name",), default=dict)  # {"pem": ...}; empty once forgotten
    told = models.CharField(max_length=64, blank=True)  # print of what others know of us
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return f"/fediverse/{self.name}"

    @property
    def host(self) -> str:
        return self.base.partition("://")[2]

    @property
    def address(self) -> str:
        return f"{self.name}@{self.host}"

    @property
    def id_url(self) -> str:
        return f"{self.base}/fediverse/{self.name}"

    @property
    def key_id(self) -> str:
        return f"{self.id_url}#main-key"

    @property
    def inbox(self) -> str:
        return f"{self.id_url}/inbox"

    @property
    def outbox(self) -> str:
        return f"{self.id_url}/outbox"

    @property
    def followers_url(self) -> str:
        return f"{self.id_url}/followers"

    @property
    def shared_inbox(self) -> str:
        return f"{self.base}/fediverse/shared-inbox"


class NoteQuerySet(models.QuerySet["Note"]):
    def standing(self) -> Self:
        """The notes whose words still stand, newest first."""
        return self.filter(withdrawn_at=None).order_by("-published_at", "-pk")


class Note(models.Model):
    """A post as the fediverse reads it. Never deleted: a withdrawal leaves a tombstone."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="notes")
    key = models.CharField(max_length=13, unique=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    fingerprint = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # What somebody said that it answers: {"id", "author", "handle", "door"}
    answers = SealedJSONField(row=("key",), default=dict)
    refused = models.PositiveIntegerField(default=0)  # doors that did not want it

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        indexes = [models.Index(fields=["actor", "-published_at"], name="note_by_actor")]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"/fediverse/{self.actor.name}/notes/{self.key}"

    @property
    def id_url(self) -> str:
        return f"{self.actor.id_url}/notes/{self.key}"

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.key, self.id_url)

    def hang(self, message: Message) -> None:
        """Put the message's pictures with the note, in their order."""
        NotePicture.objects.bulk_create(
            NotePicture.of(place, picture, note=self)
            for place, picture in enumerate(message.pictures)
        )


class NotePicture(ShownPicture):
    """A picture of a note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="pictures")

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="note_picture_in_its_place", fields=["note", "place"]),
        ]

    @property
    def url(self) -> str:
        return f"{self.note.id_url}/picture-{self.place}"


class Inbox(models.Model):
    """A door we deliver to: one for all followers behind it, where their server shares one."""

    mark = models.CharField(max_length=64, unique=True)
    url = SealedJSONField(row=("mark",), default=dict)  # {"at": ...}
    host = models.CharField(max_length=255, db_index=True)
    old_signature_since = models.DateTimeField(null=True)  # when it last refused RFC 9421
    failing_since = models.DateTimeField(null=True)
    pace = models.PositiveSmallIntegerField(default=0)  # whole seconds its last answer took

    def __str__(self) -> str:
        return self.host

    @property
    def at(self) -> str:
        return str(self.url["at"])


class Follower(models.Model):
    """Somebody who asked to hear from one of our accounts."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="followers")
    mark = models.CharField(max_length=64, db_index=True)  # of who it is
    # {"id": ..., "follow": the id of their question}
    who = SealedJSONField(row=("actor", "mark"), default=dict)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="follower_follows_once", fields=["actor", "mark"])
        ]

    def __str__(self) -> str:
        return f"somebody on {self.inbox}"


class FormerDoor(models.Model):
    """A door behind which somebody followed. What they got there before they left stands there
    still, so it hears what we take back. Who they were is not known any more."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="former_doors")
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="former_doors")
    until = models.DateTimeField()  # the last that somebody behind it followed

    class Meta:
        constraints = [models.UniqueConstraint(name="former_door_once", fields=["actor", "inbox"])]

    def __str__(self) -> str:
        return f"a former door of {self.actor}"


class Boost(models.Model):
    """A note of another account of ours, passed on as it stands."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="boosts")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="boosts")
    key = models.CharField(max_length=13, unique=True)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.actor} passes on {self.note}"

    @property
    def id_url(self) -> str:
        return f"{self.actor.id_url}#boost-{self.key}"


class Activity(models.Model):
    """Something we tell other servers, under an id of our own: hearing it twice is harmless."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="activities")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="activities")
    boost = models.ForeignKey(Boost, on_delete=models.CASCADE, null=True, related_name="activities")
    kind = models.CharField(max_length=10)  # Create, Update, Delete, Accept, Announce, Undo
    url = models.CharField(max_length=400, unique=True)  # its id
    body = SealedJSONField(row=("url",), default=dict)  # an Accept names who follows
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.actor}"


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def due(self, now: datetime) -> Self:
        """What may go now. No door hears that a note is gone before it heard of the note."""
        # Only what takes something back comes after something else, and only then is anything
        # looked for.
        older = Parcel.objects.filter(inbox=OuterRef("inbox"), pk__lt=OuterRef("pk"))
        of_note = older.filter(activity__note=OuterRef("activity__note"))
        of_boost = older.filter(activity__boost=OuterRef("activity__boost"))
        too_early = (Q(activity__kind="Delete") & Exists(of_note)) | (
            Q(activity__kind="Undo") & Exists(of_boost)
        )
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, ~too_early, next_at__lte=now).order_by(
            "inbox__pace", "next_at", "pk"
        )


class Parcel(models.Model):
    """One activity on its way to one door. Delivered or given up, it is gone."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="parcels")
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="parcels")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    lease_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    objects = ParcelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="parcel_goes_once", fields=["activity", "inbox"])
        ]

    def __str__(self) -> str:
        return f"{self.activity} to {self.inbox}"


class HeardActivity(models.Model):
    """The mark of a signed request we acted on, so that its repetition does nothing."""

    mark = models.CharField(max_length=64, unique=True)  # of its id
    digest = models.CharField(max_length=64)  # of what it said
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.mark[:12]


class ReplyQuerySet(models.QuerySet["Reply"]):
    def to_tell(self) -> Self:
        """New, or changed since the desk was told, in the order they came."""
        return self.filter(told__lt=models.F("turn")).order_by("pk")

    def forget(self) -> None:
        """Their authors deleted them. Of what the desk was told nothing but that is left, until
        it has heard this as well."""
        self.filter(told=0).delete()
        self.update(said={}, gone=True, turn=models.F("turn") + 1)


class Reply(models.Model):
    """What somebody answered in public, for whoever will answer them.

    Goes when its author deletes it, when their account goes, and after 90 days.
    """

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="replies")
    mark = models.CharField(max_length=64, unique=True)  # of its id
    author = models.CharField(max_length=64, db_index=True)  # the mark of who wrote it
    # {"id", "author", "handle", "text", "public", "door"}
    said = SealedJSONField(row=("mark",), default=dict)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    gone = models.BooleanField(default=False)  # deleted by its author; whoever was told must hear
    # Raised by each change. What the desk was told of last is not older than the words it holds.
    turn = models.PositiveIntegerField(default=1)
    told = models.PositiveIntegerField(default=0)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["note", "id"], name="reply_to_tell", condition=Q(told__lt=models.F("turn"))
            )
        ]

    def __str__(self) -> str:
        return f"a reply to {self.note}"

    def say(self, words: dict[str, Any]) -> None:
        """Put it in other words, for whoever was told the old ones too."""
        self.said, self.turn = words, self.turn + 1
        self.save(update_fields=["said", "turn"])


def forget_the_old(now: datetime) -> int:
    """Delete what may not be kept any longer; how many replies that were."""
    HeardActivity.objects.filter(at__lt=now - HEARD_KEPT).delete()
    Activity.objects.filter(parcels=None, at__lt=now - HEARD_KEPT).delete()
    FormerDoor.objects.filter(until__lt=now - FORMER_KEPT).delete()
    Inbox.objects.filter(followers=None, parcels=None, former_doors=None).delete()
    gone: tuple[int, dict[str, Any]] = Reply.objects.filter(at__lt=now - REPLY_KEPT).delete()
    return gone[0]
