"""Moments, and the library of vetted help."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.kit.charts import Point
from commonground.kit.paging import by_time
from commonground.spot import actions, queries, rules
from commonground.spot.forms import (
    AnswerForm,
    CloseForm,
    DismissForm,
    KnownForm,
    MergeForm,
    ResourceForm,
    RumourForm,
)
from commonground.spot.models import Backtest, Moment, Resource, Rumour
from commonground.spot.queries import joint as together
from commonground.spot.states import RUMOUR, WORKFLOW, RumourState, State

LOOKING_BACK_DAYS = 90  # a quarter: long enough to see a habit, short enough to remember it
OVERLOADED_HOURS = 12  # until somebody looks again
MOST_BACKTESTS = 50
AT_FIRST_SIGHT = 5  # more than five lines are read by nobody in a hurry


@login_required
def open_panel(request: DeskRequest) -> HttpResponse:
    """The open moments, at most five, for the first page."""
    found = queries.open_moments(request.user.agency, most=AT_FIRST_SIGHT + 1)
    earlier = queries.earlier_curves(request.user.agency) if found else []
    context = {
        "moments": [
            (m, queries.silent_for(m), queries.still_ahead(m, earlier))
            for m in found[:AT_FIRST_SIGHT]
        ],
        "more": len(found) > AT_FIRST_SIGHT,
        "invitations": together.invitations_to(request.user.agency),
        "unanswered": queries.silent_count(request.user.agency, days=LOOKING_BACK_DAYS),
        "days": LOOKING_BACK_DAYS,
    }
    return render(request, f"spot/open.html{'#panel' if request.htmx else ''}", context)


@login_required
def moments(request: DeskRequest) -> HttpResponse:
    """Every moment, newest first; those of one state if asked."""
    asked = request.GET.get("state", "")
    rows = queries.moments(request.user.agency)
    if asked in set(State):
        rows = rows.filter(state=asked)
    page = by_time(rows, "opened_at", request.GET.get("before", ""))
    counts = queries.counts(request.user.agency)
    context = {"page": page, "asked": asked, "counts": counts, "states": list(State)}
    return render(request, "spot/moments.html", context)


@login_required
def moment(
    request: DeskRequest, moment_id: UUID, rumour_form: RumourForm | None = None
) -> HttpResponse:
    """What people talk about, why it was raised, how long is left, and what would help."""
    found = our_moment(request, moment_id)
    points = [Point(p.at, p.count, p.usual) for p in queries.curve(found)]
    open_to = WORKFLOW.open_to(cast(State, found.state), request.user.roles)
    context = {
        "moment": found,
        "points": points,
        "may": open_to,
        "may_draft": Role.AUTHOR in request.user.roles,
        "is_open": found.state == State.OPEN,
        "silent_for": queries.silent_for(found),
        "ahead": ahead_of(found) if found.state == State.OPEN else None,
        "fitting": queries.fitting(found),
        "rumours": queries.rumours(found),
        **sharing(request, found),
        "rumour_form": rumour_form or RumourForm(),
    }
    return render(request, "spot/moment.html", context)


def sharing(request: DeskRequest, found: Moment) -> dict[str, bool]:
    """Whether a joint desk is held about it, or could be: one agency alone is asked nothing."""
    if found.state != State.OPEN or found.agency.drill:
        return {}
    if not together.others_of(found.agency).exists():
        return {}
    if together.shared_from(found):
        return {"shared": True}
    return {"may_share": Role.APPROVER in request.user.roles or bool(together.invited_to(found))}


def ahead_of(found: Moment) -> queries.Ahead:
    return queries.still_ahead(found, queries.earlier_curves(found.agency))


@login_required
def dismiss(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    rules.may_decide(found, request.user)
    form = DismissForm(request.POST or None)
    if form.is_valid():
        actions.dismiss(found, reason=form.whole_reason(), by=request.user)
        messages.success(request, _("The moment passes without us. The record says why."))
        return redirect(found)
    return render(request, "spot/dismiss.html", {"form": form, "moment": found})


@login_required
def merge(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    rules.may_decide(found, request.user)
    form = MergeForm(request.POST or None, moment=found)
    if form.is_valid():
        actions.merge(found, into=form.cleaned_data["into"], by=request.user)
        return redirect(form.cleaned_data["into"])
    return render(request, "spot/merge.html", {"form": form, "moment": found})


@login_required
def act(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    return closing(request, our_moment(request, moment_id), actions.act, "act")


@login_required
def join(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    return closing(request, our_moment(request, moment_id), actions.join, "join")


def closing(
    request: DeskRequest, found: Moment, close: Callable[..., Moment], verb: str
) -> HttpResponse:
    """Close it with a result: what we did, and whether it was in time."""
    rules.may_decide(found, request.user)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        close(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Closed. The record says what we did."))
        return redirect(found)
    return render(request, "spot/close.html", {"form": form, "moment": found, "verb": verb})


@login_required
@require_POST
def grave(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """Grave, or no longer: cheerful posts that wait should go on waiting."""
    found = our_moment(request, moment_id)
    return redirect(actions.call_grave(found, grave=not found.grave, by=request.user))


@login_required
def silent(request: DeskRequest) -> HttpResponse:
    """The moments that ended without a word from us."""
    context = {"report": queries.report(request.user.agency, days=LOOKING_BACK_DAYS)}
    return render(request, "spot/silent.html", context)


@login_required
def backtests(request: DeskRequest) -> HttpResponse:
    """How good our spotting is: the newest report in full, and every measuring there was."""
    tests = list(queries.backtests(request.user.agency)[:MOST_BACKTESTS])
    newest = Backtest.objects.finished().filter(agency=request.user.agency).first()
    context = {"tests": [(t, queries.asleep(t)) for t in tests], **reported(newest)}
    return render(request, "spot/backtests.html", context)


@login_required
def backtest(request: DeskRequest, backtest_id: UUID) -> HttpResponse:
    found = get_object_or_404(Backtest, pk=backtest_id, agency=request.user.agency)
    context = {"asleep": queries.asleep(found), **reported(found)}
    return render(request, "spot/backtest.html", context)


def reported(test: Backtest | None) -> dict[str, object]:
    """What a report says, ready for a page."""
    report = (test and test.report) or {}
    kinds = [(_("Bursts"), report.get("bursts")), (_("Slow burns"), report.get("slow"))]
    return {
        "test": test, "report": report,
        "kinds": [(name, told, queries.figures(told)) for name, told in kinds if told],
        "events": queries.by_event(report),
    }  # fmt: skip


@login_required
@require_POST
def reopen(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    return redirect(actions.reopen(our_moment(request, moment_id), by=request.user))


def our_moment(request: DeskRequest, moment_id: UUID) -> Moment:
    """Another agency's moment is not refused: it is not there."""
    if found := queries.our_moment(request.user.agency, moment_id):
        return found
    raise Http404


