"""Stands before every page of the desk: whoever still lacks a second proof is shown how to add one,
and before a dangerous act a fresh one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from commonground.agency.models import Member
from commonground.agency.signin.proofs import in_grace, missing, proved_lately

WAITING = "waiting_act"  # what they were about to do, until they have proved themselves
WAITS = 600  # seconds
LARGEST = 64 * 1024
LOOKED_AT, LOOK_AGAIN = "factors_looked_at", 300
# Open to whoever has yet to add a proof: how to, signing out, help, and what everybody may read.
ALWAYS = (
    "account_", "mfa_", "agency:ways_in", "agency:my_", "agency:elsewhere",
    "agency:come_back", "set_language", "desk_help", "public:",
    "asked:",
)  # fmt: skip


class AskForProof(MiddlewareMixin):
    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponseBase], *_: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        open_still = name.startswith(ALWAYS)
        asks = request.method == "POST" and name in settings.ASK_AGAIN
        # A visitor without a session costs nothing here.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or (open_still and not asks):
            return None
        if not request.user.is_authenticated:
            return None
        if not open_still and is_overdue(request, request.user):
            return away_to(request, reverse("agency:ways_in"))
        return asked_first(request, request.user) if asks and not proved_lately(request) else None


def is_overdue(request: HttpRequest, member: Member) -> bool:
    """Looked up every few minutes: on each page it would cost two questions to the database."""
    if in_grace(member):
        return False
    now = timezone.now().timestamp()
    if now - float(request.session.get(LOOKED_AT, 0)) < LOOK_AGAIN:
        return False
    lacks = missing(member)
    if lacks and lacks.overdue:
        return True
    request.session[LOOKED_AT] = now
    return False


def asked_first(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep what they were about to send, and ask for a proof. Nothing was done yet."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    kept = typed.urlencode()
    if len(kept) <= LARGEST:
        request.session[WAITING] = {
            "path": request.get_full_path(), "typed": kept, "at": timezone.now().timestamp(),
        }  # fmt: skip
    methods = get_adapter().get_reauthentication_methods(member)
    to = methods[0]["url"] if methods else reverse("agency:ways_in")
    return away_to(request, f"{to}?{urlencode({'next': reverse('agency:my_act')})}")


def away_to(request: HttpRequest, to: str) -> HttpResponse:
    if request.headers.get("Accept") == "text/event-stream":
        return HttpResponse(status=204)  # a line that is to stay closed; the page itself goes there
    if request.headers.get("HX-Request") != "true":
        return redirect(to)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = to
    return answer


def waiting_act(request: HttpRequest) -> tuple[str, list[tuple[str, str]]] | None:
    """Where they were going, and what they typed; once, and while they still remember it."""
    kept = request.session.pop(WAITING, None)
    if not kept or timezone.now().timestamp() - kept["at"] > WAITS:
        return None
    typed = QueryDict(kept["typed"])
    return kept["path"], [(name, value) for name, values in typed.lists() for value in values]
