"""The record, as people read it."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from commonground.kit.live import Pulse
from commonground.kit.paging import Page, by_number
from commonground.record.forms import SearchForm
from commonground.record.models import Entry
from commonground.record.queries import news_since, where_it_stands
from commonground.record.queries.finding import find
from commonground.record.queries.inquiries import due_soon

PULSE = Pulse(news_since)


@login_required
def record(request: HttpRequest) -> HttpResponse:
    """What was done, in sentences, newest first."""
    form = SearchForm(request.GET)
    entries = form.narrow(Entry.objects.of(agency_of(request)))
    before = request.GET.get("before", "")
    looked = 0
    if wanted := form.wanted():
        found = find(entries.readable_by(roles_of(request)), before, wanted)
        page, looked = Page(list(found.rows), found.older, first=not before), found.looked
    else:
        page = by_number(entries, before)
    context = {"form": form, "page": page, "looked": looked, **where_it_stands()}
    return render(request, "record/record.html", context)


@login_required
def integrity_panel(request: HttpRequest) -> HttpResponse:
    """Whether the record is whole, and when that was last checked."""
    fragment = "#line" if request.headers.get("HX-Request") == "true" else ""
    context = where_it_stands() | {"due": due_soon(agency_of(request), timezone.localdate())}
    return render(request, f"record/integrity.html{fragment}", context)


@login_required
async def live(request: HttpRequest) -> StreamingHttpResponse:
    """A line that stays open and says when something of ours changed."""
    member = await request.auser()
    lines = PULSE.line(str(getattr(member, "agency_id", "")))
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=headers)


def roles_of(request: HttpRequest) -> Collection[str]:
    roles: Collection[str] = getattr(request.user, "roles", ())
    return roles


def agency_of(request: HttpRequest) -> object:
    """Whose record it is. This room lies below the agency's and knows only its key."""
    return getattr(request.user, "agency_id", "")