# Rumours


@login_required
@require_POST
def log_rumour(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    form = RumourForm(request.POST)
    if form.is_valid():
        actions.log_rumour(found, by=request.user, **form.cleaned_data)
        return redirect(found)
    return moment(request, moment_id, form)


@login_required
def rumour_log(request: DeskRequest) -> HttpResponse:
    """All rumours over all moments, to print or to look one up."""
    page = by_time(
        queries.rumour_log(request.user.agency), "logged_at", request.GET.get("before", "")
    )
    return render(request, "spot/rumour_log.html", {"page": page})


@login_required
def rumour(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    """One rumour: what is said, what we know, who looks, and whether the public was told."""
    found = our_rumour(request, rumour_id)
    open_to = RUMOUR.open_to(cast(RumourState, found.state), request.user.roles)
    context = {
        "rumour": found, "may": open_to, "known": KnownForm(), "answer": AnswerForm(),
        "settled": found.state in (RumourState.TRUE, RumourState.FALSE, RumourState.UNKNOWN),
    }  # fmt: skip
    return render(request, "spot/rumour.html", context)


@login_required
@require_POST
def check(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    actions.check(our_rumour(request, rumour_id), by=request.user)
    return redirect("spot:rumour", rumour_id)


@login_required
@require_POST
def find_true(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    return say_what_we_know(request, rumour_id, actions.find_true)


@login_required
@require_POST
def find_false(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    return say_what_we_know(request, rumour_id, actions.find_false)


@login_required
@require_POST
def leave_open(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    return say_what_we_know(request, rumour_id, actions.leave_open)


def say_what_we_know(
    request: DeskRequest, rumour_id: UUID, settle: Callable[..., Rumour]
) -> HttpResponse:
    # Whether that is enough is a rule, and its refusal says what is missing.
    settle(our_rumour(request, rumour_id), known=request.POST.get("known", ""), by=request.user)
    return redirect("spot:rumour", rumour_id)


@login_required
@require_POST
def answer_rumour(request: DeskRequest, rumour_id: UUID) -> HttpResponse:
    found = our_rumour(request, rumour_id)
    actions.answer_rumour(found, answer=request.POST.get("answer", ""), by=request.user)
    return redirect("spot:rumour", rumour_id)


def our_rumour(request: DeskRequest, rumour_id: UUID) -> Rumour:
    ours = Rumour.objects.select_related("moment", "checked_by", "logged_by")
    return get_object_or_404(ours, pk=rumour_id, agency=request.user.agency)


# The library


@login_required
def resources(request: DeskRequest) -> HttpResponse:
    """Everything we offer, what must be checked again first."""
    found = queries.resources(request.user.agency)
    context = {"resources": found, "may_change": may_change(request)}
    return render(request, "spot/resources.html", context)


@login_required
def new_resource(request: DeskRequest) -> HttpResponse:
    form = ResourceForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        actions.add_resource(request.user.agency, by=request.user, **form.fields_of_it())
        messages.success(request, _("Added. Moments that open from now on can offer it."))
        return redirect("spot:resources")
    return render(request, "spot/resource.html", {"form": form})


@login_required
def resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    found = our_resource(request, resource_id)
    form = ResourceForm(request.POST or None, agency=request.user.agency, resource=found)
    if form.is_valid():
        actions.change_resource(found, by=request.user, **form.fields_of_it())
        messages.success(request, _("Changed."))
        return redirect("spot:resources")
    context = {"form": form, "resource": found, "may_change": may_change(request)}
    return render(request, "spot/resource.html", context)


@login_required
@require_POST
def check_resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    actions.check_resource(our_resource(request, resource_id), by=request.user)
    return redirect("spot:resources")


@login_required
@require_POST
def overload_resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    """Overloaded for twelve hours, or no longer."""
    found = our_resource(request, resource_id)
    hours = 0 if found.overloaded else OVERLOADED_HOURS
    actions.overload_resource(found, hours=hours, by=request.user)
    return redirect("spot:resources")


@login_required
@require_POST
def retire_resource(request: DeskRequest, resource_id: UUID) -> HttpResponse:
    actions.retire_resource(our_resource(request, resource_id), by=request.user)
    messages.success(request, _("It is offered no more. The record keeps that it was."))
    return redirect("spot:resources")


def our_resource(request: DeskRequest, resource_id: UUID) -> Resource:
    ours = Resource.objects.offered().filter(agency=request.user.agency)
    return get_object_or_404(ours, pk=resource_id)


def may_change(request: DeskRequest) -> bool:
    return bool(request.user.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})
