"""Measures against what somebody wrote: asked for, decided, carried out, objected to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.answer import actions, rules as answer_rules
from commonground.answer.forms.measures import MeasureForm, ToldForm, WhyForm
from commonground.answer.models import Appeal, Conversation, Measure
from commonground.answer.queries import measures as queries
from commonground.answer.queries.hours import to_look_at
from commonground.answer.rules import measures as rules
from commonground.answer.states import AppealState
from commonground.answer.views.inbox import our_conversation
from commonground.channels.contract.moderating import Act
from commonground.kit.clock import database_now
from commonground.protect.panels import what_needs_care
from commonground.say.panels import what_waits

LATEST = 50
FIRST: dict[Callable[..., Measure], Callable[[Measure, Member], None]] = {
    actions.turn_down: rules.may_allow, actions.end: rules.may_end,
}  # fmt: skip


@login_required
@require_GET
def measures(request: DeskRequest) -> HttpResponse:
    """What waits for somebody first; then what is in force, and what is over. No word of anybody
    outside is on it, so administrators come by here to the policy."""
    answer_rules.may_read_figures(request.user)
    agency = request.user.agency
    ours = queries.measures_of(agency)
    context = {
        "work": queries.work_of(agency), "policy": rules.policy_of(agency),
        "in_force": ours.in_force()[:LATEST], "over": ours.exclude(ended_at=None)[:LATEST],
    }  # fmt: skip
    return render(request, "answer/measures.html", context)


@login_required
@require_GET
def first_page(request: DeskRequest) -> HttpResponse:
    """What waits for whoever looks at Now, from three rooms in one answer: each request of its own
    would make that page slower for an officer on a telephone."""
    may_read = bool(request.user.roles & answer_rules.READERS)
    work = queries.work_of(request.user.agency) if may_read else None
    measures = render_to_string("answer/work.html", {"work": work}, request) if work else ""
    hours = to_look_at(request.user.agency, database_now()) if may_read else []
    chats = render_to_string("answer/work_hours.html", {"hours": hours}, request) if hours else ""
    return HttpResponse("".join([what_waits(request), chats, measures, what_needs_care(request)]))


@login_required
def ask(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Ask for a measure: with the reminder of what may never be hidden."""
    found = our_conversation(request, conversation_id)
    rules.may_ask(found, request.user)
    policy = rules.policy_of(found.agency)
    standing = found.messages.filter(gone_at=None, public=True)
    if policy is None or not standing or found.emptied_at:
        bare = {"conversation": found, "policy": policy}
        return render(request, "answer/measure_form.html", bare)
    form = MeasureForm(
        request.POST or None, policy=policy, messages=standing, initial=start_of(request, standing)
    )
    if form.is_valid():
        given = {n: v for n, v in form.cleaned_data.items() if n not in ("fair", "message")}
        message = form.cleaned_data["message"]
        measure = actions.ask_for_measure(found, message, by=request.user, **given)
        messages.success(request, _("Asked for. Nothing happens until a second person agrees."))
        return redirect(measure)
    context = {
        "conversation": found, "policy": policy, "form": form, "tried": tried(found),
        "can": can_be_done(found),
    }  # fmt: skip
    return render(request, "answer/measure_form.html", context, status=422 if form.errors else 200)


def start_of(request: DeskRequest, standing: Any) -> dict[str, Any]:
    wanted = request.GET.get("message", "")
    known = wanted.isdecimal() and len(wanted) < 10 and standing.filter(pk=int(wanted)).exists()
    return {"message": int(wanted) if known else standing.last().pk}


def tried(found: Conversation) -> bool:
    """Whether something smaller than a mute was tried: the page says so beside the choice."""
    return rules.was_less_tried(found, Act.MUTE)


def can_be_done(found: Conversation) -> list[tuple[str, str]]:
    """For each act what it comes to on this network; "" where a person must do it there."""
    moderates = found.channel.kind.moderates
    means = moderates.means if moderates else {}
    return [(act.value, means.get(act, "")) for act in Act]


@login_required
@require_GET
def measure(request: DeskRequest, measure_id: UUID) -> HttpResponse:
    """One measure: what was written, which rule, why, and where it stands."""
    return page(request, our_measure(request, measure_id))


def page(request: DeskRequest, found: Measure, **forms: Any) -> HttpResponse:
    appeal = getattr(found, "appeal", None)
    member, moderates = request.user, found.channel.kind.moderates
    open_appeal = appeal is not None and appeal.state == AppealState.OPEN
    context = {
        "measure": found, "appeal": appeal, "open_appeal": open_appeal,
        "means": moderates.means.get(Act(found.kind), "") if moderates else "",
        "notice": queries.notice_words(found) if found.copy else "",
        "may_allow": queries.may_decide_of(found, member),
        "may_recall": member.is_also(found.asked_by),
        "may_end": bool({Role.AUTHOR, Role.APPROVER} & member.roles),
        "may_carry_out": bool({Role.AUTHOR, Role.APPROVER} & member.roles),
        "may_judge": queries.may_judge_of(found, member),
        "unsettled": Measure.objects.unsettled().filter(pk=found.pk).exists(),
        "why_form": WhyForm(), "told_form": ToldForm(), "judge_form": WhyForm(), **forms,
    }  # fmt: skip
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "answer/measure.html", context, status=status)


@login_required
@require_POST
def act(
    request: DeskRequest, measure_id: UUID, action: Callable[..., Measure]
) -> HttpResponse:  # fmt: skip
    return redirect(action(our_measure(request, measure_id), by=request.user))


@login_required
@require_POST
def act_with_reason(
    request: DeskRequest, measure_id: UUID, action: Callable[..., Measure]
) -> HttpResponse:  # fmt: skip
    found, form = our_measure(request, measure_id), WhyForm(request.POST)
    FIRST[action](found, request.user)  # whoever may not is not asked for a better reason
    if not form.is_valid():
        return page(request, found, why_form=form)
    return redirect(action(found, by=request.user, **form.cleaned_data))


@login_required
@require_POST
def told(request: DeskRequest, measure_id: UUID) -> HttpResponse:
    found, form = our_measure(request, measure_id), ToldForm(request.POST)
    rules.may_carry_out(found, request.user)
    if not form.is_valid():
        return page(request, found, told_form=form)
    return redirect(actions.note_told_by_hand(found, by=request.user, **form.cleaned_data))


@login_required
@require_POST
def decide(
    request: DeskRequest, appeal_id: UUID, action: Callable[..., Appeal]
) -> HttpResponse:  # fmt: skip
    """Somebody who had no part in it says whether it was right."""
    answer_rules.may_read(request.user)
    ours = Appeal.objects.filter(agency=request.user.agency).select_related("measure")
    appeal = get_object_or_404(ours, pk=appeal_id)
    found, form = our_measure(request, appeal.measure_id), WhyForm(request.POST)
    appeal.measure = found
    rules.may_decide(appeal, request.user)
    if not form.is_valid():
        return page(request, found, judge_form=form)
    return redirect(action(appeal, by=request.user, **form.cleaned_data))


def our_measure(request: DeskRequest, measure_id: UUID) -> Measure:
    """Another agency's is not refused: it is not there."""
    answer_rules.may_read(request.user)
    return get_object_or_404(queries.measures_of(request.user.agency), pk=measure_id)
