"""What interrupts a drill: something real."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.train import queries
from commonground.train.models import FirstRun

SEEN = "real_seen"  # in the session: what somebody was called for and left to others
MOST_SEEN = 50


@login_required
@require_GET
def real(request: DeskRequest) -> HttpResponse:
    """Over the whole page of a drill; nothing where nothing is happening."""
    found = standing(request)
    if not found:
        return HttpResponse(status=204)
    return render(request, "train/real.html", {"found": found})


@login_required
@require_POST
def leave_to_others(request: DeskRequest) -> HttpResponse:
    """They read it and go on practising: others take care of it. What came since they read it
    calls them anew."""
    read = set(request.POST.getlist("read"))
    seen = [one.key for one in standing(request) if one.key in read]
    request.session[SEEN] = [*request.session.get(SEEN, []), *seen][-MOST_SEEN:]
    return redirect("now")


def standing(request: HttpRequest) -> list[queries.Real]:
    if not request.user.is_authenticated or not request.user.agency.drill:
        return []
    run: FirstRun | None = getattr(request, "practising", None)
    return queries.real_now(request.user.agency, run, request.session.get(SEEN, []))
