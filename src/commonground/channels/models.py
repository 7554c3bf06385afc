"""A channel is an account of ours on a network, and the people who may use it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commonground.agency.models import Agency, Member, Unit
from commonground.channels.contract import Adapter, Login, Network
from commonground.channels.networks import network_named, networks
from commonground.channels.states import WORKFLOW, State
from commonground.kit.clock import database_now
from commonground.kit.sealed import SealedJSONField

# Often enough to notice a lost sign-in before a person needs the channel, seldom enough
# for servers that allow few sign-ins a day.
PROVED_EVERY = timedelta(minutes=15)
TELLING, TELLING_LASTS = "telling", timedelta(minutes=1)  # a worker is at it, at most so long
CONFIRMED_EVERY = timedelta(days=365)  # a register of who speaks is reviewed each year
ENDS_SOON = timedelta(days=7)  # a week, so that whoever runs the channels is there once


class ChannelQuerySet(models.QuerySet["Channel"]):
    def open(self) -> Self:
        """Those a post can be written for, even while one waits to be signed in again."""
        return self.exclude(state=State.CLOSED)

    def to_prove(self, now: datetime) -> Self:
        """Those nobody has asked for a while, longest ago first."""
        stale = Q(asked_at=None) | Q(asked_at__lte=now - PROVED_EVERY)
        return self.open().filter(stale).order_by(F("asked_at").asc(nulls_first=True))

    def watchable(self) -> Self:
        """Accounts that others could speak from too, where we are let in and may look."""
        return self.elsewhere().filter(state__in=[State.READY, State.PAUSED])

    def elsewhere(self) -> Self:
        """Accounts on somebody else's server, which can be taken from us there."""
        there = [name for name, kind in networks().items() if not kind.ours_alone]
        return self.filter(network__in=there)

    def spoken_by(self, member: Member) -> Self:
        """Those a member is authorised to speak on, this second."""
        held = Authorisation.objects.in_force().filter(member=member)
        known = self.open().exclude(state=State.NEW.value)
        return known.filter(pk__in=held.values("channel"), agency=member.agency)

    def to_sign_in(self, now: datetime) -> Self:
        """Those somebody must sign in: shut out already, or within days."""
        soon = Q(signed_in_until__lte=now + ENDS_SOON)
        return self.open().filter(Q(state=State.SIGN_IN) | soon, drill=False)

    def listed(self) -> Self:
        """Those the public registry names."""
        return self.open().filter(drill=False, listed=True)


class Channel(models.Model):
    """An account the agency speaks from."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="channels")
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True)
    network = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=160, blank=True)
    # What it is for people to speak about here; each authorisation begins with it.
    topics = models.CharField(max_length=200, blank=True)
    # "": none in particular; "mul": several, each a post of its own.
    language = models.CharField(max_length=8, blank=True, default="en")
    address = models.CharField(max_length=200, blank=True)  # the server
    handle = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=300, blank=True)  # where the public finds it
    secrets = SealedJSONField(default=dict)
    state = models.CharField(max_length=16, default=State.NEW.value, editable=False)
    listed = models.BooleanField(default=True)
    drill = models.BooleanField(default=False, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)  # when we last tried
    proved_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_in_until = models.DateTimeField(null=True, blank=True, editable=False)  # if it is known
    told_of = models.CharField(max_length=40, blank=True, editable=False)  # to its people, last
    trouble = models.CharField(max_length=300, blank=True, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="channel_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            # A drill never reaches the public, whatever the code above believes.
            models.CheckConstraint(
                name="channel_of_a_drill_is_a_rehearsal",
                condition=Q(drill=False) | Q(network="rehearsal"),
            ),
            models.UniqueConstraint(name="channel_named_once", fields=["agency", "name"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Network:
        return network_named(self.network)

    @property
    def vouched(self) -> bool:
        """Whether its network has told us that it is ours, and has not taken it back since."""
        return self.proved_at is not None and self.state in (State.READY, State.PAUSED)

    @property
    def ends_soon(self) -> bool:
        """Whether somebody must sign it in again within days, or its posts will wait."""
        until, is_open = self.signed_in_until, self.state != State.CLOSED
        return is_open and until is not None and until - timezone.now() <= ENDS_SOON

    @property
    def named(self) -> bool:
        """Whether it has a name that can never change: there is nothing more to sign in."""
        return self.kind.named_for_good and self.proved_at is not None

    @property
    def needs_a_person(self) -> str:
        """Why somebody must sign it in, as a key that changes with the reason; "" if nobody."""
        if self.state == State.SIGN_IN:
            return "lost"
        return f"ends {self.signed_in_until:%Y-%m-%d %H:%M}" if self.ends_soon else ""

    def is_told(self, now: datetime) -> bool:
        """Whether its people know what they must do, or hear of it this minute."""
        word, _, since = self.told_of.partition(" ")
        if word == TELLING:
            return now.timestamp() - int(since) < TELLING_LASTS.total_seconds()
        return self.told_of == self.needs_a_person

    def login(self) -> Login:
        return Login(str(self.pk), self.address, self.handle, self.secrets)

    def adapter(self) -> Adapter:
        """The line to the network, signed in as this channel."""
        return self.kind.open(self.login())


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def in_force(self) -> Self:
        now = database_now()
        return self.filter(starts_at__lte=now, ended_at=None).filter(
            Q(ends_at=None) | Q(ends_at__gt=now)
        )


class Authorisation(models.Model):
    """Leadership's written yes that a member may speak from a channel."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="authorisations")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="authorisations")
    topics = models.CharField(max_length=200, blank=True)
    alone = models.BooleanField(default=False)  # may publish alone when nobody can read it in time
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    # How it came to be: what was asked for, what was asked back and stood in the way, what was
    # decided.
    request = models.TextField(blank=True)
    obstacles = models.TextField(blank=True)
    decision = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(default=timezone.now)  # when somebody last said it holds
    confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.member} on {self.channel}"

    @property
    def confirm_by(self) -> datetime:
        return self.confirmed_at + CONFIRMED_EVERY

    @property
    def is_overdue(self) -> bool:
        """Whether a year has passed in which nobody said that it still holds."""
        return timezone.now() > self.confirm_by
