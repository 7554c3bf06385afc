"""You said, we did: what is public, what waits for a second person, and what led to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, rules
from commonground.answer.forms.deeds import DeedForm, RetractForm
from commonground.answer.models import Deed
from commonground.answer.states import DeedState


@login_required
@require_GET
def deeds(request: DeskRequest) -> HttpResponse:
    rules.may_read(request.user)
    ours = request.user.agency.deeds.select_related("written_by", "agreed_by")
    context = {"deeds": ours[:100], "may_act": Role.AUTHOR in request.user.roles}
    return render(request, "answer/deeds.html", context)


@login_required
def new_deed(request: DeskRequest) -> HttpResponse:
    """From a conversation, whose address the link brings along, or from a question."""
    agency = request.user.agency
    rules.may_act(agency.pk, request.user)
    led = agency.conversations.filter(pk__in=asked_for(request)).select_related("channel")
    form = DeedForm(request.POST or None, initial={"language": agency.language})
    if form.is_valid():
        made = actions.propose_deed(agency, by=request.user, conversations=led, **form.cleaned_data)
        messages.success(request, _("Kept. A second person reads it; then everybody can."))
        return redirect(made)
    context = {"form": form, "led": led}
    return render(request, "answer/deed_form.html", context, status=422 if form.errors else 200)


def asked_for(request: DeskRequest) -> list[UUID]:
    said = request.POST.getlist("from") or request.GET.getlist("from")
    found = []
    for one in said[:50]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


@login_required
@require_GET
def deed(request: DeskRequest, deed_id: UUID) -> HttpResponse:
    return render(request, "answer/deed.html", shown(request, our_deed(request, deed_id)))


def shown(request: DeskRequest, found: Deed, form: RetractForm | None = None) -> dict[str, Any]:
    member, waits = request.user, found.state == DeedState.PROPOSED
    may_act = Role.AUTHOR in member.roles
    return {
        "deed": found, "led": found.conversations.select_related("channel"),
        "may_announce": waits and Role.APPROVER in member.roles
        and not member.is_also(found.written_by),
        "may_give_up": waits and may_act,
        "may_retract": found.state == DeedState.PUBLISHED and may_act,
        "form": form or RetractForm(),
    }  # fmt: skip


@login_required
@require_POST
def act(request: DeskRequest, deed_id: UUID, action: Callable[..., Deed]) -> HttpResponse:
    found = our_deed(request, deed_id)
    action(found, by=request.user)
    return redirect(found)


@login_required
@require_POST
def retract(request: DeskRequest, deed_id: UUID) -> HttpResponse:
    found, form = our_deed(request, deed_id), RetractForm(request.POST)
    if not form.is_valid():
        return render(request, "answer/deed.html", shown(request, found, form), status=422)
    actions.retract(found, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Taken back. The public page says so, and why."))
    return redirect(found)


def our_deed(request: DeskRequest, deed_id: UUID) -> Deed:
    rules.may_read(request.user)
    ours = request.user.agency.deeds.select_related("written_by", "agreed_by")
    return get_object_or_404(ours, pk=deed_id)
