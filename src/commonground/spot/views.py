"""Moments, and the library of vetted help."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.kit.charts import Point
from commonground.kit.paging import by_time
from commonground.spot import actions, queries
from commonground.spot.forms import DismissForm, MergeForm, ResourceForm
from commonground.spot.models import Moment, Resource
from commonground.spot.states import WORKFLOW, State

AT_FIRST_SIGHT = 5  # more than five lines are read by nobody in a hurry


@login_required
def open_panel(request: DeskRequest) -> HttpResponse:
    """The open moments, at most five, for the first page."""
    found = queries.open_moments(request.user.agency, most=AT_FIRST_SIGHT + 1)
    context = {"moments": found[:AT_FIRST_SIGHT], "more": len(found) > AT_FIRST_SIGHT}
    return render(request, f"spot/open.html{'#panel' if request.htmx else ''}", context)


@login_required
def moments(request: DeskRequest) -> HttpResponse:
    """Every moment, newest first; those of one state if asked."""
    asked = request.GET.get("state", "")
    rows = queries.moments(request.user.agency)
    if asked in set(State):
        rows = rows.filter(state=asked)
    page = by_time(rows, "opened_at", request.GET.get("before", ""))
    counts = queries.counts(request.user.agency)
    context = {"page": page, "asked": asked, "counts": counts, "states": list(State)}
    return render(request, "spot/moments.html", context)


@login_required
def moment(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """What people talk about, why it was raised, how long is left, and what would help."""
    found = our_moment(request, moment_id)
    points = [Point(p.at, p.count, p.usual) for p in queries.curve(found)]
    open_to = WORKFLOW.open_to(cast(State, found.state), request.user.roles)
    context = {
        "moment": found,
        "points": points,
        "may": open_to,
        "may_draft": Role.AUTHOR in request.user.roles,
        "is_open": found.state == State.OPEN,
    }
    return render(request, "spot/moment.html", context)


@login_required
def dismiss(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    form = DismissForm(request.POST or None)
    if form.is_valid():
        actions.dismiss(found, reason=form.whole_reason(), by=request.user)
        messages.success(request, _("The moment passes without us. The record says why."))
        return redirect(found)
    return render(request, "spot/dismiss.html", {"form": form, "moment": found})


@login_required
def merge(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    form = MergeForm(request.POST or None, moment=found)
    if form.is_valid():
        actions.merge(found, into=form.cleaned_data["into"], by=request.user)
        return redirect(form.cleaned_data["into"])
    return render(request, "spot/merge.html", {"form": form, "moment": found})


@login_required
@require_POST
def act(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = actions.act(our_moment(request, moment_id), by=request.user)
    return redirect(found)


@login_required
@require_POST
def reopen(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    return redirect(actions.reopen(our_moment(request, moment_id), by=request.user))


def our_moment(request: DeskRequest, moment_id: UUID) -> Moment:
    """Another agency's moment is not refused: it is not there."""
    if found := queries.our_moment(request.user.agency, moment_id):
        return found
    raise Http404


# The library


@login_required
def resources(request: DeskRequest) -> HttpResponse:
    """Everything we offer, what must be checked again first."""
    found = queries.resources(request.user.agency)
    context = {"resources": found, "may_change": may_change(request)}
    return render(request, "spot/resources.html", context)


@login_required
def new_resource(request: DeskRequest) -> HttpResponse:
    form = ResourceForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        actions.add_resource(request.user.agency, by=request.user, **form.fields_of_it())
        messages.success(request, _("Added. Moments that open from now on can offer it."))
        return redirect("spot:resources")
    return render(request, "spot/resource.html", {"form": form})


@login_required
def resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    found = our_resource(request, resource_id)
    form = ResourceForm(request.POST or None, agency=request.user.agency, resource=found)
    if form.is_valid():
        actions.change_resource(found, by=request.user, **form.fields_of_it())
        messages.success(request, _("Changed."))
        return redirect("spot:resources")
    context = {"form": form, "resource": found, "may_change": may_change(request)}
    return render(request, "spot/resource.html", context)


@login_required
@require_POST
def check_resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    actions.check_resource(our_resource(request, resource_id), by=request.user)
    return redirect("spot:resources")


@login_required
@require_POST
def retire_resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    actions.retire_resource(our_resource(request, resource_id), by=request.user)
    messages.success(request, _("It is offered no more. The record keeps that it was."))
    return redirect("spot:resources")


def our_resource(request: DeskRequest, resource_id: UUID) -> Resource:
    ours = Resource.objects.offered().filter(agency=request.user.agency)
    return get_object_or_404(ours, pk=resource_id)


def may_change(request: DeskRequest) -> bool:
    return bool(request.user.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})
