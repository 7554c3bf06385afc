"""The page that stops everything, the page that starts it again, and the alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.channels.models import Channel
from commonground.kit.forms import ReasonForm
from commonground.kit.paging import by_time
from commonground.protect import actions, queries, rules
from commonground.protect.engine.ties import BELOW
from commonground.protect.forms import CheckForm, SpeakForm, StopForm
from commonground.protect.line.looking import our_domain
from commonground.protect.models import Alarm, Hold
from commonground.protect.queries import standing_over
from commonground.protect.states import ALARM, State


@login_required
def stop(request: DeskRequest) -> HttpResponse:
    """What will happen, why, and the button. While stopped: who, why, and who must agree."""
    agency = request.user.agency
    if hold := standing_over(agency):
        return held_page(request, hold)
    form = StopForm(request.POST or None)
    if form.is_valid():
        actions.stop(agency, by=request.user, **form.cleaned_data)
        return redirect("protect:stop")
    channels = Channel.objects.open().filter(agency=agency)
    return render(request, "protect/stop.html", {"form": form, "channels": channels})


def held_page(request: DeskRequest, hold: Hold) -> HttpResponse:
    may_agree = bool(request.user.roles & rules.MAY_RESTART) and (
        hold.first_yes_id != request.user.pk
    )
    ending = queries.ending(hold)
    context = {
        "hold": hold, "may_agree": may_agree, "ending": ending,
        "still_ending": any(row.done_at is None for row in ending),
        "form": SpeakForm(initial={"said": hold.said}),
    }  # fmt: skip
    return render(request, "protect/held.html", context)


@login_required
@require_POST
def speak(request: DeskRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(Hold, pk=hold_id, agency=request.user.agency)
    form = SpeakForm(request.POST)
    if form.is_valid():
        actions.speak(hold, said=form.cleaned_data["said"], by=request.user)
    return redirect("protect:stop")


@login_required
@require_POST
def agree_to_restart(request: DeskRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(Hold, pk=hold_id, agency=request.user.agency)
    hold = actions.agree_to_restart(hold, by=request.user)
    if hold.lifted_at:
        messages.success(request, _("Everything runs again. What is due goes out now."))
        return redirect("now")
    messages.info(request, _("You have agreed. One more person has to agree."))
    return redirect("protect:stop")


@login_required
@require_GET
def alarms(request: DeskRequest) -> HttpResponse:
    """What was found on our accounts, newest first, and what it was."""
    page = by_time(queries.alarms(request.user.agency), "raised_at", request.GET.get("before", ""))
    lookouts = queries.lookouts(request.user.agency)
    return render(request, "protect/alarms.html", {"page": page, "lookouts": lookouts})


@login_required
@require_GET
def alarms_panel(request: DeskRequest) -> HttpResponse:
    """Alarms nobody has decided on; nothing on a quiet day."""
    found = queries.alarms(request.user.agency).filter(state=State.OPEN)[:5]
    return render(request, "protect/panel.html#alarms", {"alarms": found})


@login_required
@require_GET
def alarm(request: DeskRequest, alarm_id: UUID) -> HttpResponse:
    """What stands there, what we sent, and what to do."""
    return alarm_page(request, our_alarm(request, alarm_id), ReasonForm())


def alarm_page(request: DeskRequest, found: Alarm, form: ReasonForm) -> HttpResponse:
    context = {
        "alarm": found, "form": form,
        "may": ALARM.open_to(cast(State, found.state), request.user.roles),
        "may_remove": "approver" in request.user.roles and found.can_be_removed,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "protect/alarm.html", context, status=status)


@login_required
@require_POST
def explain(request: DeskRequest, alarm_id: UUID) -> HttpResponse:
    found, form = our_alarm(request, alarm_id), ReasonForm(request.POST)
    if not form.is_valid():
        return alarm_page(request, found, form)
    return redirect(actions.explain(found, reason=form.cleaned_data["reason"], by=request.user))


@login_required
@require_POST
def act(request: DeskRequest, alarm_id: UUID, verb: Callable[..., Alarm]) -> HttpResponse:
    return redirect(verb(our_alarm(request, alarm_id), by=request.user))


def our_alarm(request: DeskRequest, alarm_id: UUID) -> Alarm:
    return get_object_or_404(queries.alarms(request.user.agency), pk=alarm_id)


@login_required
@require_GET
def accounts(request: DeskRequest) -> HttpResponse:
    """How each of our accounts is kept, and what somebody must put right."""
    agency = request.user.agency
    found = queries.health_of(agency, timezone.now())
    may_check = bool(request.user.roles & rules.MAY_RESTART)
    context = {
        "accounts": found, "may_check": may_check, "place": f"{BELOW}.{our_domain(agency)}",
        "site": agency.site,
    }  # fmt: skip
    return render(request, "protect/accounts.html", context)


@login_required
@require_POST
def look_again(request: DeskRequest) -> HttpResponse:
    """Somebody has put a proof right, and does not want to wait for tomorrow's look."""
    actions.look_again(request.user.agency, by=request.user)
    messages.success(request, _("The desk looks again now. Load this page again in a minute."))
    return redirect("protect:accounts")


@login_required
def check_account(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    agency = request.user.agency
    ours = Channel.objects.open().elsewhere().filter(agency=agency, drill=False)
    channel = get_object_or_404(ours, pk=channel_id)
    rules.may_check(channel, request.user)
    form = CheckForm(request.POST or None, agency=agency)
    if form.is_valid():
        actions.check_account(channel, by=request.user, **form.cleaned_data)
        messages.success(request, _("Written down. The next check is due in 30 days."))
        return redirect("protect:accounts")
    return render(request, "protect/check.html", {"form": form, "channel": channel})
