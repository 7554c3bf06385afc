"""Somebody's first drill: what it is, beginning it, going in and out, and what it opens.

These pages are the person's own, also while they are in it: see train.http.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.kit.refusals import NotYours
from commonground.train import actions, queries
from commonground.train.http import PRACTISING
from commonground.train.models import FirstRun


@login_required
def first(request: DeskRequest) -> HttpResponse:
    """What comes first, and the one thing to do about it now."""
    return render(request, "train/first.html", standing(request))


@login_required
def first_panel(request: DeskRequest) -> HttpResponse:
    return render(request, "train/first.html#card", standing(request))


def standing(request: DeskRequest) -> dict[str, object]:
    # Within a page of the practice desk it is drawn for the person all the same.
    going_on: FirstRun | None = getattr(request, "practising", None)
    person = going_on.member if going_on else request.user
    run = queries.first_run_of(person)
    over = bool(run and run.is_over)
    return {
        "run": run, "owes": person.owes_first_drill, "over": over,
        "going": bool(run and run.drill and not over),
        "spoken": bool(over and run and run.has_spoken),
        "plan": queries.plan_named(queries.FIRST_DRILL),
        "inside": bool(request.session.get(PRACTISING)),
    }  # fmt: skip


@login_required
@require_POST
def first_begin(request: DeskRequest) -> HttpResponse:
    """Its clock runs from now on; pressed again while it runs, one is let in to it."""
    run = queries.first_run_of(request.user)
    if run is None or run.drill is None or run.is_over:
        run = actions.begin_first_drill(by=request.user)
    return into(request, run)


@login_required
@require_POST
def first_enter(request: DeskRequest) -> HttpResponse:
    return into(request, our_run(request))


def into(request: DeskRequest, run: FirstRun) -> HttpResponse:
    request.session[PRACTISING] = True
    rotate_token(request)  # a form of the other desk, open in another tab, is no longer good
    return redirect(run.drill) if run.drill else redirect("train:first")


@login_required
@require_POST
def first_leave(request: DeskRequest) -> HttpResponse:
    """Back to their own desk. The drill goes on, or stands, as it is."""
    request.session.pop(PRACTISING, None)
    rotate_token(request)
    return redirect("now")


@login_required
@require_POST
def first_finish(request: DeskRequest) -> HttpResponse:
    actions.finish_first_drill(our_run(request))
    request.session.pop(PRACTISING, None)
    rotate_token(request)
    messages.success(request, _("You have practised. What you write may go to a second person."))
    return redirect("now")


def our_run(request: DeskRequest) -> FirstRun:
    run = queries.first_run_of(request.user)
    if run is None:
        raise NotYours(_("No first drill is asked of you. A trainer begins all others."))
    return run
