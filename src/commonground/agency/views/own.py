"""A member's own sign-in: what they have, what they still need, and where they are signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency import actions
from commonground.agency.http import DeskRequest
from commonground.agency.models import OutsideAccount
from commonground.agency.signin.asking import waiting_act
from commonground.agency.signin.browsers import browsers_of, this_one
from commonground.agency.signin.proofs import missing, proved_lately


@login_required
def ways_in(request: DeskRequest) -> HttpResponse:
    """My sign-in: passkeys, codes, browsers; and above all what is still missing, and how."""
    here = this_one(request, request.user)
    ways = Authenticator.objects.filter(user=request.user)
    context = {
        "missing": missing(request.user), "browsers": browsers_of(request.user), "here": here,
        "passkeys": [way for way in ways if way.type == "webauthn"],
        "kinds": {way.type for way in ways},
        "house": settings.ENV.oidc_issuer and settings.ENV.oidc_name,
        "connected": OutsideAccount.objects.filter(member=request.user).exists(),
        "recovery": request.user.recoveries.open().select_related("asked_by", "agreed_by").first(),
    }  # fmt: skip
    return render(request, "agency/ways_in.html", context)


@login_required
@require_POST
def my_browser_end(request: DeskRequest, browser_id: int) -> HttpResponse:
    """Sign one browser out: a lost phone, the library's computer."""
    browser = get_object_or_404(request.user.signed_in, pk=browser_id)
    actions.end_sign_ins(request.user, sessions=[browser.session], by=request.user)
    return redirect("agency:ways_in")


@login_required
@require_POST
def my_others_end(request: DeskRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    here = this_one(request, request.user)
    others = request.user.signed_in.exclude(pk=here.pk).values_list("session", flat=True)
    actions.end_sign_ins(request.user, sessions=list(others), by=request.user)
    messages.success(request, _("You are signed in here and nowhere else."))
    return redirect("agency:ways_in")


@login_required
def my_act(request: DeskRequest) -> HttpResponse:
    """Who was asked to prove themselves goes on where they were: one press, nothing typed again."""
    act = waiting_act(request) if proved_lately(request) else None
    if act is None:
        return redirect("now")
    path, typed = act
    return render(request, "agency/go_on.html", {"path": path, "typed": typed})


@login_required
@require_POST
def my_recovery_off(request: DeskRequest) -> HttpResponse:
    """I have not lost my way in: nobody makes another in my name."""
    if recovery := request.user.recoveries.open().first():
        actions.call_off_recovery(recovery, by=request.user)
        messages.success(request, _("It was called off. All administrators are told."))
    return redirect("agency:ways_in")
