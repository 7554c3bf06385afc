"""The record, as people read it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from commonground.kit.live import Pulse
from commonground.kit.paging import by_number
from commonground.record.forms import SearchForm
from commonground.record.models import Entry, Head
from commonground.record.queries import looked_through, news_since

PULSE = Pulse(news_since)


@login_required
def record(request: HttpRequest) -> HttpResponse:
    """What was done, in sentences, newest first."""
    form = SearchForm(request.GET)
    entries = form.narrow(Entry.objects.of(agency_of(request)))
    before = request.GET.get("before", "")
    # Names and words stand sealed: to find them, entries are opened one by one.
    if form.reads():
        page = looked_through(entries, before, form.fits)
    else:
        page = by_number(entries, before)
    return render(
        request, "record/record.html", {"form": form, "page": page, "head": Head.objects.first()}
    )


@login_required
def integrity_panel(request: HttpRequest) -> HttpResponse:
    """Whether the record is whole, and when that was last checked."""
    fragment = "#line" if request.headers.get("HX-Request") == "true" else ""
    context = {"head": Head.objects.first()}
    return render(request, f"record/integrity.html{fragment}", context)


@login_required
async def live(request: HttpRequest) -> StreamingHttpResponse:
    """A line that stays open and says when something of ours changed."""
    member = await request.auser()
    lines = PULSE.line(str(getattr(member, "agency_id", "")))
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=headers)


def agency_of(request: HttpRequest) -> object:
    """Whose record it is. This room lies below the agency's and knows only its key."""
    return getattr(request.user, "agency_id", "")
