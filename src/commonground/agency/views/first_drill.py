"""An administrator lets somebody new speak before their first drill."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commonground.agency import actions, rules
from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.kit.forms import ReasonForm


@login_required
def lift(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """What is lost by it, and why it is done all the same."""
    person = get_object_or_404(Member, pk=member_id, agency=request.user.agency)
    rules.may_lift_first_drill(person, request.user)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.lift_first_drill(person, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%(name)s may speak without a first drill.") % {"name": person})
        return redirect("agency:member", person.pk)
    return render(request, "agency/lift_first_drill.html", {"form": form, "person": person})
