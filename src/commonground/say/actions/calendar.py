"""An address for a member's own calendar, and its end."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say.models import CalendarKey, digest_of


@transaction.atomic
def make_calendar_key(*, by: Member) -> str:
    """A new address; the one before ends. This is the only time it can be read."""
    token = secrets.token_urlsafe(32)
    fresh = {"digest": digest_of(token), "made_at": timezone.now()}
    key, _ = CalendarKey.objects.update_or_create(member=by, defaults=fresh)
    witness("make_calendar_key", key, by=by)
    return token


@transaction.atomic
def end_calendar_key(*, by: Member) -> None:
    key = CalendarKey.objects.filter(member=by).first()
    if key:
        witness("end_calendar_key", key, by=by)
        key.delete()
