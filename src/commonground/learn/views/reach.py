"""How far our posts came, and whom they did not reach."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from commonground.agency.http import DeskRequest
from commonground.learn import queries


@login_required
@require_GET
def reach(request: DeskRequest) -> HttpResponse:
    """By channel, by post, and then who lives here and was not spoken to."""
    agency, now = request.user.agency, timezone.now()
    context = {
        "channels": queries.reach_by_channel(agency, now),
        "deliveries": queries.newest_reach(agency, now),
        "missed": queries.not_reached(agency, now), "census": queries.census_of(agency),
    }  # fmt: skip
    return render(request, "learn/reach.html", context)
