"""The desk's side of the pulse: the census, rounds, codes, and what each round came to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.ask.engine.qr import qr
from commonground.ask.forms import CodesForm
from commonground.kit.refusals import Refused
from commonground.learn import actions, queries, rules
from commonground.learn.forms import CensusForm, OpenPulseForm, PulseForm
from commonground.learn.models import Kind, Pulse
from commonground.learn.states import PULSE, PulseState


@login_required
@require_GET
def pulses(request: DeskRequest) -> HttpResponse:
    """All rounds, the newest first, and the census they are weighed by."""
    agency = request.user.agency
    context = {
        "rounds": queries.rounds_of(agency), "census": queries.census_of(agency),
        "may": rules.can_survey(request.user),
    }  # fmt: skip
    return render(request, "learn/pulses.html", context)


@login_required
def bring_census(request: DeskRequest) -> HttpResponse:
    rules.may_survey(request.user)
    form = CensusForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        actions.bring_census(by=request.user, **form.census_of_it())
        messages.success(request, _("Kept. Rounds from now on are weighed by it."))
        return redirect("learn:pulses")
    return render(
        request, "learn/bring_census.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
def draft_pulse(request: DeskRequest) -> HttpResponse:
    rules.may_survey(request.user)
    census = queries.census_of(request.user.agency)
    if census is None:
        raise Refused(_("Bring the census figures first: without them nobody can be weighed."))
    form = PulseForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        made = actions.draft_pulse(census, by=request.user, **form.round_of_it())
        messages.success(request, _("Kept. A second person reads it and opens it."))
        return redirect(made)
    return render(
        request, "learn/draft_pulse.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def pulse(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    """What is asked, how many answered, and, once it is counted, what they said."""
    found = our_pulse(request, pulse_id)
    scores = queries.scores_of([found], request.LANGUAGE_CODE)
    context = {
        "pulse": found, "may": PULSE.open_to(PulseState(found.state), rules.deciding(request.user)),
        "own": found.asked_by_id == request.user.pk,
        "gives_codes": Kind.CODE in found.kinds and found.state in ("draft", "open"),
        "address": queries.public_address(found),
        "answered": found.invited - found.codes.count() if not found.forgotten_at else None,
        "asked": [queries.in_words(found, code) for code in found.languages],
        "scores": scores, "groups": queries.groups_of(found, request.LANGUAGE_CODE),
        "names": queries.names_of_scores(),
    }  # fmt: skip
    return render(request, "learn/pulse.html", context)


@login_required
def open_pulse(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    """Read everything, then say yes to exactly that."""
    found = our_pulse(request, pulse_id)
    rules.may_decide_of(found, request.user)
    form = OpenPulseForm(request.POST or None, initial={"read": queries.digest_of_pulse(found)})
    if form.is_valid():
        actions.open_pulse(found, read=form.cleaned_data["read"], by=request.user)
        messages.success(request, _("The public can answer now."))
        return redirect(found)
    context = {
        "pulse": found, "form": form,
        "asked": [
            (queries.in_words(found, code), queries.traits_in(found.census, code))
            for code in found.languages
        ],
    }  # fmt: skip
    return render(request, "learn/open_pulse.html", context)


@login_required
@require_POST
def drop_pulse(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    found = actions.drop_pulse(our_pulse(request, pulse_id), by=request.user)
    messages.success(request, _("Put away. It can be taken up again on its page."))
    return redirect(found)


@login_required
@require_POST
def take_up_pulse(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    return redirect(actions.take_up_pulse(our_pulse(request, pulse_id), by=request.user))


@login_required
@require_POST
def close_pulse(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    return redirect(actions.close_pulse(our_pulse(request, pulse_id), by=request.user))


@login_required
@never_cache
def make_pulse_codes(request: DeskRequest, pulse_id: UUID) -> HttpResponse:
    """Codes to print. They are on this page once, and never again anywhere."""
    found = our_pulse(request, pulse_id)
    form = CodesForm(request.POST or None)
    if not form.is_valid():
        return render(request, "learn/codes.html", {"pulse": found, "form": form})
    made = actions.make_pulse_codes(found, many=form.cleaned_data["many"], by=request.user)
    address = queries.public_address(found)
    context = {"pulse": found, "codes": made, "address": address}
    context["drawing"] = mark_safe(qr(address))  # noqa: S308 - drawn by us
    return render(request, "learn/slips.html", context)


def our_pulse(request: DeskRequest, pulse_id: UUID) -> Pulse:
    """Another agency's round is not refused: it is not there."""
    if found := queries.our_pulse(request.user.agency, pulse_id):
        return found
    raise Http404
