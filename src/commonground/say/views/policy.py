"""The agency's rules on who must read what, as an administrator writes them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.say import actions, rules
from commonground.say.forms import RuleForm
from commonground.say.models import ReviewRule


@login_required
@require_GET
def review_rules(request: DeskRequest) -> HttpResponse:
    """All of them, in the order in which they are asked."""
    rows = request.user.agency.review_rules.select_related("unit").prefetch_related("channels")
    units = {str(unit.pk): unit.name for unit in request.user.agency.units.all()}
    told = [
        (row, [(step["people"], units.get(str(step["unit"]), "")) for step in row.steps])
        for row in rows
    ]
    context = {"rules": told, "may_change": Role.ADMIN in request.user.roles}
    return render(request, "say/review_rules.html", context)


@login_required
def new(request: DeskRequest) -> HttpResponse:
    rules.may_set_rules(request.user.agency, request.user)
    form = RuleForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        actions.add_review_rule(request.user.agency, form.said(), by=request.user)
        return redirect("say:review_rules")
    return written(request, form)


@login_required
def change(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    rule = our_rule(request, rule_id)
    rules.may_set_rules(request.user.agency, request.user)
    form = RuleForm(request.POST or None, agency=request.user.agency, rule=rule)
    if form.is_valid():
        actions.change_review_rule(rule, form.said(), by=request.user)
        return redirect("say:review_rules")
    return written(request, form, rule)


def written(request: DeskRequest, form: RuleForm, rule: ReviewRule | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "say/review_rule.html", {"form": form, "rule": rule}, status=status)


@login_required
@require_POST
def drop(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    actions.drop_review_rule(our_rule(request, rule_id), by=request.user)
    return redirect("say:review_rules")


@login_required
@require_POST
def first(request: DeskRequest, rule_id: UUID) -> HttpResponse:
    actions.put_review_rule_first(our_rule(request, rule_id), by=request.user)
    return redirect("say:review_rules")


def our_rule(request: DeskRequest, rule_id: UUID) -> ReviewRule:
    return get_object_or_404(request.user.agency.review_rules, pk=rule_id)
