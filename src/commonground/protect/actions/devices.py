"""Knows a member's devices, and which of them somebody has vouched for."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.refusals import NotYours
from commonground.protect.models import Device
from commonground.record.actions import THE_DESK, witness

# What the cookie of the browser holds that asks just now; "" where no browser does.
IN_HAND: ContextVar[str] = ContextVar("device in hand", default="")


def device_in_hand(member: Member) -> Device | None:
    """The device with which this member lets something go out; None where no browser is at work."""
    token = IN_HAND.get()
    if not token:
        return None
    digest = hashlib.sha256(token.encode()).hexdigest()
    device, new = Device.objects.get_or_create(member=member, digest=digest)
    if new:
        witness("use_new_device", device, by=member)
    return device


@transaction.atomic
def confirm_device(device: Device, *, by: Member) -> Device:
    """Vouch for it: somebody else who asked the member, or the member with a second factor."""
    if by.agency_id != device.agency_id:
        raise NotYours(_("This device is not one of your agency’s."))
    now = timezone.now()
    if Device.objects.filter(pk=device.pk, confirmed_at=None).update(
        confirmed_at=now, confirmed_by=by
    ):
        witness("confirm_device", device, by=by)
    device.confirmed_at, device.confirmed_by = now, by
    return device


@transaction.atomic
def note_told_of_device(device: Device, *, by_mail: bool) -> None:
    """Its member knows that it let a post go out in their name."""
    if Device.objects.filter(pk=device.pk, told_at=None).update(told_at=timezone.now()):
        route = "e-mail" if by_mail else "screen"
        witness("tell_of_device", device, by=THE_DESK, route=route)


def known(member: Member) -> Device | None:
    """The device at hand, if it ever let something go; nothing is written down for looking."""
    digest = hashlib.sha256(IN_HAND.get().encode()).hexdigest()
    return Device.objects.filter(member=member, digest=digest).first()
