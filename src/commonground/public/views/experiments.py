"""What we tried, and what it did: every experiment whose plan is on the record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from commonground.learn import queries as learn
from commonground.public import queries
from commonground.public.views import show

FOR_NOW = {"Cache-Control": "public, max-age=60"}


@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The running ones without their plan: whoever knows that they are watched acts otherwise."""
    agency = queries.the_agency(request)
    found = learn.public_experiments(agency)
    rows = [(one, learn.units_of(one) if one.is_over else []) for one in found]
    return show(request, agency, "experiments", rows=rows)


@require_safe
def experiments_file(request: HttpRequest) -> JsonResponse:
    """The same for machines, with what it takes to draw again and to reckon again."""
    agency = queries.the_agency(request)
    found = [learn.experiment_as_document(one) for one in learn.public_experiments(agency)]
    return JsonResponse({"agency": agency.name, "experiments": found}, headers=FOR_NOW)
