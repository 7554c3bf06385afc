"""The browser a member sits at: whether it is known, and how it becomes so."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commonground.agency.http import DeskRequest
from commonground.kit.refusals import Refused
from commonground.protect import actions

FRESH = 300.0  # seconds since a second factor was shown
FACTORS = {Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP}


@login_required
def device(request: DeskRequest) -> HttpResponse:
    """Whether this browser is known; and a button, once a second factor was shown just now."""
    found = actions.device_in_hand(request.user) if request.method == "POST" else None
    if found:
        if not showed_a_factor(request):
            raise Refused(_("Show your passkey or your code again: the last time is too long ago."))
        actions.confirm_device(found, by=request.user)
        messages.success(request, _("This device is known from now on."))
        return redirect("protect:device")
    context = {
        "known": actions.devices.known(request.user), "fresh": showed_a_factor(request),
        "has_factor": Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists(),
    }  # fmt: skip
    return render(request, "protect/device.html", context)


def showed_a_factor(request: HttpRequest) -> bool:
    """A passkey or a code within five minutes. A password is what a thief has."""
    since = time.time() - FRESH
    return any(
        shown.get("method") == "mfa" and shown.get("type") in FACTORS and shown.get("at", 0) > since
        for shown in get_authentication_records(request, request.user)
    )
