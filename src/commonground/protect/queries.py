"""Reads of holds and alarms that pages share."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from commonground.agency.models import Agency
from commonground.protect.models import Alarm, Hold, Lookout


def standing_over(agency: Agency) -> Hold | None:
    """The hold that stops this agency now, with who set it and who agreed to lift it."""
    return Hold.objects.standing().filter(agency=agency).select_related("by", "first_yes").first()


def alarms(agency: Agency) -> QuerySet[Alarm]:
    return Alarm.objects.filter(agency=agency).select_related("channel", "decided_by")


def lookouts(agency: Agency) -> QuerySet[Lookout]:
    """How each account is watched, with when we last looked."""
    ours = Lookout.objects.filter(channel__agency=agency).select_related("channel")
    return ours.order_by("channel__name")


def is_stopped(agency_id: UUID) -> bool:
    """Whether this agency stopped everything. Named in `settings.STOPPED_BY`."""
    return Hold.objects.standing().filter(agency=agency_id).exists()
