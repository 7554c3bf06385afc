"""Signing in at another house, and connecting a member's account there with the one here."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonground.agency import actions, queries
from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.agency.signin.elsewhere import NotBelieved, begin, come_back

ENTER, CONNECT = "enter", "connect"


@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Off to the other house."""
    if request.user.is_authenticated:
        return redirect("now")
    return redirect(begin(request, ENTER))


@login_required
@require_POST
def my_elsewhere(request: DeskRequest) -> HttpResponse:
    """Connect my account over there; from then on it lets me in here."""
    return redirect(begin(request, CONNECT))


@login_required
@require_POST
def my_elsewhere_end(request: DeskRequest) -> HttpResponse:
    actions.disconnect(request.user, by=request.user)
    messages.success(request, _("It lets you in no more."))
    return redirect("agency:ways_in")


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from there, with a word that is believed or not."""
    purpose, subject = come_back(request)
    if purpose == CONNECT and request.user.is_authenticated:
        actions.connect(request.user, issuer=settings.ENV.oidc_issuer, subject=subject)
        messages.success(request, _("Connected. It lets you in from now on."))
        return redirect("agency:ways_in")
    member = queries.known_elsewhere(settings.ENV.oidc_issuer, subject)
    if member is None or purpose != ENTER:
        raise NotBelieved(_("nobody here is known by it. Sign in as before, and connect it first."))
    return come_in(request, member)


def come_in(request: HttpRequest, member: Member) -> HttpResponse:
    """By the way all others come in: whoever has a second proof is asked for it."""
    record_authentication(request, member, method="elsewhere")
    answer: HttpResponse = perform_login(request, Login(user=member))
    return answer
