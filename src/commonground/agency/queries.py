"""Reads of the agency that pages share."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark


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


def mark_elsewhere(issuer: str, subject: str) -> str:
    """Stands for an account at another house; nobody without our key can tell which."""
    return mark(lasting_key("accounts elsewhere"), issuer, subject)


def known_elsewhere(issuer: str, subject: str) -> Member | None:
    """Whom that account lets in here. An address of e-mail lets in nobody."""
    known = Member.objects.filter(elsewhere__mark=mark_elsewhere(issuer, subject), is_active=True)
    return known.first()
