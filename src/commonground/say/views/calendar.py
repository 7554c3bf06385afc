"""The calendar: a week of what goes out, and the address for a member's own calendar."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, queries
from commonground.say.engine.weeks import Week
from commonground.say.models import CalendarKey
from commonground.say.queries.calendar import days_of, later_than


@login_required
@require_GET
def calendar(request: DeskRequest) -> HttpResponse:
    return render(request, "say/calendar.html", shown(request))


def shown(request: DeskRequest) -> dict[str, object]:
    agency, today = request.user.agency, Week.of(timezone.localdate())
    week = Week.named(request.GET.get("week", "")) or today
    return {
        "week": week, "earlier": week.other(-1), "later": week.other(1), "is_now": week == today,
        "days": days_of(agency, week), "after": later_than(agency, week),
        "queues": queries.queues_that_matter(agency),
        "key": CalendarKey.objects.filter(member=request.user).first(),
        **queries.hands_on_holds(request.user),
    }  # fmt: skip


@login_required
@require_POST
def make_key(request: DeskRequest) -> HttpResponse:
    """The address is on this answer only, so it is not a page to come back to."""
    token = actions.make_calendar_key(by=request.user)
    path = reverse("say:calendar_file", args=[token])
    address = settings.ENV.site_url.rstrip("/") + path
    answer = render(request, "say/calendar.html", {**shown(request), "address": address})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def end_key(request: DeskRequest) -> HttpResponse:
    actions.end_calendar_key(by=request.user)
    return redirect("say:calendar")
