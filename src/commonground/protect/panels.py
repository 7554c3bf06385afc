"""What this room shows in every page's frame."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commonground.protect.queries import standing_over


def hold(request: HttpRequest) -> dict[str, object]:
    """The hold that stands over this agency, if any; asked only when a page draws it."""
    agency = getattr(getattr(request, "user", None), "agency", None)
    return {"standing_hold": SimpleLazyObject(lambda: standing_over(agency) if agency else None)}
