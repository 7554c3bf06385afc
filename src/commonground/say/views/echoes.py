"""The pages of passing on what the agency said."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions
from commonground.say.forms.echoes import SentenceForm
from commonground.say.models import Echo, EchoCall
from commonground.say.queries.echoes import address_of, channels_to_echo_on, to_boost
from commonground.say.views.posts import our_post


@login_required
@require_POST
def offer(request: DeskRequest, post_id: UUID) -> HttpResponse:
    post = our_post(request, post_id)
    ticked = [int(pk) for pk in request.POST.getlist("unit") if pk.isdecimal() and len(pk) < 10]
    units = list(request.user.agency.units.filter(pk__in=ticked))
    call = actions.offer_echo(post, by=request.user, units=units)
    asked = call.echoes.count()
    words = ngettext(
        "%(n)d person may pass it on.", "%(n)d people may pass it on.", asked
    )  # fmt: skip
    messages.success(request, words % {"n": asked})
    return redirect(post)


@login_required
@require_POST
def end(request: DeskRequest, post_id: UUID) -> HttpResponse:
    post = our_post(request, post_id)
    actions.end_offer(get_object_or_404(EchoCall, post=post), by=request.user)
    return redirect(post)


@login_required
@require_GET
def show(request: DeskRequest, echo_id: int) -> HttpResponse:
    return page(request, our_echo(request, echo_id), SentenceForm())


def page(request: DeskRequest, echo: Echo, form: SentenceForm) -> HttpResponse:
    original = echo.call.post
    channels = list(channels_to_echo_on(original, request.user))
    context = {
        "echo": echo, "post": original, "form": form, "address": address_of(original),
        "channels": channels, "boosting": [c for c in channels if to_boost(original, c)],
    }  # fmt: skip
    return render(request, "say/echo.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take(request: DeskRequest, echo_id: int) -> HttpResponse:
    """Into their own draft, where they see it on each channel before they ask for approval."""
    echo, form = our_echo(request, echo_id), SentenceForm(request.POST)
    if not form.is_valid():
        return page(request, echo, form)
    post = actions.take_echo(
        echo, sentence=form.cleaned_data["sentence"], by=request.user,
        as_it_stands="as_it_stands" in request.POST,
    )  # fmt: skip
    return redirect("say:write", post.pk)


@login_required
@require_POST
def decline(request: DeskRequest, echo_id: int) -> HttpResponse:
    actions.decline_echo(our_echo(request, echo_id), by=request.user)
    messages.success(request, _("It is not offered to you again, and nobody is told."))
    return redirect("now")


def our_echo(request: DeskRequest, echo_id: int) -> Echo:
    """Somebody else's offer is not refused: it is not there."""
    rows = Echo.objects.select_related("call__post__author", "call__by")
    return get_object_or_404(rows, pk=echo_id, member=request.user)
