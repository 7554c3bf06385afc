"""The desk's side of experiments: plan, register, tell what was measured, or call off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.kit.forms import ReasonForm
from commonground.learn import actions, queries, rules
from commonground.learn.forms import ExperimentForm, OutcomesForm, PreregisterForm
from commonground.learn.models import Experiment
from commonground.learn.states import EXPERIMENT, ExperimentState


@login_required
@require_GET
def experiments(request: DeskRequest) -> HttpResponse:
    rows = queries.experiments_of(request.user.agency)
    context = {"experiments": rows, "may": rules.can_survey(request.user)}
    return render(request, "learn/experiments.html", context)


@login_required
def plan_experiment(request: DeskRequest) -> HttpResponse:
    rules.may_survey(request.user)
    form = ExperimentForm(request.POST or None)
    if form.is_valid():
        made = actions.plan_experiment(by=request.user, **form.plan_of_it())
        messages.success(request, _("Kept. Look at what it could find before it is registered."))
        return redirect(made)
    return render(
        request, "learn/plan_experiment.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    """The plan and what it could find; then who gets which way; then what was found."""
    found = our_experiment(request, experiment_id)
    may = EXPERIMENT.open_to(ExperimentState(found.state), rules.deciding(request.user))
    context = {
        "experiment": found, "may": may, "own": found.planned_by_id == request.user.pk,
        "promise": queries.power_of(found), "units": queries.units_of(found) if found.ways else [],
        "ended": timezone.localdate() > found.ends_on,
    }  # fmt: skip
    return render(request, "learn/experiment.html", context)


@login_required
def preregister_experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    found = our_experiment(request, experiment_id)
    form = PreregisterForm(request.POST or None, initial={"read": queries.digest_of_plan(found)})
    if form.is_valid():
        actions.preregister_experiment(found, read=form.cleaned_data["read"], by=request.user)
        messages.success(request, _("On the record. Chance has said who gets which way."))
        return redirect(found)
    context = {"experiment": found, "form": form, "promise": queries.power_of(found)}
    return render(request, "learn/preregister_experiment.html", context)


@login_required
@require_POST
def drop_experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    found = actions.drop_experiment(our_experiment(request, experiment_id), by=request.user)
    messages.success(request, _("Put away. It can be taken up again on its page."))
    return redirect(found)


@login_required
@require_POST
def take_up_experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    found = our_experiment(request, experiment_id)
    return redirect(actions.take_up_experiment(found, by=request.user))


@login_required
def conclude_experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    found = our_experiment(request, experiment_id)
    rules.may_run(found, request.user)
    form = OutcomesForm(request.POST or None, units=found.units)
    if form.is_valid():
        actions.conclude_experiment(found, outcomes=form.cleaned_data["outcomes"], by=request.user)
        return redirect(found)
    context = {"experiment": found, "form": form}
    return render(
        request, "learn/conclude_experiment.html", context, status=422 if form.errors else 200
    )


@login_required
def call_off_experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    found = our_experiment(request, experiment_id)
    rules.may_call_off(found, request.user)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.call_off_experiment(found, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(found)
    return render(request, "learn/call_off_experiment.html", {"experiment": found, "form": form})


def our_experiment(request: DeskRequest, experiment_id: UUID) -> Experiment:
    """Another agency's experiment is not refused: it is not there."""
    if found := queries.our_experiment(request.user.agency, experiment_id):
        return found
    raise Http404
