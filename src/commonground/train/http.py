"""Whoever is in their first drill sees its desk instead of their own, until they leave it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from commonground.agency.models import Member
from commonground.train.queries import first_run_of

PRACTISING = "practising"  # in the session of the person who signed in
# What stays theirs meanwhile: their sign-in, what everybody may read, and the way back.
THEIR_OWN = ("account_", "mfa_", "agency:ways_in", "agency:my_", "agency:elsewhere",
             "agency:come_back", "set_language", "public:", "asked:", "train:first")  # fmt: skip


class InPractice(MiddlewareMixin):
    """On the practice desk they are another member, who exists nowhere else and may do nothing on
    the real one. Who that is, is looked up by who signed in: a session only says that they went."""

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if not request.session.get(PRACTISING) or not request.user.is_authenticated:
            return
        run = first_run_of(request.user)
        if run is None or not run.twin.agency.drill:
            return
        request.practising = run  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith(THEIR_OWN):
            become(request, run.twin)


def become(request: HttpRequest, twin: Member) -> None:
    async def later() -> Member:
        return twin

    request.user, request.auser = twin, later
