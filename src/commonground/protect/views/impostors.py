"""Accounts that could pass for us: what was found, who looks, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.kit.forms import ReasonForm
from commonground.kit.paging import by_time
from commonground.protect import actions, queries
from commonground.protect.forms import AddImpostorForm, ReportForm
from commonground.protect.models import Impostor
from commonground.protect.states import IMPOSTOR, Case


@login_required
@require_GET
def impostors(request: DeskRequest) -> HttpResponse:
    """Every account that was found, newest first, and where we search."""
    agency = request.user.agency
    page = by_time(queries.impostors(agency), "found_at", request.GET.get("before", ""))
    places = agency.places_searched.all()
    return render(request, "protect/impostors.html", {"page": page, "places": places})


@login_required
def add_impostor(request: DeskRequest) -> HttpResponse:
    form = AddImpostorForm(request.POST or None)
    if form.is_valid():
        case = actions.add_impostor(request.user.agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Written down. Now look at it, and say what it is."))
        return redirect(case)
    status = 422 if form.is_bound else 200
    return render(request, "protect/add_impostor.html", {"form": form}, status=status)


@login_required
@require_GET
def impostor(request: DeskRequest, impostor_id: UUID) -> HttpResponse:
    """What its name says, why it was found, and what to do next."""
    return case_page(request, our_case(request, impostor_id))


def case_page(
    request: DeskRequest, case: Impostor, bound: ReasonForm | None = None
) -> HttpResponse:
    may = IMPOSTOR.open_to(cast(Case, case.state), request.user.roles)
    context = {
        "case": case, "may": [] if case.forgotten else may, "form": bound or ReasonForm(),
        "report": ReportForm(), "site": request.user.agency.site,
        "agency": request.user.agency,
    }  # fmt: skip
    return render(request, "protect/impostor.html", context, status=422 if bound else 200)


@login_required
@require_POST
def with_reason(
    request: DeskRequest, impostor_id: UUID, verb: Callable[..., Impostor]
) -> HttpResponse:
    case, form = our_case(request, impostor_id), ReasonForm(request.POST)
    if not form.is_valid():
        return case_page(request, case, form)
    return redirect(verb(case, reason=form.cleaned_data["reason"], by=request.user))


@login_required
@require_POST
def report(request: DeskRequest, impostor_id: UUID) -> HttpResponse:
    form = ReportForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    return redirect(actions.report(our_case(request, impostor_id), number=number, by=request.user))


@login_required
@require_POST
def take_step(
    request: DeskRequest, impostor_id: UUID, verb: Callable[..., Impostor]
) -> HttpResponse:
    return redirect(verb(our_case(request, impostor_id), by=request.user))


def our_case(request: DeskRequest, impostor_id: UUID) -> Impostor:
    return get_object_or_404(queries.impostors(request.user.agency), pk=impostor_id)
