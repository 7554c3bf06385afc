"""What the desk keeps for its answers: saved words, what was promised, how well both are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, queries, rules
from commonground.answer.engine.triage import KINDS
from commonground.answer.forms import PromiseForm, SavedAnswerForm
from commonground.answer.models import Promise, SavedAnswer
from commonground.answer.queries.after import whether_it_helped

WINDOWS = ((1, "day"), (7, "week"), (30, "month"))


@login_required
@require_GET
def saved(request: DeskRequest) -> HttpResponse:
    rules.may_read(request.user)
    context = {"saved": request.user.agency.saved_answers.all(),
               "may_act": Role.AUTHOR in request.user.roles}  # fmt: skip
    return render(request, "answer/saved.html", context)


@login_required
def new_saved(request: DeskRequest) -> HttpResponse:
    rules.may_act(request.user.agency_id, request.user)
    blank = SavedAnswer(agency=request.user.agency, language=request.user.agency.language)
    form = SavedAnswerForm(request.POST or None, instance=blank)
    if form.is_valid():
        actions.add_saved_answer(request.user.agency, by=request.user, **form.cleaned_data)
        return redirect("answer:saved")
    return render(request, "answer/saved_form.html", {"form": form}, status=status_of(form))


@login_required
def change_saved(request: DeskRequest, saved_id: int) -> HttpResponse:
    found = our_saved(request, saved_id)
    rules.may_act(found.agency_id, request.user)
    form = SavedAnswerForm(request.POST or None, instance=found)
    if form.is_valid():
        actions.change_saved_answer(found, by=request.user, **form.cleaned_data)
        return redirect("answer:saved")
    context = {"form": form, "found": found}
    return render(request, "answer/saved_form.html", context, status=status_of(form))


@login_required
@require_POST
def remove_saved(request: DeskRequest, saved_id: int) -> HttpResponse:
    found = our_saved(request, saved_id)
    actions.remove_saved_answer(found, by=request.user)
    messages.success(request, _("Removed. What was said with it stays."))
    return redirect("answer:saved")


def our_saved(request: DeskRequest, saved_id: int) -> SavedAnswer:
    rules.may_read(request.user)
    return get_object_or_404(request.user.agency.saved_answers, pk=saved_id)


@login_required
def promise(request: DeskRequest) -> HttpResponse:
    """How soon people are answered, and in which hours somebody is there."""
    agency = request.user.agency
    rules.may_promise(agency, request.user)
    held = Promise.objects.filter(agency=agency).first() or Promise(agency=agency)
    form = PromiseForm(request.POST or None, initial=PromiseForm.known(held))
    if form.is_valid():
        actions.promise(agency, by=request.user, **form.promised())
        messages.success(request, _("Kept. It counts for what arrives from now on."))
        return redirect("answer:report")
    return render(request, "answer/promise.html", {"form": form}, status=status_of(form))


@login_required
@require_GET
def report(request: DeskRequest) -> HttpResponse:
    """How long first answers took, and how many are left out of that."""
    rules.may_read_figures(request.user)
    agency, now = request.user.agency, timezone.now()
    context: dict[str, Any] = {
        "rows": [(name, queries.report(agency, now - timedelta(days=n))) for n, name in WINDOWS],
        "helped": whether_it_helped(agency, now - timedelta(days=WINDOWS[-1][0])),
        "promise": Promise.objects.filter(agency=agency).first() or Promise(agency=agency),
        "may_promise": Role.ADMIN in request.user.roles,
    }
    days = sorted(context["promise"].days)
    context["days"] = ", ".join(str(WEEKDAYS[day]) for day in days if day in WEEKDAYS)
    return render(request, "answer/report.html", context)


@login_required
@require_GET
def triage(request: DeskRequest) -> HttpResponse:
    """Where the triage was wrong, as people here said."""
    rules.may_read(request.user)
    agency = request.user.agency
    said = queries.mistakes(agency)
    context = {
        "kinds": [(kind.value, said.get(kind.value, {})) for kind in KINDS],
        "mistakes": queries.mistaken(agency)[:50],
    }
    return render(request, "answer/triage.html", context)


def status_of(form: PromiseForm | SavedAnswerForm) -> int:
    return 422 if form.errors else 200
