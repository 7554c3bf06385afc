"""Reads of the agency that pages share."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency, Member


def members_of(agency: Agency) -> QuerySet[Member]:
    """Everyone, with their unit, their roles, and until when they may speak for us."""
    now = timezone.now()
    in_force = Q(
        certificates__awarded_at__lte=now,
        certificates__expires_at__gt=now,
        certificates__revoked_at=None,
    )
    people = agency.members.select_related("unit").prefetch_related("role_rows")
    certified_until = Max("certificates__expires_at", filter=in_force)
    return people.annotate(certified_until=certified_until).order_by("-is_active", "name")
