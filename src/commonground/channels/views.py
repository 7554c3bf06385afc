"""The accounts we speak from, and who may."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.channels import actions, rules
from commonground.channels.forms import (
    AuthoriseForm,
    ForgetForm,
    OpenChannelForm,
    given_in,
    sign_in_form,
)
from commonground.channels.models import Authorisation, Channel
from commonground.channels.states import WORKFLOW, State
from commonground.kit.serving import waits_elsewhere


@login_required
def channels(request: DeskRequest) -> HttpResponse:
    """Every account, its state, and when it was last proved ours."""
    found = Channel.objects.filter(agency=request.user.agency).select_related("unit")
    ready = sorted(found, key=attention)
    context = {"channels": ready, "may_run": Role.ADMIN in request.user.roles}
    return render(request, "channels/channels.html", context)


def attention(channel: Channel) -> tuple[bool, bool, str]:
    """What needs a person first, what nobody needs any more last."""
    well = channel.state == State.READY and not channel.ends_soon
    return channel.state == State.CLOSED, well, channel.name


@waits_elsewhere
@login_required
def open_channel(request: DeskRequest) -> HttpResponse:
    rules.may_run(request.user.agency_id, request.user)
    form = OpenChannelForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        opened = actions.open_channel(request.user.agency, by=request.user, **form.cleaned_data)
        return redirect(
            "channels:sign_in" if opened.kind.signs_in else "channels:channel", opened.pk
        )
    return render(request, "channels/open.html", {"form": form})


@login_required
def channel(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """One account: what is true of it now, who may speak from it, and what can be done."""
    found = our_channel(request, channel_id)
    who = found.authorisations.select_related("member", "decided_by", "confirmed_by").order_by(
        "-starts_at"
    )
    context = {
        "channel": found,
        "may": WORKFLOW.open_to(cast(State, found.state), request.user.roles),
        "may_run": Role.ADMIN in request.user.roles,
        "in_force": who & Authorisation.objects.in_force(),
        "ended": who.exclude(pk__in=Authorisation.objects.in_force().values("pk"))[:20],
        "signs_in": found.kind.signs_in and not found.named,
        "figures": found.kind.figures(str(found.pk)) if found.kind.figures else [],
        "forgets": found.kind.forget is not None,
    }
    return render(request, "channels/channel.html", context)


@waits_elsewhere
@login_required
def sign_in(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Give the network's secrets anew. What is stored is never shown again."""
    found = our_channel(request, channel_id)
    rules.may_sign_in(found, request.user)
    asks = sign_in_form(found.kind)
    if asks is None:
        return redirect("channels:channel", found.pk)
    known = {"channel": found.pk, "address": found.address, "handle": found.handle}
    form = asks(request.POST or None, initial=known)
    if form.is_valid():
        found = actions.sign_in(found, by=request.user, **given_in(form, found.kind))
        tell_what_the_network_said(request, found)
        return redirect("channels:channel", found.pk)
    return render(request, "channels/sign_in.html", {"form": form, "channel": found})


@waits_elsewhere
@login_required
@require_POST
def prove(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Ask the network now whether it still knows us."""
    found = our_channel(request, channel_id)
    rules.may_run(found.agency_id, request.user)
    tell_what_the_network_said(request, actions.prove(found))
    return redirect("channels:channel", found.pk)


def tell_what_the_network_said(request: DeskRequest, found: Channel) -> None:
    if found.trouble:
        messages.error(request, found.trouble)
    else:
        messages.success(request, _("The network says: this is %(who)s.") % {"who": found.handle})


@login_required
@require_POST
def pause(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    actions.pause(our_channel(request, channel_id), by=request.user)
    return redirect("channels:channel", channel_id)


@login_required
@require_POST
def resume(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    actions.resume(our_channel(request, channel_id), by=request.user)
    return redirect("channels:channel", channel_id)


@login_required
def close(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """For good, so it is asked once more."""
    found = our_channel(request, channel_id)
    rules.may_run(found.agency_id, request.user)
    if request.method == "POST":
        actions.close(found, by=request.user)
        return redirect("channels:channel", found.pk)
    return render(request, "channels/close.html", {"channel": found})


@login_required
def forget(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Delete a reader who asks for it by other ways than the link in each letter."""
    found = our_channel(request, channel_id)
    rules.may_run(found.agency_id, request.user)
    form = ForgetForm(request.POST or None)
    if form.is_valid():
        if actions.forget(found, form.cleaned_data["typed"], by=request.user):
            messages.success(request, _("The address is deleted."))
        else:
            messages.info(request, _("This address is not on the list, so nothing was deleted."))
        return redirect("channels:channel", found.pk)
    return render(request, "channels/forget.html", {"form": form, "channel": found})


@login_required
def authorise(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    """Leadership's written yes that a member may speak from here."""
    found = our_channel(request, channel_id)
    rules.may_run(found.agency_id, request.user)
    form = AuthoriseForm(request.POST or None, channel=found, by=request.user)
    if form.is_valid():
        actions.authorise(found, by=request.user, **form.cleaned_data)
        return redirect("channels:channel", found.pk)
    return render(request, "channels/authorise.html", {"form": form, "channel": found})


@login_required
@require_POST
def end_authorisation(request: DeskRequest, channel_id: UUID, number: int) -> HttpResponse:
    ours = our_channel(request, channel_id).authorisations.select_related("member", "channel")
    actions.end_authorisation(get_object_or_404(ours, pk=number), by=request.user)
    return redirect("channels:channel", channel_id)


@login_required
@require_POST
def reconfirm(request: DeskRequest, channel_id: UUID, number: int) -> HttpResponse:
    ours = our_channel(request, channel_id).authorisations.select_related("member", "channel")
    actions.reconfirm(get_object_or_404(ours, pk=number), by=request.user)
    return redirect("channels:channel", channel_id)


def our_channel(request: DeskRequest, channel_id: UUID) -> Channel:
    """Another agency's channel is not refused: it is not there."""
    ours = Channel.objects.select_related("unit", "agency")
    return get_object_or_404(ours, pk=channel_id, agency=request.user.agency)
