"""What this room shows on other rooms' pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from commonground.agency.http import DeskRequest
from commonground.protect import queries
from commonground.protect.states import Case


def hold(request: HttpRequest) -> dict[str, object]:
    """The hold that stands over this agency, if any; asked only when a page draws it."""
    agency = getattr(getattr(request, "user", None), "agency", None)
    return {
        "standing_hold": SimpleLazyObject(lambda: queries.standing_over(agency) if agency else None)
    }


def what_needs_care(request: DeskRequest) -> str:
    """What is no alarm, and must not stay as it is: accounts badly kept, and lookalikes."""
    agency = request.user.agency
    grave = [h for h in queries.health_of(agency, timezone.now()) if h.is_grave]
    cases = queries.impostors(agency).filter(state=Case.FOUND)[:5]
    context = {"grave": grave, "impostors": cases}
    return render_to_string("protect/panel.html#care", context, request)
