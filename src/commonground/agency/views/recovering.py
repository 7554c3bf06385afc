"""A new way in for somebody who lost all of theirs: two administrators, and a day."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from commonground.agency import actions, rules
from commonground.agency.http import DeskRequest
from commonground.agency.models import Member, Recovery
from commonground.agency.signin import first_sign_in
from commonground.kit.forms import ReasonForm


@login_required
def ask(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Say that they lost every way in, and how you know that it is them who asks."""
    person = get_object_or_404(Member, pk=member_id, agency=request.user.agency)
    rules.may_ask_to_recover(person, request.user)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.ask_to_recover(person, reason=form.cleaned_data["reason"], by=request.user)
        return redirect("agency:member", person.pk)
    return render(request, "agency/ask_to_recover.html", {"form": form, "person": person})


@login_required
@require_POST
def agree(request: DeskRequest, recovery_id: int) -> HttpResponse:
    recovery = ours(request, recovery_id)
    actions.agree_to_recover(recovery, by=request.user)
    return redirect("agency:member", recovery.member_id)


@login_required
@require_POST
def call_off(request: DeskRequest, recovery_id: int) -> HttpResponse:
    recovery = ours(request, recovery_id)
    actions.call_off_recovery(recovery, by=request.user)
    return redirect("agency:member", recovery.member_id)


@login_required
@require_POST
def carry_out(request: DeskRequest, recovery_id: int) -> HttpResponse:
    """All their old ways in end; the link to a new one is shown this once."""
    person = actions.recover(ours(request, recovery_id), by=request.user)
    link = request.build_absolute_uri(first_sign_in(person))
    return render(request, "agency/invited.html", {"member": person, "link": link})


def ours(request: DeskRequest, recovery_id: int) -> Recovery:
    theirs = Recovery.objects.filter(member__agency=request.user.agency)
    return get_object_or_404(theirs.select_related("member__agency", "asked_by"), pk=recovery_id)
