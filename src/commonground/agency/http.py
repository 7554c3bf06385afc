"""What a view may rely on: someone is signed in, they belong to an agency, and clocks
show that agency's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from commonground.agency.models import Member

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class DeskRequest(HttpRequest):
    user: Member
    htmx: HtmxDetails


class LocalTime(MiddlewareMixin):
    """Shows every time as the agency's own clocks do, for members who are signed in."""

    def process_view(self, request: HttpRequest, *_: object) -> None:
        # A visitor without a session costs no query here.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if signed_in and request.user.is_authenticated:
            timezone.activate(request.user.agency.time_zone)
        else:
            timezone.deactivate()
