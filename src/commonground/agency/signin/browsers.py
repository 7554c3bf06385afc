"""In which browsers a member is signed in."""

from __future__ import annotations

import re
import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from commonground.agency.models import Member, SignedIn
from commonground.kit.sessions import BEGUN, row_of

# The first that fits; a browser also names those it descends from.
BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"),
            ("Safari", "Safari")]  # fmt: skip
SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux")]  # fmt: skip


def device_of(request: HttpRequest) -> str:
    """What the browser calls itself, in two words. It may lie; it is for its owner's memory."""
    said = request.headers.get("User-Agent", "")
    parts = [
        next((name for sign, name in known if re.search(sign, said)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(part for part in parts if part)


@receiver(user_logged_in)
def note_browser(request: HttpRequest | None, user: Member, **_: Any) -> None:
    if request is not None and getattr(request, "session", None) is not None:
        request.session[BEGUN] = int(time.time())
        this_one(request, user)


def this_one(request: HttpRequest, member: Member) -> SignedIn:
    """The row of the browser that asks. Its session may have had another key a moment ago."""
    if not request.session.session_key:
        request.session.save()
    row, _new = SignedIn.objects.get_or_create(
        session=row_of(str(request.session.session_key)),
        defaults={"member": member, "device": device_of(request)},
    )
    return row


def give_new_cookie(request: HttpRequest, member: Member) -> None:
    """Whoever took the cookie before holds nothing, once its owner has proven themselves again.
    In the list of browsers this stays the same one."""
    row = this_one(request, member)
    request.session.cycle_key()
    SignedIn.objects.filter(pk=row.pk).update(session=row_of(str(request.session.session_key)))


def browsers_of(member: Member) -> list[SignedIn]:
    """Those that are still signed in, newest first. The others are forgotten."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    member.signed_in.exclude(session__in=alive).delete()
    return list(member.signed_in.all())
