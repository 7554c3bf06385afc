"""What a view may rely on: someone is signed in, they belong to an agency, and clocks
show that agency's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from commonground.agency.models import Agency, Member
from commonground.kit.sites import name_at, site_at

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class DeskRequest(HttpRequest):
    user: Member
    htmx: HtmxDetails


def public_agency(request: HttpRequest) -> Agency | None:
    """Whose public face is at the address of this request: its own, else the first agency's."""
    ours = Agency.objects.in_public()
    if name := name_at(request):
        return ours.filter(slug=name).first()
    return ours.first()


def is_here(request: HttpRequest, agency: Agency) -> bool:
    """Whether what a link of ours leads to may be shown at the address it was opened at: each
    agency's at its own, and at the installation's that of those who have no other."""
    return agency.site == site_at(request) or agency == public_agency(request)


def in_public(request: HttpRequest) -> dict[str, object]:
    """What stands before the address of a public page on a page of the desk: it is one's own
    agency's, and not that of whoever the public meets at the desk's address."""
    return {"in_public": SimpleLazyObject(lambda: site_elsewhere(request))}


def site_elsewhere(request: HttpRequest) -> str:
    agency = getattr(getattr(request, "user", None), "agency", None)
    return agency.site if agency and agency.site != site_at(request) else ""


class LocalTime(MiddlewareMixin):
    """Shows every time as the agency's own clocks do, for members who are signed in."""

    def process_view(self, request: HttpRequest, *_: object) -> None:
        # A visitor without a session costs no query here.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if signed_in and request.user.is_authenticated:
            timezone.activate(request.user.agency.time_zone)
        else:
            timezone.deactivate()
