"""How far people trust us: where they say so, and what they said. No cookie, no script."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commonground.agency.models import Agency
from commonground.ask.http import speak
from commonground.kit.languages import name_of_language
from commonground.kit.refusals import Refused
from commonground.kit.visitors import peer
from commonground.learn import actions, queries
from commonground.learn.models import Kind, Pulse
from commonground.public.forms import ReplyForm
from commonground.public.http import wanted_by
from commonground.public.queries import the_agency
from commonground.public.views import show
from commonground.public.views.letters import must_be_our_page

FOR_NOW = {"Cache-Control": "public, max-age=60"}


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pulse(request: HttpRequest, word: str) -> HttpResponse:
    """Four sentences on one page. What is sent is counted, and nobody is asked who they are."""
    agency, found = our(request, word)
    language = language_for(request, found)
    context = frame(found, language)
    if not found.running:
        return show(request, agency, "pulse_resting", **context)
    form = ReplyForm(request.POST or None, pulse=found, language=language)
    if request.method == "POST":
        must_be_our_page(request)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return show(request, agency, "pulse", status=status, form=form, **context)
    refused = sent(form, found, peer(request))
    if refused is None:
        return redirect(f"{request.path}thanks/?in={language}")
    form.add_error(None, str(refused))
    return show(request, agency, "pulse", status=refused.status, form=form, **context)


def sent(form: ReplyForm, found: Pulse, address: str) -> Refused | None:
    """Why it was not counted, if so: whoever typed a wrong sign keeps what they answered."""
    try:
        actions.answer_pulse(
            found, code=form.code, scores=form.scores(), traits=form.classes(), address=address
        )
    except Refused as refused:
        return refused
    return None


def our(request: HttpRequest, word: str) -> tuple[Agency, Pulse]:
    agency = the_agency(request)
    rounds = Pulse.objects.shown().filter(agency=agency).select_related("agency", "census")
    return agency, get_object_or_404(rounds, word=word)


def language_for(request: HttpRequest, found: Pulse) -> str:
    """The reader's first that it is asked in. The page's own words follow, where we have them."""
    wanted = [request.POST.get("in", ""), *wanted_by(request)]
    language = next((code for code in wanted if code in found.languages), found.language)
    if len(found.languages) > 1:
        speak(request, language)
    return language


def frame(found: Pulse, language: str) -> dict[str, Any]:
    spoken = [(code, name_of_language(code, own=True).capitalize()) for code in found.languages]
    return {
        "pulse": found, "language": language,
        "spoken": spoken if len(spoken) > 1 else [],
        "needs_code": Kind.OPEN not in found.kinds,
    }  # fmt: skip


@require_safe
def thanks(request: HttpRequest, word: str) -> HttpResponse:
    agency, found = our(request, word)
    return show(request, agency, "pulse_thanks", **frame(found, language_for(request, found)))


@require_safe
def pulses(request: HttpRequest) -> HttpResponse:
    """What people said, round by round, and how sure that is."""
    agency = the_agency(request)
    return show(request, agency, "pulses", **what_people_said(agency))


def what_people_said(agency: Agency) -> dict[str, Any]:
    """Also for the page of promises."""
    language = str(get_language() or settings.LANGUAGE_CODE)
    rounds = queries.counted_rounds(agency)
    newest = rounds[-1] if rounds else None
    scores = queries.scores_of(rounds, language)
    return {
        "rounds": rounds, "newest": newest, "scores": scores, "now": timezone.now(),
        "names": queries.names_of_scores(), "running": queries.running_round(agency),
        "told": newest.figures.get(Kind.CODE) if newest else None,
        "voices": voices_of(newest) if newest else None,
        "groups": queries.groups_of(newest, language) if newest else [],
        "absent": queries.absent_in(newest, language) if newest else [],
        "seal": queries.seal_of(newest) if newest else None,
    }  # fmt: skip


def voices_of(newest: Pulse) -> dict[str, Any] | None:
    """What was open to anyone: shown apart, never weighed, never added up."""
    held = newest.figures.get(Kind.OPEN)
    if held is None:
        return None
    rows = []
    if not held["few"]:
        named = zip(queries.names_of_scores(), held["scores"].values(), strict=True)
        rows = [(name, row) for name, row in named]
    return {"few": held["few"], "people": held["people"], "rows": rows}


@require_safe
def figures(request: HttpRequest) -> JsonResponse:
    """All rounds for machines: sums alone, with the digest that stands in the record."""
    agency = the_agency(request)
    rounds = [queries.as_document(one) for one in queries.counted_rounds(agency)]
    return JsonResponse({"agency": agency.name, "rounds": rounds}, headers=FOR_NOW)
