"""The pages of outlets whose news arrives by itself, and of what arrived."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.learn import actions, queries, rules
from commonground.learn.forms import OutletForm
from commonground.learn.models import Outlet
from commonground.learn.views.coverage import our_article, our_coverage


@login_required
def outlets(request: DeskRequest) -> HttpResponse:
    context = {
        "outlets": queries.outlets(request.user.agency),
        "may": rules.can_change_outlets(request.user),
    }
    return render(request, "learn/outlets.html", context)


@login_required
def new_outlet(request: DeskRequest) -> HttpResponse:
    rules.may_change_outlets(request.user)
    form = OutletForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        outlet = actions.add_outlet(by=request.user, **form.cleaned_data)
        messages.success(request, _("Its feed is read within a minute, then every ten minutes."))
        return redirect(outlet)
    return render(request, "learn/outlet_form.html", {"form": form})


@login_required
def outlet(request: DeskRequest, outlet_id: UUID) -> HttpResponse:
    """What its feed brought lately, and what became of each."""
    found = our_outlet(request, outlet_id)
    context = {
        "outlet": found, "arrived": queries.arrived(found).prefetch_related("articles__coverage"),
        "may": rules.can_change_outlets(request.user),
    }  # fmt: skip
    return render(request, "learn/outlet.html", context)


@login_required
def change_outlet(request: DeskRequest, outlet_id: UUID) -> HttpResponse:
    found = our_outlet(request, outlet_id)
    rules.may_change_outlets(request.user)
    form = OutletForm(request.POST or None, agency=request.user.agency, outlet=found)
    if form.is_valid():
        actions.change_outlet(found, by=request.user, **form.cleaned_data)
        return redirect(found)
    return render(request, "learn/outlet_form.html", {"form": form, "outlet": found})


@login_required
@require_POST
def switch_outlet(request: DeskRequest, outlet_id: UUID) -> HttpResponse:
    found = our_outlet(request, outlet_id)
    rules.may_change_outlets(request.user)
    actions.switch_outlet(found, on=not found.on, by=request.user)
    return redirect(found)


@login_required
@require_POST
def set_aside(request: DeskRequest, article_id: UUID) -> HttpResponse:
    """Not this one."""
    article = our_article(request, article_id)
    actions.set_aside(article, by=request.user)
    messages.success(request, _("It counts no more. It stands at the end of the page."))
    return redirect(article.coverage)


@login_required
@require_POST
def put_back(request: DeskRequest, article_id: UUID) -> HttpResponse:
    article = our_article(request, article_id)
    actions.put_back(article, by=request.user)
    return redirect(article.coverage)


@login_required
@require_POST
def go_direct(request: DeskRequest, coverage_id: UUID, place: int) -> HttpResponse:
    """One press to a draft that carries the message."""
    found = our_coverage(request, coverage_id)
    rules.may_go_direct(request.user)
    if place >= len(found.messages):
        raise Http404
    post = actions.go_direct(found, found.messages[place], by=request.user)
    return redirect("say:write", post.pk)


def our_outlet(request: DeskRequest, outlet_id: UUID) -> Outlet:
    if found := queries.our_outlet(request.user.agency, outlet_id):
        return found
    raise Http404
