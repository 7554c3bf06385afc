"""A hold: nothing is sent while one stands, and the sign-ins it ended. And a lookout over each
account of ours."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.protect.engine.health import Factor, Kept
from commonground.protect.engine.lookout import What
from commonground.protect.models.devices import Device
from commonground.protect.models.impostors import Impostor, PlaceSearched
from commonground.protect.models.proofs import Proof
from commonground.protect.states import ALARM, State

__all__ = [
    "AccountCheck",
    "Alarm",
    "Arrival",
    "DayKey",
    "Device",
    "Hold",
    "Impostor",
    "Lookout",
    "PlaceSearched",
    "Proof",
    "Revocation",
    "Said",
]

# A post that is not ours must be told within 120 s of standing there.
LOOK_EVERY = timedelta(seconds=45)


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class Said(models.TextChoices):
    """What the public reads meanwhile. The words are fixed: nobody writes them in a hurry, and
    nobody who broke in can choose others."""

    NOTHING = "", _("Nothing yet")
    PAUSED = "paused", _("That we have paused, and where to look")
    NOT_US = "not_us", _("That somebody else may be speaking in our name")


class Hold(models.Model):
    """Stop everything. One person may; two must agree to start again."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=300)
    # None: whoever runs the server did, from its command line.
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    said = models.CharField(max_length=10, blank=True, default="", choices=Said)
    said_at = models.DateTimeField(null=True)  # or taken back
    since = models.DateTimeField(default=timezone.now)
    first_yes = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    second_yes = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="hold_stands_once", fields=["agency"], condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="hold_lifted_by_two",
                condition=Q(lifted_at=None)
                | (
                    Q(first_yes__isnull=False)
                    & Q(second_yes__isnull=False)
                    & ~Q(first_yes=F("second_yes"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def who(self) -> str:
        return self.by.name if self.by else str(_("Whoever runs the server"))


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def pending(self) -> Self:
        """Those still to be ended, under a hold that stands or not: what began is finished."""
        return self.filter(done_at=None)


class Revocation(models.Model):
    """A sign-in of ours that ends because everything was stopped."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="revocations")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(null=True)  # a worker is at it
    done_at = models.DateTimeField(null=True)  # since then this desk holds no secret of it
    at_network = models.BooleanField(default=False)  # ended there too, for whoever copied it
    trouble = models.CharField(max_length=300, blank=True)  # why not, in the network's words

    objects = RevocationQuerySet.as_manager()

    class Meta:
        ordering = ["channel__name"]
        constraints = [models.UniqueConstraint(name="revocation_once", fields=["hold", "channel"])]

    def __str__(self) -> str:
        return str(self.channel)

    @property
    def agency_id(self) -> uuid.UUID:
        return self.hold.agency_id


class AccountCheck(models.Model):
    """How somebody found one of our accounts kept, when they looked on its network."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="checks")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    factor = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Factor])
    recovery_is_ours = models.BooleanField(default=False)
    owners = models.ManyToManyField(Member, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="account_check_knows_the_factor",
                condition=Q(factor__in=[f.value for f in Factor]),
            )
        ]

    def __str__(self) -> str:
        return str(self.channel)

    @property
    def agency_id(self) -> uuid.UUID:
        return self.channel.agency_id

    @property
    def kept(self) -> Kept:
        serving = [owner.is_active for owner in self.owners.all()]
        return Kept(
            self.at, Factor(self.factor), self.recovery_is_ours, sum(serving),
            len(serving) - sum(serving),
        )  # fmt: skip


class DayKey(DayKeyBase):
    """What turns a day's networks into marks, while questions are counted."""


class Arrival(ArrivalBase):
    """How often somebody asked whether words are ours. Not what they asked."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="question_counted_once", fields=["kind", "tag", "hour"])
        ]


class LookoutQuerySet(models.QuerySet["Lookout"]):
    def due(self, now: datetime) -> Self:
        """Those whose last look was long enough ago, longest first."""
        stale = Q(looked_at=None) | Q(looked_at__lte=now - LOOK_EVERY)
        return self.filter(stale).order_by(F("looked_at").asc(nulls_first=True))


class Lookout(models.Model):
    """How we watch one account: since when, and what stood there before."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="lookout")
    began_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    account = models.CharField(max_length=300, blank=True)  # its public address, as it began
    before = models.JSONField(default=list)  # the network's ids
    back_to = models.CharField(max_length=300, blank=True)  # older ones were not shown
    trouble = models.CharField(max_length=300, blank=True)

    objects = LookoutQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.channel)


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def to_tell(self, now: datetime) -> Self:
        return self.open().filter(tell_at__lte=now)


class Alarm(models.Model):
    """Something on one of our accounts that this desk did not do."""

    WORKFLOW: ClassVar = ALARM

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="alarms")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="alarms")
    what = models.CharField(max_length=10, choices=[(w.value, w.value) for w in What])
    network_id = models.CharField(max_length=300)
    url = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)  # what the public saw there
    ours = models.TextField(blank=True)  # what this desk had sent, where it had
    posted_at = models.DateTimeField(null=True)  # as the network says
    raised_at = models.DateTimeField(default=timezone.now)
    tell_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=State.OPEN.value, editable=False)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                name="alarm_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="alarm_explained_has_a_reason",
                condition=~Q(state=State.EXPLAINED.value) | ~Q(reason=""),
            ),
            # The same thing seen at every look is one alarm.
            models.UniqueConstraint(
                name="alarm_raised_once", fields=["channel", "what", "network_id"]
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or self.network_id

    def get_absolute_url(self) -> str:
        return reverse("protect:alarm", args=[self.pk])

    @property
    def can_be_removed(self) -> bool:
        """Whether it is not ours, and still stands there as far as we know."""
        there = self.what in (What.FOREIGN, What.TWICE) and self.removed_at is None
        return there and self.state == State.DISOWNED
