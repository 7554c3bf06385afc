"""Numbers that differ between agencies at one joint desk, as a piece of page."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from commonground.agency.http import DeskRequest
from commonground.learn.queries.figures import differing
from commonground.spot.queries.joint import desk_about


@login_required
@require_GET
def figures(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """By a moment of ours. Where nothing differs, nothing is drawn."""
    desk = desk_about(request.user.agency, moment_id)
    if desk is None and request.htmx and request.user.agency.moments.filter(pk=moment_id).exists():
        return HttpResponse()  # a page that was open when the desk ended
    if desk is None:
        raise Http404
    found = differing(desk)
    if request.htmx and not found:
        return HttpResponse()
    context = {"found": found, "desk": desk}
    return render(request, f"learn/figures.html{'#panel' if request.htmx else ''}", context)
