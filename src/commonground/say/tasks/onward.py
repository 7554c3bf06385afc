"""Carries on to followers elsewhere what stands on our own account in the fediverse."""

from __future__ import annotations

from uuid import UUID

from commonground.channels.networks.fediverse import carrying
from commonground.protect.models import Hold

CARRIERS = 6  # threads of one worker; a server that hangs takes two of them at most


def carry_onward() -> int:
    """How many parcels were carried."""
    carrying.bid_farewell()
    return carrying.carry_due(everything_is_stopped)


def everything_is_stopped(agency_id: UUID) -> bool:
    return Hold.objects.standing().filter(agency=agency_id).exists()
