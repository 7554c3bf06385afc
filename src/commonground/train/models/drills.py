"""A drill that is or was held: who is in it, and what happened at which of its minutes."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.say.models import Post
from commonground.train.engine.plan import Plan, in_language, plan_from
from commonground.train.states import WORKFLOW, State


class DrillQuerySet(models.QuerySet["Drill"]):
    def going(self) -> Self:
        """Begun, and not over: running or paused."""
        return self.exclude(state=State.OVER)

    def running(self) -> Self:
        return self.filter(state=State.RUNNING)

    def seen_by(self, member: Member) -> Self:
        """Those this member trains with, or is or was in."""
        ours = self.filter(agency=member.agency)
        return ours if "trainer" in member.roles else ours.filter(seats__member=member).distinct()


class Drill(models.Model):
    """One drill of a written plan, on the desk of an agency that is a drill itself."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="drills")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="drills")
    written = models.JSONField()  # the plan as it was when the drill began
    seed = models.PositiveBigIntegerField()
    begun_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, default=State.RUNNING.value, editable=False)
    speed = models.FloatField()  # minutes of the drill in a minute of the clock
    minute = models.FloatField(default=0.0)  # of the drill, as of the last round
    ticked_at = models.DateTimeField(default=timezone.now)  # when that was
    ended_at = models.DateTimeField(null=True)
    # When its clock was at which minute, and how fast it ran from there: one row a change.
    paces = models.JSONField(default=list)
    # What the debrief says, from the moment it ended: see actions.debrief.debrief_of.
    debrief = models.JSONField(default=dict)

    objects = DrillQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                name="drill_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(name="drill_has_a_speed", condition=Q(speed__gt=0)),
            models.UniqueConstraint(
                fields=["agency"], condition=~Q(state="over"), name="one_drill_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.plan.title, get_language() or "")

    def get_absolute_url(self) -> str:
        return reverse("train:drill", args=[self.pk])

    @cached_property
    def plan(self) -> Plan:
        return plan_from(self.written)

    @property
    def is_over(self) -> bool:
        return self.state == State.OVER

    def clock_at(self, minute: float) -> float:
        """What the desk's clock showed at a minute of the drill, in seconds of UTC."""
        since = [pace for pace in self.paces if pace[1] <= minute] or self.paces[:1]
        at, began, speed = since[-1] if since else (self.begun_at.timestamp(), 0.0, self.speed)
        return float(at + (minute - began) * 60 / speed)

    @property
    def gone(self) -> int:
        """How much of it has passed, in percent."""
        return int(100 * self.minute / self.plan.minutes)

    @property
    def ahead(self) -> int:
        return 100 - self.gone


class Role(models.TextChoices):
    """What somebody is in a drill; each is somebody's."""

    AUTHOR = "author", _("Author")
    APPROVER = "approver", _("Approver")
    SPOKESPERSON = "spokesperson", _("Spokesperson")


class Seat(models.Model):
    """Who is in a drill, as what."""

    ROLES: ClassVar = Role

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        ordering = ["role", "member__name"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "member", "role"], name="seat_is_taken_once"),
            models.CheckConstraint(name="seat_is_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.role}"


def could_be(agency: Agency, role: str) -> models.QuerySet[Member]:
    """Who can be this in a drill here: of the role on the desk; a spokesperson is anybody who may
    speak."""
    asked = ["author", "approver"] if role == Role.SPOKESPERSON else [role]
    people = agency.members.filter(is_active=True, role_rows__role__in=asked)
    return people.order_by("name").distinct()


class What(models.TextChoices):
    """What a happening is. The moods are of people who answered, or asked why nothing is said."""

    INJECT = "inject", _("Inject")
    POST = "post", _("Post")
    WARM = "warm", _("Thanks")
    ASKS = "asks", _("Question")
    SORE = "sore", _("Displeasure")
    SILENCE = "silence", _("Asks why nothing is said")
    STOP = "stop", _("Everything was stopped")
    START = "start", _("Started again")
    DISOWN = "disown", _("Said to be not ours")
    EXPLAIN = "explain", _("Said to be ours")
    WITHDRAW = "withdraw", _("Withdrawn")


MOODS = [What.WARM, What.ASKS, What.SORE, What.SILENCE]
ACTS = [What.STOP, What.START, What.DISOWN, What.EXPLAIN, What.WITHDRAW]


class HappeningQuerySet(models.QuerySet["Happening"]):
    def happened(self) -> Self:
        return self.filter(is_out=True)

    def due(self, minute: float) -> Self:
        """Replies whose minute has come."""
        return self.filter(is_out=False, minute__lte=minute)


class Happening(models.Model):
    """One thing on the time line of a drill; a reply waits in it for its minute."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="happenings")
    minute = models.FloatField()
    what = models.CharField(max_length=10, choices=What.choices)
    name = models.CharField(max_length=80)  # by which the score calls it
    text = models.TextField(blank=True)
    author = models.CharField(max_length=80, blank=True)  # of what made-up people say
    language = models.CharField(max_length=8, default="en")
    beneath = models.CharField(max_length=80, blank=True)  # the name of what it answers
    key = models.CharField(max_length=80, blank=True)  # how the rehearsal, or the desk, calls it
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="happenings")
    entry = models.PositiveBigIntegerField(null=True)  # of the record
    is_out = models.BooleanField(default=True)

    objects = HappeningQuerySet.as_manager()

    class Meta:
        ordering = ["minute", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "name"], name="happens_once_by_its_name")
        ]

    def __str__(self) -> str:
        return self.name
