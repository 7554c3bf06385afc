"""Drills: beginning one, the instructor's panel, and looking back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.kit.refusals import Refused
from commonground.train import actions, queries, rules
from commonground.train.engine.plan import Plan
from commonground.train.forms import BeginDrillForm, InjectForm, SpeedForm
from commonground.train.models import Drill, FirstRun
from commonground.train.views.looking import against_the_model, happened

ACTIONS = {"pause": actions.pause, "resume": actions.resume}


@login_required
def begin_drill(request: DeskRequest, plan: str) -> HttpResponse:
    """What the drill is about, who is what in it, how long it takes; then its clock runs."""
    chosen = our_plan(plan)
    rules.may_begin_drill(request.user.agency, request.user)
    form = BeginDrillForm(request.POST or None, plan=chosen, agency=request.user.agency)
    if request.method == "POST" and form.is_valid():
        drill = actions.begin_drill(chosen, form.seats(), by=request.user, speed=form.speed,
                                     recording=form.recording)  # fmt: skip
        messages.success(request, _("The drill has begun."))
        return redirect(drill)
    return render(request, "train/begin_drill.html", {"plan": chosen, "form": form})


@login_required
def drill(request: DeskRequest, drill_id: UUID) -> HttpResponse:
    """While it runs: its clock, and for whoever leads it the panel. Afterwards: the debrief."""
    found = our_drill(request, drill_id)
    context = {
        "drill": found, "plan": found.plan, "leads": rules.leads(found, request.user),
        "alone": own_first_run(request, found),
        "seats": found.seats.select_related("member"),
    }  # fmt: skip
    if found.is_over and not request.htmx:
        return render(request, "train/debrief.html", context | looked_back(found))
    context["moments"] = happened(found)[::-1]
    if request.htmx:  # the clock of an open page, until it says that it is over
        return render(request, "train/drill.html#clock", context)
    if rules.directs(found, request.user):
        context |= panel(found)
    return render(request, "train/drill.html", context)


def panel(found: Drill) -> dict[str, object]:
    """What is still to happen, for whoever leads it; nobody else is shown it."""
    there = set(found.happenings.values_list("name", flat=True))
    left = [one for one in found.plan.injects if one.name not in there]
    return {
        "left": sorted(left, key=lambda one: one.minute),
        "form": SpeedForm(initial={"speed": f"{found.speed:.6g}"}),
    }  # fmt: skip


def own_first_run(request: DeskRequest, found: Drill) -> FirstRun | None:
    """Where somebody looks at the first drill that they are alone in."""
    run: FirstRun | None = getattr(request, "practising", None)
    return run if run and run.drill_id == found.pk else None


def looked_back(found: Drill) -> dict[str, object]:
    """What was kept when it ended, beside what happened in it."""
    lines = {one.name: one for one in queries.scored(found)}
    keep, change = (
        [lines[name] for name in found.debrief.get(which, []) if name in lines]
        for which in ("keep", "change")
    )
    moments = against_the_model(found)
    return {"lines": list(lines.values()), "keep": keep, "change": change, "moments": moments}


@login_required
@require_POST
def act(request: DeskRequest, drill_id: UUID, verb: str) -> HttpResponse:
    """Pause, go on."""
    return redirect(ACTIONS[verb](our_drill(request, drill_id), by=request.user))


@login_required
def end(request: DeskRequest, drill_id: UUID) -> HttpResponse:
    """For good, so it is asked once more."""
    found = our_drill(request, drill_id)
    rules.may_lead(found, request.user)
    rules.must_be_going(found)
    if request.method == "POST":
        return redirect(actions.end(found, by=request.user))
    context = {
        "drill": found, "way_back": found.get_absolute_url(), "danger": True,
        "verb": _("End the drill"),
    }  # fmt: skip
    return render(request, "train/end_drill.html", context)


@login_required
@require_POST
def set_speed(request: DeskRequest, drill_id: UUID) -> HttpResponse:
    found, form = our_drill(request, drill_id), SpeedForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say how many times as fast as the clock, as a number above nothing."))
    return redirect(actions.set_speed(found, form.cleaned_data["speed"], by=request.user))


@login_required
@require_POST
def inject(request: DeskRequest, drill_id: UUID) -> HttpResponse:
    """One of the things that are written in it happens now."""
    found, form = our_drill(request, drill_id), InjectForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    return redirect(actions.inject(found, name, by=request.user))


def our_plan(name: str) -> Plan:
    if name not in queries.drill_names():
        raise Http404
    return queries.plan_named(name)


def our_drill(request: DeskRequest, drill_id: UUID) -> Drill:
    """One this person is in or leads: to everybody else it is not there."""
    seen = Drill.objects.seen_by(request.user).select_related(
        "agency", "channel", "hearing"
    )  # fmt: skip
    return get_object_or_404(seen, pk=drill_id)
