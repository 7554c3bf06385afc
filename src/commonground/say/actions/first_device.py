"""The first post that a member lets go from a device waits until somebody vouches for it.

Whoever steals a session or a password has the member's rights and not the member's browser. The
Metropolitan Police's own publishing tool spoke for others on 19 July 2019.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.protect.actions import confirm_device, device_in_hand
from commonground.protect.models import Device
from commonground.record.actions import THE_DESK, advance
from commonground.say.models import LetOutFrom, Post


def note_device(post: Post, by: Member) -> None:
    """Remember from where it was let go. A second person who lets go what was held for its
    device vouches for that one, if their own is known."""
    device = device_in_hand(by)
    before = LetOutFrom.objects.filter(post=post).select_related("device__member").first()
    if before and before.held and vouches(by, device, before.device):
        confirm_device(before.device, by=by)
    if device is None:
        LetOutFrom.objects.filter(post=post).delete()
    else:
        LetOutFrom.objects.update_or_create(post=post, defaults={"device": device, "held": False})


def vouches(by: Member, device: Device | None, other: Device) -> bool:
    is_known = device is None or device.confirmed_at is not None
    return is_known and not by.is_also(other.member)


def unknown_device(post: Post) -> Device | None:
    """The device it was let go from, if nobody has vouched for that one."""
    if not settings.ENV.first_device or post.agency.drill:
        return None
    said = LetOutFrom.objects.filter(post=post, device__confirmed_at=None)
    found = said.select_related("device__member").first()
    return found.device if found else None


def hold_for_device(post: Post, device: Device, now: datetime) -> Post:
    """Keep it until somebody makes sure that it was the member, and not a thief."""
    why = _("%(who)s let it go from a device that never did so before. Ask them if it was them.")
    said = (why % {"who": device.member.name})[:300]
    LetOutFrom.objects.filter(post=post).update(held=True)
    return advance(
        post, "brake", by=THE_DESK, told={"reason": said}, held_by=None, held_at=now,
        held_because=said, held_for=None, held_told_at=None,
    )  # fmt: skip
