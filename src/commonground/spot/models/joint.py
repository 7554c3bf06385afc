"""A joint desk: agencies of one installation that look at one moment together, for as long as it
runs. Each keeps its own words; what they share is listed here, and nothing else is."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.spot.models.moments import Moment
from commonground.spot.states import PARTNER, PartnerState, State


class Shown(models.TextChoices):
    """From when on the others see a post about the moment. A draft they never see."""

    IN_REVIEW = "in_review", _("As soon as it is in review")
    APPROVED = "approved", _("Once it is approved")
    PUBLISHED = "published", _("Once it is public")


class PartnerQuerySet(models.QuerySet["Partner"]):
    def together(self) -> Self:
        """Those who share a moment now: both said yes, and neither one's moment is over."""
        running = Q(moment__state=State.OPEN.value, own_moment__state=State.OPEN.value)
        return self.filter(running, state=PartnerState.STANDING)

    def asked(self) -> Self:
        """Invitations that nobody has answered yet, to moments that still run."""
        return self.filter(state=PartnerState.INVITED, moment__state=State.OPEN.value)


class Partner(models.Model):
    """Another agency at the desk of one of our moments, from the invitation to the end."""

    WORKFLOW: ClassVar = PARTNER

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="partners")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="joint_desks")
    state = models.CharField(max_length=10, default=PartnerState.INVITED.value, editable=False)
    # Their own moment: what they write is about that one, so that no row of theirs is ever ours.
    own_moment = models.ForeignKey(
        Moment, on_delete=models.CASCADE, null=True, editable=False, related_name="shared_as"
    )
    note = models.CharField(max_length=300, blank=True)  # why we ask them
    # From when on each side shows the other its posts.
    host_shows = models.CharField(max_length=10, choices=Shown.choices)
    shows = models.CharField(max_length=10, choices=Shown.choices, default=Shown.PUBLISHED)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    until = models.DateTimeField(null=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at"]
        constraints = [
            models.CheckConstraint(
                name="partner_state_is_known",
                condition=Q(state__in=[s.value for s in PartnerState]),
            ),
            models.CheckConstraint(
                name="partner_at_the_desk_has_its_own_moment",
                condition=~Q(state="standing") | Q(own_moment__isnull=False, since__isnull=False),
            ),
            models.CheckConstraint(
                name="partner_moments_are_two", condition=~Q(own_moment=F("moment"))
            ),
            models.UniqueConstraint(
                name="partner_once", fields=["moment", "agency"],
                condition=Q(state__in=["invited", "standing"]),
            ),
            # Else what is shown at one desk would be looked up at the other.
            models.UniqueConstraint(
                name="partner_own_moment_at_one_desk", fields=["own_moment"],
                condition=Q(state="standing"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency} and {self.moment}"

    @property
    def host_id(self) -> uuid.UUID:
        return self.moment.agency_id


class Fact(models.Model):
    """What one of them knows, under its own name: "building evacuated, 14:10"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="facts")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="facts")
    text = models.CharField(max_length=300)
    known_at = models.DateTimeField(default=timezone.now)  # since when it is so
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    # Taken back it stays, struck through: others have read it.
    taken_back_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-known_at", "-added_at"]

    def __str__(self) -> str:
        return self.text[:60]


class Spokesperson(models.Model):
    """Who answers the public on one subject of a shared moment, so that not everybody does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="spokespeople")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="spokespeople")
    subject = models.CharField(max_length=80)
    who = models.CharField(max_length=80)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["subject"]
        constraints = [
            models.UniqueConstraint(
                Lower("subject"), "moment", name="spokesperson_one_for_a_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.who}"
