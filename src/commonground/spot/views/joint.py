"""A joint desk: a moment that several agencies look at together, each in its own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.kit.charts import Point
from commonground.kit.refusals import MovedOn
from commonground.spot import queries as of_moments
from commonground.spot.actions import joint as actions
from commonground.spot.forms import AcceptForm, FactForm, InviteForm, ShownForm, SpeakForm
from commonground.spot.models import Fact, Moment, Partner, PartnerQuerySet, Spokesperson
from commonground.spot.queries import joint as queries
from commonground.spot.queries.joint import JointDesk
from commonground.spot.rules import joint as rules
from commonground.spot.states import State


@login_required
@require_GET
def joint(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """What all who share it see: facts, posts, who speaks on what, and the curve."""
    return desk_page(request, moment_id)


def desk_page(request: DeskRequest, moment_id: UUID, **bound: Any) -> HttpResponse:
    desk = queries.desk_of(request.user.agency, moment_id)
    if desk is None:
        return alone(request, moment_id)
    points = [Point(p.at, p.count, p.usual) for p in of_moments.curve(desk.moment)]
    context = {
        "desk": desk, "moment": desk.moment, "points": points,
        "facts": queries.facts_of(desk), "speakers": queries.spokespeople_of(desk),
        "asked": queries.invited_to(desk.moment) if desk.hosts else [],
        "fact_form": FactForm(), "speak_form": SpeakForm(), **rights(request), **bound,
    }  # fmt: skip
    wrong = any(form.errors for form in bound.values())
    return render(request, "spot/joint.html", context, status=422 if wrong else 200)


def alone(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """A moment of ours that nobody shares yet: whom we asked, and how to ask."""
    found = our_moment(request, moment_id)
    shared = queries.shared_from(found)
    if shared is not None:  # of ours, at another agency's desk
        return redirect("spot:joint", shared.pk)
    context = {
        "moment": found, "asked": queries.invited_to(found), "is_open": found.state == State.OPEN,
        "others": queries.may_be_invited(found).exists(), **rights(request),
    }  # fmt: skip
    return render(request, "spot/joint_alone.html", context)


def rights(request: DeskRequest) -> dict[str, bool]:
    roles = request.user.roles
    return {
        "may_speak": bool(roles & {Role.AUTHOR, Role.APPROVER}),
        "may_invite": Role.APPROVER in roles, "may_draft": Role.AUTHOR in roles,
    }  # fmt: skip


@login_required
def ask_agency(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    found = our_moment(request, moment_id)
    rules.may_open_desk(request.user)
    form = InviteForm(request.POST or None, others=queries.may_be_invited(found))
    if form.is_valid():
        given = form.cleaned_data
        actions.ask_agency(
            found, given["agency"], shows=given["shows"], note=given["note"], by=request.user
        )
        messages.success(
            request, _("%(who)s is asked. Nothing is shared before they say yes.")
            % {"who": given["agency"].name},
        )  # fmt: skip
        return redirect("spot:joint", found.pk)
    status = 422 if form.errors else 200
    return render(request, "spot/ask_agency.html", {"form": form, "moment": found}, status=status)


@login_required
def accept(request: DeskRequest, partner_id: UUID) -> HttpResponse:
    """Who asks us to share what, and what that means. Yes is said here."""
    partner = asked_of_us(request, partner_id)
    ours = queries.own_open_moments(request.user.agency)
    form = AcceptForm(request.POST or None, ours=ours)
    if form.is_valid():
        given = form.cleaned_data
        actions.accept(partner, own=given["own"], shows=given["shows"], by=request.user)
        return redirect("spot:joint", partner.moment_id)
    status = 422 if form.errors else 200
    context = {"form": form, "partner": partner, "may_answer": Role.APPROVER in request.user.roles}
    return render(request, "spot/accept.html", context, status=status)


@login_required
@require_POST
def turn_down(request: DeskRequest, partner_id: UUID) -> HttpResponse:
    actions.turn_down(asked_of_us(request, partner_id), by=request.user)
    messages.success(request, _("You said no. Nothing was shared."))
    return redirect("now")


@login_required
@require_POST
def call_off(request: DeskRequest, partner_id: UUID) -> HttpResponse:
    ours = Partner.objects.filter(moment__agency=request.user.agency, pk=partner_id)
    partner = one_of(ours.select_related("moment"), ours.asked(), rules.NOT_ASKED)
    actions.call_off(partner, by=request.user)
    return redirect("spot:joint", partner.moment_id)


@login_required
@require_POST
def end_sharing(request: DeskRequest, partner_id: UUID) -> HttpResponse:
    """Either side ends it: from this second nobody sees anything of the other's."""
    partner = shared_by_us(request, partner_id)
    actions.end_sharing(partner, by=request.user)
    messages.success(request, _("Ended. Neither of you sees anything of the other’s any more."))
    own = partner.moment if partner.host_id == request.user.agency_id else partner.own_moment
    return redirect(own) if own else redirect("now")


