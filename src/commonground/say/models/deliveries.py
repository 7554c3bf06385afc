"""Whether each variant arrived on its channel, and the workers that carry it there."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from commonground.agency.models import Agency, Member
from commonground.channels.networks import networks
from commonground.say.engine.versions import Piece
from commonground.say.models.posts import Variant
from commonground.say.states import DELIVERY, DeliveryState, State

# A queue that has not carried it by then has lost it, or is so full that asking twice is no harm.
CALL_AGAIN = timedelta(seconds=60)


class Shift(models.Model):
    """One worker, from its first round to its last. One that never said goodbye has died."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    relieved = models.BooleanField(default=False)  # it died, and others took over its work

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class Restart(models.Model):
    """A stop that nobody ordered. What became of the deliveries in hand is asked of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="restarts")
    stopped_at = models.DateTimeField()
    at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Watch(models.Model):
    """Who sweeps: one worker at a time, until its time is over."""

    name = models.CharField(max_length=20, primary_key=True)
    held_by = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def unfinished(self) -> Self:
        return self.filter(
            state__in=[DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNSURE]
        )

    def ready(self, now: datetime) -> Self:
        """Those a worker may take: due, of a post that has started, in nobody's hands.

        A withdrawn post's are among them: what was under way must be found, to be taken back.
        """
        started = self.filter(variant__post__state__in=[State.PUBLISHING, State.WITHDRAWN])
        return (
            started.unfinished()
            .filter(has_turn() | (left_behind() & Q(not_after__lt=now)))
            .filter(next_at__lte=now)
            .filter(Q(lease_until=None) | Q(lease_until__lte=now))
            .filter(handed_over_at=None)
        )

    def to_call(self, now: datetime) -> Self:
        """Those a queue must be asked to carry: never asked for this try, or asked in vain."""
        in_vain = Q(called_at__lte=now - CALL_AGAIN)
        return self.ready(now).filter(Q(called_at=None) | Q(called_at__lt=F("next_at")) | in_vain)

    def needing_a_person(self) -> Self:
        """Those that did not arrive in time, or at all, or that the public still sees although
        they were taken back; until somebody takes care of it."""
        given_up = Q(state__in=[DeliveryState.DECLINED, DeliveryState.LATE])
        as_wished = given_up & taken_back()
        raised = self.filter(raised_at__isnull=False, acknowledged_at=None)
        # What only waited behind another part of its thread is told of with that one.
        return raised.exclude(tell_at=None).exclude(as_wished)

    def to_tell(self, now: datetime) -> Self:
        return self.needing_a_person().filter(tell_at__lte=now)

    def still_public(self) -> Self:
        """Those the public can still see although they were taken back."""
        return self.filter(taken_back(), state=DeliveryState.SENT, withdrawn_at=None)

    def to_keep_back(self) -> Self:
        """Those whose letters may still be on their way although their post was taken back."""
        letters = [name for name, kind in networks().items() if kind.letters]
        begun = self.unfinished().filter(attempt__gt=0, variant__post__state=State.WITHDRAWN)
        return begun.filter(variant__channel__network__in=letters)

    def to_withdraw(self, now: datetime) -> Self:
        """The last part of a thread first: what is left must never begin in the middle. One that
        its network will not give back holds up no other."""
        behind = Delivery.objects.filter(
            variant=OuterRef("variant"), part=OuterRef("part") + 1, state=DeliveryState.SENT,
            withdrawn_at=None, raised_at=None,
        )  # fmt: skip
        rows = self.still_public().filter(next_at__lte=now).exclude(Exists(behind))
        return rows.order_by("next_at", "-part")


def before() -> models.QuerySet[Delivery]:
    """The part before, for a question about each row."""
    return Delivery.objects.filter(variant=OuterRef("variant"), part=OuterRef("part") - 1)


def has_turn() -> Q:
    """Nothing stands before it in its thread that the public does not see yet."""
    return Q(part=1) | Q(Exists(before().filter(state=DeliveryState.SENT)))


def left_behind() -> Q:
    """What stands before it ended unseen."""
    ended = [DeliveryState.DECLINED, DeliveryState.LATE]
    return Q(Exists(before().filter(state__in=ended)))


def taken_back() -> Q:
    """What a person took back: the post everywhere, or a thread of it on one channel. What passes
    a post on goes with it."""
    itself, passed_on = "variant__", "variant__boosts__variant__"
    return (
        Q((f"{itself}post__state", State.WITHDRAWN))
        | Q((f"{itself}taken_back_at__isnull", False))
        | Q((f"{passed_on}post__state", State.WITHDRAWN))
        | Q((f"{passed_on}taken_back_at__isnull", False))
    )


class Delivery(models.Model):
    """One variant, or one part of its thread, on its way to one channel, and the proof that it
    arrived."""

    WORKFLOW: ClassVar = DELIVERY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="deliveries")
    part = models.PositiveSmallIntegerField(default=1)  # of a thread; each stands beneath the last
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, default=DeliveryState.WAITING.value, editable=False)
    key = models.CharField(max_length=80, unique=True)
    approved = models.CharField(max_length=64)  # the digest of what it may carry
    due_at = models.DateTimeField()  # what was promised; moved by whoever releases what was held
    not_after = models.DateTimeField()
    next_at = models.DateTimeField()  # when to try or look next
    called_at = models.DateTimeField(null=True)  # when a queue was last asked to carry it
    attempt = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)  # whoever holds the highest, holds the row
    lease_until = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)  # the shift that claimed it last
    first_tried_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    network_id = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=400, blank=True)
    seen_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)
    handed_over_at = models.DateTimeField(null=True)  # since when only a person can settle it
    raised_at = models.DateTimeField(null=True)  # since when a person must know
    tell_at = models.DateTimeField(null=True)  # when to tell people next
    told = models.PositiveIntegerField(default=0)  # rounds; each reaches one more person
    told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    restart = models.ForeignKey(
        Restart, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    attempt_then = models.PositiveIntegerField(default=0)  # at that restart

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delivery_once_a_part", fields=["variant", "part"]),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=[s.value for s in DeliveryState]),
            ),
            models.CheckConstraint(
                name="delivery_sent_was_seen",
                condition=~Q(state=DeliveryState.SENT.value) | Q(seen_at__isnull=False),
            ),
            # What ends badly is never silent, whatever the code above believes.
            models.CheckConstraint(
                name="delivery_that_failed_is_told",
                condition=Q(raised_at__isnull=False)
                | (
                    ~Q(state__in=[DeliveryState.DECLINED.value, DeliveryState.LATE.value])
                    & Q(handed_over_at=None)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="delivery_next"),
            models.Index(fields=["tell_at"], name="delivery_tell"),
            # What people answer names it; see ANSWER.
            models.Index(fields=["network_id"], name="delivery_named"),
            models.Index(fields=["seen_at"], name="delivery_seen"),
        ]

    def __str__(self) -> str:
        return str(self.variant)

    @property
    def said_on(self) -> str:
        """Where, as the record says it in public: the name of an account of the agency's."""
        return self.variant.channel.name

    @property
    def former(self) -> Delivery | None:
        """The part of its thread that it stands beneath."""
        if self.part == 1:
            return None
        return Delivery.objects.get(variant=self.variant_id, part=self.part - 1)

    @property
    def piece(self) -> Piece:
        """What it carries, as it was approved. None: nothing, so that nothing can be sent."""
        there = dict(enumerate(self.variant.pieces, 1))
        return there.get(self.part) or Piece(self.variant.said[0], "", opens=False)

    @property
    def text(self) -> str:
        return self.piece.text

    @property
    def is_pending(self) -> bool:
        return self.state in (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNSURE)
