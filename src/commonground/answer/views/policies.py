"""The comment policy in its versions, and what networks hide by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, rules as answer_rules
from commonground.answer.forms.measures import FilterForm, PolicyForm
from commonground.answer.models import CommentPolicy
from commonground.answer.queries.filters import audit_of
from commonground.answer.queries.measures import filters_of
from commonground.answer.rules import measures as rules
from commonground.answer.states import PolicyState


@login_required
@require_GET
def policies(request: DeskRequest) -> HttpResponse:
    answer_rules.may_read_figures(request.user)
    agency, member = request.user.agency, request.user
    versions = list(agency.comment_policies.select_related("written_by", "agreed_by"))
    waiting = next((one for one in versions if one.state == PolicyState.PROPOSED), None)
    context = {
        "versions": versions,
        "waiting": waiting,
        "may_write": Role.ADMIN in member.roles,
        "may_publish": waiting is not None
        and bool({Role.ADMIN, Role.APPROVER} & member.roles)
        and not member.is_also(waiting.written_by),
    }
    return render(request, "answer/policies.html", context)


@login_required
def new_policy(request: DeskRequest) -> HttpResponse:
    """The next version, begun from the one in force."""
    agency = request.user.agency
    rules.may_propose(agency, request.user)
    form = PolicyForm(request.POST or None, initial=start_of(request))
    if form.is_valid():
        given = dict(form.cleaned_data)
        actions.propose_policy(agency, by=request.user, rules_said=given.pop("rules"), **given)
        messages.success(request, _("Kept. A second person reads it; then it is in force."))
        return redirect("answer:policies")
    return render(
        request, "answer/policy_form.html", {"form": form}, status=422 if form.errors else 200
    )


def start_of(request: DeskRequest) -> dict[str, Any]:
    now = rules.policy_of(request.user.agency)
    if now is None:
        return {"language": request.user.agency.language}
    return {"about": now.about, "rules": "\n".join(now.rules), "language": now.language,
            "appeal_hours": now.appeal_hours}  # fmt: skip


@login_required
@require_POST
def act(
    request: DeskRequest, policy_id: UUID, action: Callable[..., CommentPolicy]
) -> HttpResponse:  # fmt: skip
    answer_rules.may_read_figures(request.user)
    found = get_object_or_404(request.user.agency.comment_policies, pk=policy_id)
    action(found, by=request.user)
    return redirect("answer:policies")


@login_required
@require_GET
def filters(request: DeskRequest) -> HttpResponse:
    """What each network hides by itself, as somebody last read it there."""
    answer_rules.may_read_figures(request.user)
    context = {
        "filters": filters_of(request.user.agency),
        "may_write": Role.ADMIN in request.user.roles,
        "may_read": bool(request.user.roles & answer_rules.READERS),
    }
    return render(request, "answer/filters.html", context)


@login_required
def note_filter(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    channel = get_object_or_404(request.user.agency.channels, pk=channel_id)
    rules.may_propose(channel.agency, request.user)
    form = FilterForm(request.POST or None)
    if form.is_valid():
        actions.note_filter(channel, by=request.user, **form.cleaned_data)
        return redirect("answer:filters")
    context = {"form": form, "channel": channel}
    return render(request, "answer/filter_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def audit(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """What the words on a network's list would have hidden among what people wrote to us."""
    answer_rules.may_read(request.user)
    channel = get_object_or_404(request.user.agency.channels, pk=channel_id)
    newest = channel.filters.select_related("channel__agency").first()
    context = {"channel": channel, "audit": audit_of(newest) if newest else None}
    return render(request, "answer/audit.html", context)
