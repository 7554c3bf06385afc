"""What this room shows in every page's frame."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commonground.agency.models import Agency
from commonground.protect.models import Hold


def hold(request: HttpRequest) -> dict[str, object]:
    """The hold that stands over this agency, if any; asked only when a page draws it."""
    agency = getattr(request.user, "agency", None) if hasattr(request, "user") else None
    return {"standing_hold": SimpleLazyObject(lambda: standing_over(agency))}


def standing_over(agency: Agency | None) -> Hold | None:
    if agency is None:
        return None
    return Hold.objects.standing().filter(agency=agency).select_related("by", "first_yes").first()
