"""What every page's frame needs to know."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from commonground.kit.sites import name_at, own_site


def frame(request: HttpRequest) -> dict[str, object]:
    """Where we are: `place` is the room, `view_name` the page."""
    match = request.resolver_match
    return {
        "place": (match.app_name if match else "") or "",
        "view_name": match.view_name if match else "",
        "desk": desk_of(request),
        "media_origin": settings.MEDIA_ORIGIN,  # before the address of a picture
    }


def desk_of(request: HttpRequest) -> str:
    """What stands before an address of the desk on a page at another's address."""
    try:
        return own_site() if name_at(request) else ""
    except DisallowedHost:  # this is the page that says so
        return ""
