"""Whoever is in their first drill sees its desk instead of their own, until they leave it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from commonground.agency.models import Member
from commonground.train.models import FirstRun
from commonground.train.queries import first_run_of

PRACTISING = "practising"  # in the session of the person who signed in
# What stays theirs meanwhile: their sign-in, what everybody may read, and the way back.
THEIR_OWN = ("account_", "mfa_", "agency:ways_in", "agency:my_", "agency:elsewhere",
             "agency:come_back", "set_language", "public:", "asked:", "train:first")  # fmt: skip


class InPractice(MiddlewareMixin):
    """On the practice desk they are another member, who exists nowhere else and may do nothing on
    the real one. Who that is, is looked up by who signed in: a session only says that they went."""

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(THEIR_OWN):
            self.find(request)
            return None
        if run := self.find(request):
            become(request, run.twin)
        if is_of_another_desk(request):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return None

    def find(self, request: HttpRequest) -> FirstRun | None:
        """The first drill they are in just now."""
        if not request.session.get(PRACTISING) or not request.user.is_authenticated:
            return None
        run = first_run_of(request.user)
        if run is None or not run.twin.agency.drill:
            return None
        request.practising = run  # type: ignore[attr-defined]
        return run


def is_of_another_desk(request: HttpRequest) -> bool:
    """A panel asks for what is new from a page that was opened before they went in, or out: it must
    not fill with the other desk's."""
    said = request.headers.get("X-Desk")
    return bool(said) and request.user.is_authenticated and said != str(request.user.agency_id)


def become(request: HttpRequest, twin: Member) -> None:
    async def later() -> Member:
        return twin

    request.user, request.auser = twin, later
