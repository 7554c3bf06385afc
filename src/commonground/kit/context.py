"""What every page's frame needs to know."""

from __future__ import annotations

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    place = request.resolver_match.app_name if request.resolver_match else ""
    return {"place": place or ""}
