"""Where we listen, what for, and what we may keep of it for a few hours."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.hear.states import WORKFLOW, TopicState
from commonground.kit.sealed import SealedJSONField


class SourceKind(models.TextChoices):
    JETSTREAM = "jetstream", _("Bluesky (Jetstream)")
    FIREHOSE = "firehose", _("Bluesky (the stream of a server or relay)")
    MASTODON = "mastodon", _("Mastodon server")
    FEED = "feed", _("News feed (RSS, Atom, JSON Feed)")
    REPLAY = "replay", _("Recorded stream")


class Source(models.Model):
    """A place we listen to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    address = models.CharField(max_length=300, blank=True)
    hashtags = models.JSONField(
        default=list, blank=True
    )  # Mastodon only; none: the public timeline
    on = models.BooleanField(default=True)
    keep_hours = models.PositiveSmallIntegerField(default=24)
    # Where to go on after a break: the upstream's own mark, written after what it covers is kept.
    cursor = models.CharField(max_length=300, blank=True, editable=False)
    # Marks of what was heard last, eight bytes each: what a stream repeats is not counted twice.
    tail = models.BinaryField(default=b"", editable=False)
    secrets = SealedJSONField(default=dict, blank=True, editable=False)  # an access token, if any
    items = models.PositiveBigIntegerField(default=0, editable=False)
    skipped = models.JSONField(default=dict, editable=False)  # why -> how many lines
    last_item_at = models.DateTimeField(null=True, editable=False)
    usual_gap = models.FloatField(default=0, editable=False)  # seconds between two arrivals
    looked_at = models.DateTimeField(null=True, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="source_named_once", fields=["agency", "name"]),
            models.CheckConstraint(
                name="source_keeps_hours_not_weeks", condition=Q(keep_hours__lte=72)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> str:
        """What a Mastodon server asks to see before it opens its streams."""
        return str((self.secrets or {}).get("token", ""))

    @property
    def whole_network(self) -> bool:
        """Whether all the world speaks here, so that only what a topic asks for may be kept."""
        return self.kind in (SourceKind.JETSTREAM, SourceKind.FIREHOSE) or (
            self.kind == SourceKind.MASTODON and not self.hashtags
        )


class TopicQuerySet(models.QuerySet["Topic"]):
    def live(self) -> Self:
        """Approved, and not past their expiry: the only ones anything is matched against."""
        return self.filter(state=TopicState.LIVE, expires_on__gt=timezone.now())

    def run_out(self) -> Self:
        return self.filter(state=TopicState.LIVE, expires_on__lte=timezone.now())

    def standing(self) -> Self:
        """Asked for or listened for: their names are taken."""
        return self.filter(state__in=[TopicState.PROPOSED, TopicState.LIVE])


class Topic(models.Model):
    """Something we listen for: never a person. Public, with its purpose and its end."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="topics")
    name = models.CharField(max_length=80)
    purpose = models.TextField(max_length=400)
    # {"en": ["hit his wife", ...], "fr": [...]}: any of them, as whole words, case folded.
    watch = models.JSONField(default=dict)
    exclude = models.JSONField(default=dict, blank=True)
    # {"High River": ["HR", ...], ...}: a place with what else it is called.
    places = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, default=TopicState.PROPOSED.value, editable=False)
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, editable=False)
    expires_on = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True, editable=False)  # why it was declined

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            # What has ended may be asked for again under its old name.
            models.UniqueConstraint(
                name="topic_named_once",
                fields=["agency", "name"],
                condition=Q(state__in=[TopicState.PROPOSED.value, TopicState.LIVE.value]),
            ),
            models.CheckConstraint(
                name="topic_state_is_known", condition=Q(state__in=[s.value for s in TopicState])
            ),
            models.CheckConstraint(
                name="topic_live_has_a_second_person",
                condition=~Q(state=TopicState.LIVE.value)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> list[str]:
        """Every name of every place: any of them will do."""
        return [one for place, others in self.places.items() for one in (place, *others)]


class OverheardQuerySet(models.QuerySet["Overheard"]):
    def due_for_deletion(self) -> Self:
        return self.filter(delete_at__lte=timezone.now())


class Overheard(models.Model):
    """What somebody said in public, for a few hours; who said it is not here.

    `voice` only tells voices apart within a day: a salted hash whose salt is thrown away.
    `upstream` is a digest of the upstream id, so that a deletion there can be obeyed here.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="overheard")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="overheard")
    upstream = models.CharField(max_length=32)
    at = models.DateTimeField()
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    url = models.CharField(max_length=500, blank=True)
    voice = models.CharField(max_length=16)
    delete_at = models.DateTimeField(db_index=True)

    objects = OverheardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="overheard_once", fields=["source", "upstream"])
        ]
        indexes = [models.Index(fields=["agency", "-at"], name="overheard_by_time")]

    def __str__(self) -> str:
        return f"a post of {self.at:%H:%M}"


def keep_until(source: Source) -> datetime:
    return timezone.now() + timedelta(hours=source.keep_hours)
