"""The pages of areas: what fills blanks there, and which channels speak for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.say import actions, rules
from commonground.say.forms.versions import AreaForm
from commonground.say.models import Area


@login_required
@require_GET
def areas(request: DeskRequest) -> HttpResponse:
    """All of them, and what is known of each."""
    actions.everywhere_of(request.user.agency)
    rows = request.user.agency.areas.prefetch_related("voices__channel")
    context = {"areas": rows, "may_keep": Role.ADMIN in request.user.roles}
    return render(request, "say/areas.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    rules.may_keep_areas(request.user.agency, request.user)
    form = AreaForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        return redirect(actions.add_area(by=request.user, **form.said()))
    return written(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, area_id: int) -> HttpResponse:
    area = our_area(request, area_id)
    rules.may_keep_areas(area.agency, request.user)
    form = AreaForm(request.POST or None, agency=request.user.agency, area=area)
    if form.is_valid():
        return redirect(actions.change_area(area, by=request.user, **form.said()))
    return written(request, form, area)


def written(request: DeskRequest, form: AreaForm, area: Area | None = None) -> HttpResponse:
    context = {"form": form, "area": area}
    return render(request, "say/area.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: DeskRequest, area_id: int) -> HttpResponse:
    actions.remove_area(our_area(request, area_id), by=request.user)
    return redirect("say:areas")


def our_area(request: DeskRequest, area_id: int) -> Area:
    return get_object_or_404(request.user.agency.areas.select_related("agency"), pk=area_id)
