"""What every page's frame needs to know."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Where we are: `place` is the room, `view_name` the page."""
    match = request.resolver_match
    return {
        "place": (match.app_name if match else "") or "",
        "view_name": match.view_name if match else "",
        "media_origin": settings.MEDIA_ORIGIN,  # before the address of a picture
    }
