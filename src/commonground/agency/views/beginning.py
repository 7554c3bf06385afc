"""The first days: what an agency says of itself, what is left to do, and hints for somebody new."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency import actions, rules
from commonground.agency.forms import AboutForm
from commonground.agency.http import DeskRequest
from commonground.agency.queries import hints_for
from commonground.agency.states import Role
from commonground.kit.beginning import beginning_of


@login_required
def about(request: DeskRequest) -> HttpResponse:
    """What stands on each public page, and how the desk itself writes."""
    rules.may_change_members(request.user)
    agency = request.user.agency
    known = {
        "emergency_number": agency.emergency_number, "motto": agency.motto,
        "languages": ", ".join(agency.languages), "time_zone": agency.time_zone,
    }  # fmt: skip
    form = AboutForm(request.POST or None, initial=known)
    if form.is_valid():
        actions.describe(agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept. It holds from now on, on every page."))
        return redirect("agency:setup")
    return render(request, "agency/about.html", {"form": form, "units": agency.units.all()})


@login_required
def setup(request: DeskRequest) -> HttpResponse:
    """What is left to do until this desk is whole. Everybody may read it; administrators do it."""
    may_act = Role.ADMIN in request.user.roles
    context = {"beginning": beginning_of(request.user.agency), "may_act": may_act}
    return render(request, "agency/setup.html", context)


@login_required
def setup_panel(request: DeskRequest) -> HttpResponse:
    """The same on the first page, for who can do it, and only while something waits."""
    if Role.ADMIN not in request.user.roles or request.user.agency.drill:
        return HttpResponse()
    left = beginning_of(request.user.agency)
    if left.next is None:
        return HttpResponse()
    context = {"beginning": left, "may_act": True, "on_now": True}
    return render(request, "agency/setup.html#card", context)


@login_required
def tour(request: DeskRequest) -> HttpResponse:
    """The hints, for whoever wants them again."""
    return render(request, "agency/tour.html", {"hints": hints_for(request.user)})


@login_required
def tour_panel(request: DeskRequest) -> HttpResponse:
    """On the first page, until its reader has seen enough of them."""
    if request.user.toured_at:
        return HttpResponse()
    context = {"hints": hints_for(request.user), "on_now": True}
    return render(request, "agency/tour.html#card", context)


@login_required
@require_POST
def end_tour(request: DeskRequest) -> HttpResponse:
    actions.end_tour(request.user)
    messages.success(request, _("The hints are gone from this page. Help has them still."))
    return redirect("now")


@login_required
@require_POST
def begin_tour(request: DeskRequest) -> HttpResponse:
    actions.begin_tour(request.user)
    return redirect("now")
