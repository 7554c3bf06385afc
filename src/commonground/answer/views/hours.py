"""Hours in which people ask us: written, announced, answered live, wound up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, rules
from commonground.answer.forms.hours import CallOffForm, HourForm, JoinForm, LeaveOutForm
from commonground.answer.models import ChatHour, Conversation
from commonground.answer.queries import hours as queries
from commonground.answer.rules import hours as hour_rules
from commonground.answer.states import HOUR, HourState
from commonground.kit.clock import database_now
from commonground.say import actions as say

SHOWN = 100


@login_required
@require_GET
def hours(request: DeskRequest) -> HttpResponse:
    rules.may_read(request.user)
    context = {
        "hours": queries.hours_of(request.user.agency)[:SHOWN], "now": database_now(),
        "may_act": Role.AUTHOR in request.user.roles,
    }  # fmt: skip
    return render(request, "answer/hours.html", context)


@login_required
def new_hour(request: DeskRequest) -> HttpResponse:
    agency = request.user.agency
    rules.may_act(agency.pk, request.user)
    places = hour_rules.places_for(agency)
    if not places.exists():
        return render(request, "answer/no_newsroom.html")
    given = {"language": agency.language, "languages": [agency.language]}
    form = HourForm(
        request.POST or None, initial=given, places=places, spoken=list(agency.languages)
    )
    if form.is_valid():
        words = form.cleaned_data
        words["asks_from"] = words["asks_from"] or timezone.now()
        hour = actions.propose_hour(agency, by=request.user, **words)
        messages.success(request, _("Kept. A second person reads it; then it is announced."))
        return redirect(hour)
    return render(
        request, "answer/hour_form.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def hour(request: DeskRequest, hour_id: UUID) -> HttpResponse:
    return render(request, "answer/hour.html", shown(request, our_hour(request, hour_id)))


def shown(request: DeskRequest, found: ChatHour, form: CallOffForm | None = None) -> dict[str, Any]:
    """The whole hour: what waits first, and of that what could be urgent."""
    now, member = database_now(), request.user
    asked = queries.asked_in(found)
    may = HOUR.open_to(HourState(found.state), set(member.roles))
    waiting = [one for one in asked if one.stands == queries.WAITING]
    return {
        "hour": found, "now": now, "asked": asked, "counts": queries.counts_of(found, asked),
        "urgent": queries.with_alike([one for one in waiting if one.is_urgent], asked),
        "waiting": queries.with_alike([one for one in waiting if not one.is_urgent], asked),
        "on_their_way": [one for one in asked if one.stands == queries.ON_ITS_WAY],
        "settled": [
            one for one in asked if one.stands not in (queries.WAITING, queries.ON_ITS_WAY)
        ],
        "is_on": found.is_on(now), "is_past": found.is_past(now),
        "takes": found.takes_questions(now),
        "reasons": LeaveOutForm.base_fields["why"].choices,  # type: ignore[attr-defined]
        "may_convene": "convene" in may and not member.is_also(found.written_by),
        "may_shelve": "shelve" in may, "may_call_off": "call_off" in may,
        "may_wind_up": "wind_up" in may and found.starts_at <= now,
        "may_act": Role.AUTHOR in member.roles and found.state == HourState.ANNOUNCED,
        "form": form or CallOffForm(),
    }  # fmt: skip


@login_required
@require_POST
def act(request: DeskRequest, hour_id: UUID, action: Callable[..., ChatHour]) -> HttpResponse:
    found = our_hour(request, hour_id)
    action(found, by=request.user)
    if action is actions.convene:
        messages.success(request, _("Announced. Its page is public."))
    if action is actions.wind_up:
        messages.success(request, _("Closed. The transcript stands, and is in the record."))
    return redirect(found)


@login_required
@require_POST
def call_off(request: DeskRequest, hour_id: UUID) -> HttpResponse:
    found, form = our_hour(request, hour_id), CallOffForm(request.POST)
    if not form.is_valid():
        return render(request, "answer/hour.html", shown(request, found, form), status=422)
    actions.call_off(found, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Called off. Its page says so, and why."))
    return redirect(found)


@login_required
@require_POST
def tell_of_hour(request: DeskRequest, hour_id: UUID) -> HttpResponse:
    """A draft that announces it, on every channel its author speaks on. It goes the usual way."""
    found = our_hour(request, hour_id)
    with translation.override(found.language), timezone.override(found.agency.time_zone):
        named = {
            "title": found.title, "who": found.who, "url": found.url,
            "day": date_format(timezone.localtime(found.starts_at), "DATE_FORMAT"),
            "starts": date_format(timezone.localtime(found.starts_at), "TIME_FORMAT"),
            "ends": date_format(timezone.localtime(found.ends_at), "TIME_FORMAT"),
        }  # fmt: skip
        text = _(
            "Ask us: %(title)s. %(day)s, %(starts)s to %(ends)s, with %(who)s. No account needed,"
            " and you can ask beforehand: %(url)s"
        )
    post = say.begin(by=request.user, title=found.title, text=text % named, language=found.language)
    return redirect("say:write", post.pk)


@login_required
@require_POST
def join(request: DeskRequest, hour_id: UUID, conversation_id: UUID) -> HttpResponse:
    found, form = our_hour(request, hour_id), JoinForm(request.POST)
    if form.is_valid():
        into = asked_here(found, form.cleaned_data["into"])
        actions.join(found, asked_here(found, conversation_id), into=into, by=request.user)
    return redirect(found)


@login_required
@require_POST
def leave_out(request: DeskRequest, hour_id: UUID, conversation_id: UUID) -> HttpResponse:
    found, form = our_hour(request, hour_id), LeaveOutForm(request.POST)
    if form.is_valid():
        asked = asked_here(found, conversation_id)
        actions.leave_out(found, asked, why=form.cleaned_data["why"], by=request.user)
    return redirect(found)


@login_required
@require_POST
def take_again(request: DeskRequest, hour_id: UUID, conversation_id: UUID) -> HttpResponse:
    found = our_hour(request, hour_id)
    actions.take_again(found, asked_here(found, conversation_id), by=request.user)
    return redirect(found)


def our_hour(request: DeskRequest, hour_id: UUID) -> ChatHour:
    rules.may_read(request.user)
    return get_object_or_404(queries.hours_of(request.user.agency), pk=hour_id)


def asked_here(hour: ChatHour, conversation_id: UUID) -> Conversation:
    return get_object_or_404(queries.questions_of(hour), pk=conversation_id)
