"""What was public and is not held; when the desk could not look."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commonground.record.queries.captures import SHOWN, gaps_of
from commonground.record.views import agency_of


@login_required
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """The report of gaps, as it stands this minute."""
    found = gaps_of(agency_of(request), timezone.now())
    return render(request, "record/gaps.html", {"found": found, "most": SHOWN})