@login_required
def choose_shown(request: DeskRequest, partner_id: UUID) -> HttpResponse:
    """From when on that other side sees posts of ours."""
    partner = shared_by_us(request, partner_id)
    rules.may_choose_what_is_shown(partner, request.user)
    hosts = partner.host_id == request.user.agency_id
    now = partner.host_shows if hosts else partner.shows
    form = ShownForm(request.POST or None, initial={"shows": now})
    if form.is_valid():
        actions.choose_shown(partner, shows=form.cleaned_data["shows"], by=request.user)
        return redirect("spot:joint", partner.moment_id)
    context = {"form": form, "partner": partner, "hosts": hosts}
    return render(request, "spot/choose_shown.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def add_fact(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    desk, form = our_desk(request, moment_id), FactForm(request.POST)
    if form.is_valid():
        actions.add_fact(desk, by=request.user, **form.cleaned_data)
        return redirect("spot:joint", moment_id)
    return desk_page(request, moment_id, fact_form=form)


@login_required
@require_POST
def speak_on(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    desk, form = our_desk(request, moment_id), SpeakForm(request.POST)
    if form.is_valid():
        actions.speak_on(desk, by=request.user, **form.cleaned_data)
        return redirect("spot:joint", moment_id)
    return desk_page(request, moment_id, speak_form=form)


@login_required
@require_POST
def take_back_fact(request: DeskRequest, fact_id: UUID) -> HttpResponse:
    return take_back(request, Fact, fact_id, actions.take_back_fact)


@login_required
@require_POST
def give_up_subject(request: DeskRequest, speaker_id: UUID) -> HttpResponse:
    return take_back(request, Spokesperson, speaker_id, actions.give_up_subject)


def take_back(
    request: DeskRequest, kind: type[Fact | Spokesperson], key: UUID, act: Callable[..., object]
) -> HttpResponse:
    """Of ours alone: what another agency said is not there to be taken back."""
    row: Any = get_object_or_404(kind, pk=key, agency=request.user.agency)
    act(row, by=request.user)
    return redirect("spot:joint", row.moment_id)


# What is there for whom


def our_moment(request: DeskRequest, moment_id: UUID) -> Moment:
    return get_object_or_404(Moment, pk=moment_id, agency=request.user.agency)


def our_desk(request: DeskRequest, moment_id: UUID) -> JointDesk:
    agency = request.user.agency
    if desk := queries.desk_of(agency, moment_id):
        return desk
    if queries.was_at(agency, moment_id):  # until just now: somebody has typed something
        raise MovedOn(rules.OVER)
    raise Http404


def asked_of_us(request: DeskRequest, partner_id: UUID) -> Partner:
    agency = request.user.agency
    ours = Partner.objects.filter(agency=agency, pk=partner_id)
    ours = ours.select_related("moment__agency", "agency", "invited_by")
    return one_of(ours, queries.invitations_to(agency), rules.NOT_ASKED)


def shared_by_us(request: DeskRequest, partner_id: UUID) -> Partner:
    agency = request.user.agency
    ours = Partner.objects.filter(Q(agency=agency) | Q(moment__agency=agency), pk=partner_id)
    ours = ours.exclude(since=None).select_related("moment__agency", "agency", "own_moment")
    return one_of(ours, ours.together(), rules.NOTHING_SHARED)


def one_of(ours: PartnerQuerySet, standing: QuerySet[Partner], otherwise: object) -> Partner:
    """What is ours, and still stands; where it does not, that is told. Nobody else hears of it."""
    partner = get_object_or_404(ours)
    if not standing.filter(pk=partner.pk).exists():
        raise MovedOn(otherwise)
    return partner
