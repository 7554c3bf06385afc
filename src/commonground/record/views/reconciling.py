"""Where the record is stopped: two administrators own up to a loss."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.kit.forms import ReasonForm
from commonground.record.actions import reconciling as actions
from commonground.record.actions.guarding import what_is_wrong
from commonground.record.models import Reconciliation
from commonground.record.views.keeping import officer


@login_required
def reconcile(request: HttpRequest) -> HttpResponse:
    """What is lost, who says so, and what happens when a second person agrees."""
    by = officer(request)
    actions.may_reconcile(by)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.ask_to_reconcile(reason=form.cleaned_data["reason"], by=by)
        return redirect("record:reconcile")
    pending = Reconciliation.objects.filter(done_at=None).first()
    context = {
        "form": form, "trouble": what_is_wrong(), "pending": pending,
        "mine": pending is not None and pending.asked_by == str(by.pk),
    }  # fmt: skip
    return render(request, "record/reconcile.html", context)


@login_required
@require_POST
def agree_to_reconcile(request: HttpRequest, reconciliation_id: int) -> HttpResponse:
    actions.may_reconcile(officer(request))
    row = get_object_or_404(Reconciliation, pk=reconciliation_id, done_at=None)
    broken = actions.agree_to_reconcile(row, by=officer(request))
    messages.success(
        request,
        _(
            "Log %(ended)s has ended with %(kept)s entries kept, and a new one begins. The loss is"
            " the first thing it says."
        )
        % {"ended": broken.epoch, "kept": broken.kept},
    )
    return redirect("record:record")
