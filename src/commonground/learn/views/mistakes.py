"""The pages of what the news got wrong."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from commonground.agency.http import DeskRequest
from commonground.learn import actions, queries, rules
from commonground.learn.forms import (
    AnsweredForm,
    AskForm,
    CorrectedForm,
    RightForm,
    WhyForm,
    WrongForm,
)
from commonground.learn.models import Mistake
from commonground.learn.states import AUTHOR, MISTAKE, MistakeState
from commonground.learn.views.coverage import our_article

# Each step with the form that asks what it needs.
STEPS = {
    "confirm_mistake": RightForm,
    "clear_outlet": WhyForm,
    "ask_outlet": AskForm,
    "note_correction": CorrectedForm,
    "note_no_correction": AnsweredForm,
}


@login_required
def mistakes(request: DeskRequest) -> HttpResponse:
    """Every mistake, those that need one of us first; and how each outlet deals with them."""
    context = {
        "mistakes": queries.mistakes_to_show(request.user.agency),
        "outlets": queries.by_outlet(request.user.agency),
    }
    return render(request, "learn/mistakes.html", context)


@login_required
def mistake(request: DeskRequest, mistake_id: UUID) -> HttpResponse:
    """What was wrong, what is right, what came of it, and what can be done now."""
    return shown(request, our_mistake(request, mistake_id))


@login_required
def mark_wrong(request: DeskRequest, article_id: UUID) -> HttpResponse:
    found = our_article(request, article_id)
    rules.may_follow(request.user)
    form = WrongForm(request.POST or None, article=found)
    if form.is_valid():
        return redirect(actions.mark_wrong(found, by=request.user, **form.cleaned_data))
    return render(request, "learn/mark_wrong.html", {"form": form, "article": found})


@login_required
def take_up_mistake(request: DeskRequest, mistake_id: UUID) -> HttpResponse:
    found = our_mistake(request, mistake_id)
    rules.may_follow(request.user)
    if request.method == "POST":
        actions.take_up_mistake(found, by=request.user)
    return redirect(found)


@login_required
def step(request: DeskRequest, mistake_id: UUID, name: str) -> HttpResponse:
    """One step, once its form says what it needs; what is wrong in it is said on the page."""
    found = our_mistake(request, mistake_id)
    rules.may_follow(request.user)
    form = STEPS[name](request.POST or None, initial=initial_of(found), auto_id=f"{name}_%s")
    if form.is_valid():
        getattr(actions, name)(found, by=request.user, **form.cleaned_data)
        return redirect(found)
    return shown(request, found, {name: form})


def initial_of(found: Mistake) -> dict[str, object]:
    return {"right": found.right, "asked_of": found.asked_of or queries.asked_before(found)}


def shown(
    request: DeskRequest, found: Mistake, typed: dict[str, object] | None = None
) -> HttpResponse:
    may = {AUTHOR} if rules.can_follow(request.user) else set()
    open_to = MISTAKE.open_to(MistakeState(found.state), may)
    start = initial_of(found)
    forms = {
        name: (typed or {}).get(name) or STEPS[name](initial=start, auto_id=f"{name}_%s")
        for name in open_to
        if name in STEPS
    }
    context = {"mistake": found, "forms": forms, "may": open_to, "typed": typed or {}}
    wrong = any(getattr(form, "is_bound", False) for form in (typed or {}).values())
    return render(request, "learn/mistake.html", context, status=422 if wrong else 200)


def our_mistake(request: DeskRequest, mistake_id: UUID) -> Mistake:
    if found := queries.our_mistake(request.user.agency, mistake_id):
        return found
    raise Http404
