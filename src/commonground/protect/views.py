"""The page that stops everything, and the page that starts it again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.channels.models import Channel
from commonground.kit.forms import ReasonForm
from commonground.protect import actions, rules
from commonground.protect.models import Hold
from commonground.protect.queries import standing_over


@login_required
def stop(request: DeskRequest) -> HttpResponse:
    """What will happen, why, and the button. While stopped: who, why, and who must agree."""
    agency = request.user.agency
    if hold := standing_over(agency):
        may_agree = bool(request.user.roles & rules.MAY_RESTART) and (
            hold.first_yes_id != request.user.pk
        )
        return render(request, "protect/held.html", {"hold": hold, "may_agree": may_agree})
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.stop(agency, reason=form.cleaned_data["reason"], by=request.user)
        return redirect("protect:stop")
    channels = Channel.objects.open().filter(agency=agency)
    return render(request, "protect/stop.html", {"form": form, "channels": channels})


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
