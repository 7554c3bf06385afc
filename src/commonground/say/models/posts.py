"""A post, a variant of it for each channel, and who read it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.channels.contract.alert import Alert
from commonground.channels.contract.rendering import Rendering
from commonground.channels.models import Channel
from commonground.say.engine.blanks import blanks_in
from commonground.say.engine.coach import Help, Known, Remark, hard_stops
from commonground.say.engine.threads import Parting, parts, without_breaks
from commonground.say.engine.versions import Piece
from commonground.say.models.campaigns import Campaign
from commonground.say.models.cards import Shelf
from commonground.say.states import WORKFLOW, State
from commonground.spot.models import Moment, Resource

if TYPE_CHECKING:
    from commonground.say.models.deliveries import Delivery

# What nobody may reach without an approval.
OUT = [State.APPROVED, State.SCHEDULED, State.HELD, State.PUBLISHING, State.PUBLISHED]


class PostQuerySet(models.QuerySet["Post"]):
    def waiting_for_review(self) -> Self:
        return self.filter(state=State.IN_REVIEW)

    def due(self, now: datetime) -> Self:
        """Approved for now, or scheduled for a time that has come; the time to undo is over."""
        settled = now - timedelta(seconds=settings.ENV.undo_seconds)
        let_go = Q(released_at=None) | Q(released_at__lte=settled)
        return self.filter(let_go, approved_at__lte=settled).filter(
            Q(state=State.APPROVED) | Q(state=State.SCHEDULED, go_out_at__lte=now)
        )

    def queued(self) -> Self:
        """Those that wait to go out, and will unless somebody holds them."""
        return self.filter(state__in=[State.APPROVED, State.SCHEDULED])

    def held(self) -> Self:
        return self.filter(state=State.HELD)


class Post(models.Model):
    """Something the agency wants to say, from first draft to withdrawal."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts")
    moment = models.ForeignKey(Moment, models.SET_NULL, null=True, blank=True, related_name="posts")
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    resources = models.ManyToManyField(Resource, blank=True, related_name="posts")
    # The post this one puts right: neither is changed, each leads to the other.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="corrections"
    )
    # The print of what it answers, if it is an answer (say.models.answering).
    answers = models.CharField(max_length=64, blank=True, editable=False)
    title = models.CharField(max_length=120)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    # What becomes of words that are too long for a network.
    parting = models.CharField(max_length=10, blank=True, default=Parting.WHOLE.value)
    state = models.CharField(max_length=12, default=State.DRAFT.value, editable=False)
    go_out_at = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False)  # goes first, and is of no use soon after
    good_for = models.PositiveIntegerField(null=True, blank=True)  # minutes; None: the usual
    approved_digest = models.CharField(max_length=64, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    # Who kept it from going out last (nobody: the desk did), why, and what for.
    held_by = models.ForeignKey(Member, models.PROTECT, null=True, editable=False, related_name="+")
    held_at = models.DateTimeField(null=True, editable=False)
    held_because = models.CharField(max_length=300, blank=True, editable=False)
    held_for = models.ForeignKey(
        Moment, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    held_told_at = models.DateTimeField(null=True, editable=False)  # its author and approver know
    released_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    # The open page these words were typed on: two pages must not overwrite each other.
    written_on = models.CharField(max_length=32, blank=True, editable=False)
    written_turn = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            models.CheckConstraint(
                name="post_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="post_scheduled_has_a_time",
                condition=~Q(state=State.SCHEDULED.value) | Q(go_out_at__isnull=False),
            ),
            models.CheckConstraint(
                name="post_out_was_approved",
                condition=~Q(state__in=[s.value for s in OUT]) | ~Q(approved_digest=""),
            ),
            models.CheckConstraint(
                name="post_held_says_since_when_and_why",
                condition=~Q(state=State.HELD.value)
                | Q(held_at__isnull=False) & ~Q(held_because=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "state", "-changed_at"], name="post_by_state"),
            # Five times a second a worker asks what goes out, of all there ever was.
            models.Index(fields=["state", "approved_at"], name="post_going_out"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("say:post", args=[self.pk])

    @property
    def stays_good(self) -> timedelta:
        """How long after its time it may still be sent. Later it would do harm."""
        env = settings.ENV
        usual = env.urgent_good_for_minutes if self.urgent else env.good_for_minutes
        return timedelta(minutes=self.good_for or usual)

    @property
    def due(self) -> datetime:
        """When it should go out: at its own time, or as soon as it was approved."""
        return self.go_out_at or self.approved_at or self.changed_at

    @property
    def too_late_at(self) -> datetime:
        """From then on it lapses. Being held moves this by nothing: words do not keep longer."""
        return self.due + timedelta(seconds=settings.ENV.undo_seconds) + self.stays_good

    @property
    def digest(self) -> str:
        """The fingerprint of exactly what would go out: words, pictures, the card of a link,
        the terms of an alert, channels and time.

        An approval is an approval of this, and of nothing else.
        """
        whole = self.what_goes_out() | {"go_out_at": as_text(self.go_out_at)}
        return digest_of(whole)

    @property
    def digest_of_words(self) -> str:
        """The same but for the time: what a series says again and again has one."""
        return digest_of(self.what_goes_out())

    def what_goes_out(self) -> dict[str, object]:
        variants = self.variants.select_related("channel").order_by("channel_id")
        shelf = Shelf.of(self)
        return self.carried_by_all() | {"variants": [v.carries(shelf) for v in variants]}

    def digests_by_channel(self, variants: Iterable[Variant]) -> Iterator[str]:
        """The same for each channel alone. Before a byte leaves, its own is asked again, and not
        all the others', of which a large post has hundreds."""
        common = self.carried_by_all() | {"go_out_at": as_text(self.go_out_at)}
        shelf = Shelf.of(self)
        for variant in variants:
            yield digest_of(common | {"variants": [variant.carries(shelf)]})

    def carried_by_all(self) -> dict[str, object]:
        shown = ("sha256", "alt", "focus_x", "focus_y")
        pictures = self.pictures.order_by("place").values_list(*shown)
        whole: dict[str, object] = {
            "language": self.language,
            "urgent": self.urgent,
            "good_for": self.good_for,
            "pictures": [list(p) for p in pictures],
        }
        if film := self.video_print():
            whole["video"] = film
        if self.corrects_id:
            whole["corrects"] = str(self.corrects_id)
        if self.answers:
            whole["answers"] = self.answers
        if terms := self.alert_terms():
            whole["alert"] = asdict(terms)
        return whole

    def video_print(self) -> list[str]:
        """What an approver reads of its video, if it has one; without fetching all of it."""
        videos = self._meta.get_field("video").related_model.objects  # type: ignore[union-attr]
        shown = videos.filter(post=self).values_list("sha256", "alt", "captions", "language")
        return [part for row in shown for part in row]

    def alert_terms(self) -> Alert | None:
        """In which terms it is also a public alert, if it is one."""
        alert = getattr(self, "alert", None)
        return alert.terms if alert else None

    def alert_on(self, channel: Channel) -> Alert | None:
        """The alert as this channel carries it: one newsroom does, or sirens would sound twice."""
        terms = self.alert_terms() if channel.kind.alerts else None
        if terms is None:
            return None
        able = [v.channel for v in self.variants.select_related("channel") if v.channel.kind.alerts]
        return terms if able[0] == channel else None

    def known(self) -> Known:
        """What the coach is told beside the words: our numbers, pictures, the moment's help."""
        offered = self.agency.resources.offered()
        numbers = {*offered.values_list("phone", flat=True), self.agency.emergency_number}
        if blanks_in(self.text):  # what an administrator wrote down to fill them is published too
            facts = self.agency.areas.values_list("facts", flat=True)
            numbers |= {words for rows in facts for _, _, words in rows}
        helps = tuple((r.name, r.phone, r.url) for r in self.resources.all())
        return Known(
            numbers=frozenset(n for n in numbers if n),
            pictures=tuple(self.pictures.values_list("alt", flat=True)),
            help=Help(self.moment_id is not None, helps, self.agency.emergency_number),
        )

    def stops(self, speak: str) -> list[Remark]:
        """What the coach will not let out, of all that the public would read; each rule once."""
        known = self.known()
        said = [(one.language, w) for v in self.variants.all() for one in v.said for w in one.words]
        own = list(known.pictures)
        if terms := self.alert_terms():
            own += [terms.event, terms.area, terms.instruction]
        said += [(self.language, words) for words in own]
        found = [
            remark
            for language, words in dict.fromkeys(said)
            for remark in hard_stops(words, language, known, speak)
        ]
        return list({remark.rule: remark for remark in reversed(found)}.values())[::-1]

    def overridden(self) -> Review | None:
        """The second person who let the coach's stop pass, for exactly these words."""
        return (
            self.reviews.filter(verdict="override", read=self.digest).select_related("by").first()
        )


def digest_of(whole: dict[str, object]) -> str:
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def parts_on(channel: Channel, text: str, parting: str) -> list[str]:
    """What a text becomes on a channel; where there are no threads, all of it at once."""
    kind, how = channel.kind, Parting(parting)
    if not kind.threads:
        return [without_breaks(text, how)]
    return parts(text, kind.limits, how)


class Variant(models.Model):
    """What one channel will show. Detached: no longer follows the post's own words."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="variants")
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    detached = models.BooleanField(default=False)
    # In which language, if not the post's own; with which words for its pictures; for which area;
    # and what is said here in other languages as well (rows of a Rendering): see engine.versions.
    language = models.CharField(max_length=8, blank=True)
    alts = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=60, blank=True)
    also = models.JSONField(default=list, blank=True)
    speaks = models.CharField(max_length=8, blank=True)  # what a person chose for this channel
    # What it passes on with the network's own button, instead of words of its own.
    boosts = models.ForeignKey("Delivery", models.PROTECT, null=True, related_name="boosted_by")
    # Since when a thread of it that broke off is taken back here, and only here.
    taken_back_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["channel__name"]
        constraints = [
            models.UniqueConstraint(name="variant_once_a_channel", fields=["post", "channel"])
        ]

    def __str__(self) -> str:
        return f"{self.post} on {self.channel}"

    def carries(self, shelf: Shelf) -> list[object]:
        """What this channel alone carries."""
        own: list[object] = [str(self.channel_id), self.title, self.text, shelf.print_of(self.text)]
        if self.post.parting:  # each part as it will stand, so that no other rule can part it anew
            own.append([[part, shelf.print_of(part)] for part in self.parts])
        if self.language or self.alts or self.also:
            cards = [shelf.print_of(one.text) for one in self.said[1:]]
            own.append([self.language, self.alts, self.also, cards])
        if self.boosts:
            own.append({"boosts": [self.boosts.network_id, self.boosts.url]})
        return own

    @property
    def said(self) -> list[Rendering]:
        """What is said here, in each of its languages, the first first."""
        language = self.language or self.post.language
        first = Rendering(language, self.title, self.text, tuple(self.alts))
        return [first, *map(Rendering.of, self.also)]

    @property
    def threads(self) -> list[list[str]]:
        """For each language that is a post of its own here: that, or the parts of its thread."""
        if self.boosts_id:
            return [[self.text]]
        said = self.said[:1] if self.channel.kind.languages else self.said
        return [parts_on(self.channel, one.text, self.post.parting) for one in said]

    @property
    def pieces(self) -> list[Piece]:
        """Every post it becomes on this channel, in the order in which they go out."""
        return [
            Piece(said, text, opens=n == 0)
            for said, thread in zip(self.said, self.threads, strict=False)
            for n, text in enumerate(thread)
        ]

    @property
    def parts(self) -> list[str]:
        """The words of each."""
        return [text for thread in self.threads for text in thread]

    @property
    def delivery(self) -> Delivery | None:
        """How it stands: the first part that was not seen, else the first."""
        rows = sorted(self.deliveries.all(), key=lambda row: row.part)
        return next((row for row in rows if row.state != "sent"), rows[0] if rows else None)

    @property
    def is_taken_back(self) -> bool:
        if self.taken_back_at is not None or self.post.state == State.WITHDRAWN:
            return True
        return bool(self.boosts and self.boosts.variant.is_taken_back)


class Review(models.Model):
    """What a second person decided about the exact words they read."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reviews")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12)
    read = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.by}: {self.verdict}"
