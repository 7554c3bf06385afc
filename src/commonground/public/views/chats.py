"""Hours in which people ask us: when the next is, what is asked and answered, and the transcripts.
No account, no cookie; with script the page follows by itself, without it by reloading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commonground.agency.models import Agency
from commonground.answer import actions
from commonground.answer.models import ChatHour
from commonground.answer.queries.hours_in_public import in_public, version_of
from commonground.kit.paging import by_time
from commonground.public import queries
from commonground.public.forms import AskForm
from commonground.public.views import show
from commonground.public.views.letters import must_be_our_page
from commonground.public.views.talk import SAID, blank, sent
from commonground.record.views import PULSE

MOST_LINES = 500  # open pages that are told at once; whoever comes later reloads
SHOWN = 20


@require_safe
def chats(request: HttpRequest) -> HttpResponse:
    agency = queries.the_agency(request)
    rows = ChatHour.objects.ever_public().filter(agency=agency)
    now = timezone.now()
    coming = rows.coming().filter(ends_at__gt=now).order_by("starts_at")
    past = by_time(
        rows.exclude(pk__in=coming.values("pk")), "starts_at", request.GET.get("before", ""), SHOWN
    )
    return show(request, agency, "chats", coming=list(coming), page=past)


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def chat(request: HttpRequest, word: str) -> HttpResponse:
    """One hour: before it, during it and after it at the same address."""
    agency, hour = our(request, word)
    form = None
    if request.method == "POST":
        must_be_our_page(request)
        form = AskForm(request.POST, label=_("Your question"), languages=hour.languages)
        token = sent(form, request, lambda **given: actions.ask_in(hour, **given))
        if token:
            return redirect("public:written", token=token)
    elif hour.takes_questions(timezone.now()):
        form = blank(_("Your question"), hour.languages, str(get_language()))
    status = 200 if form is None or not form.errors else 422
    return show(request, agency, "chat", status=status, form=form, **shown(hour))


def shown(hour: ChatHour) -> dict[str, Any]:
    now = timezone.now()
    told = {"hour": hour, "is_on": hour.is_on(now), "is_past": hour.is_past(now)}

    def draw() -> SafeString:
        said = in_public(hour)
        found = {"answered": said.answered, "left_out": said.left_out, "counts": said.counts}
        return render_to_string("public/chat_said.html", {"agency": hour.agency, **told, **found})

    name = ("chat", hour.pk, hour.state, told["is_past"])
    return {**told, "said": SAID.once(name, version_of(hour), draw)}


def our(request: HttpRequest, word: str) -> tuple[Agency, ChatHour]:
    agency = queries.the_agency(request)
    rows = ChatHour.objects.ever_public().filter(agency=agency).select_related("agency", "channel")
    return agency, get_object_or_404(rows, word=word)


@require_safe
async def live(request: HttpRequest, word: str) -> HttpResponse | StreamingHttpResponse:
    """A line that stays open while the hour may change, and says no more than that it did."""
    agency, hour = await sync_to_async(our)(request, word)
    if not hour.takes_questions(timezone.now()) or len(PULSE.lines) >= MOST_LINES:
        return HttpResponse(status=204)  # a browser that is told this asks no more
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    lines = without_details(PULSE.line(str(agency.pk)))
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=headers)


async def without_details(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """What a desk is told of its own work is nobody else's: only that something was said."""
    async for event in lines:
        if "event: changed" not in event:
            yield event
        elif '"delivery"' in event or '"chathour"' in event:
            yield "event: changed\ndata: {}\n\n"
