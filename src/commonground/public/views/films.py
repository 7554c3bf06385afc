"""The video of a page, and its captions, while the page stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commonground.channels.networks.site.models import PageFilm
from commonground.kit.media import for_all, shown_only
from commonground.kit.ranges import answer_in_parts
from commonground.public import queries

KEPT = "public, max-age=3600"


@require_safe
@for_all
def film(request: HttpRequest, key: str) -> HttpResponse:
    found = of_page(request, key)
    answer = answer_in_parts(request, bytes(found.content), found.type)
    answer["Cache-Control"] = KEPT
    return answer


@require_safe
@shown_only
def captions(request: HttpRequest, key: str) -> HttpResponse:
    kept = {"Cache-Control": KEPT, "X-Content-Type-Options": "nosniff"}
    said = of_page(request, key).captions
    return HttpResponse(said, content_type="text/vtt; charset=utf-8", headers=kept)


def of_page(request: HttpRequest, key: str) -> PageFilm:
    return get_object_or_404(PageFilm, page__in=queries.still_shown(request, key))
