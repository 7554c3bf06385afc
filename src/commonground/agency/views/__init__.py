"""Who is on the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency import actions, queries, rules
from commonground.agency.forms import (
    AwayForm,
    CertificateForm,
    FactorDaysForm,
    InviteForm,
    RolesForm,
    SamePersonForm,
)
from commonground.agency.http import DeskRequest
from commonground.agency.models import Absence, Certificate, Member
from commonground.agency.signin import first_sign_in
from commonground.agency.states import Role


@login_required
def members(request: DeskRequest) -> HttpResponse:
    """Everyone on the desk, what they may do, and until when they may speak."""
    people = queries.members_of(request.user.agency)
    may_change = Role.ADMIN in request.user.roles
    days = FactorDaysForm(initial={"days": request.user.agency.days_for_factors})
    context = {"people": people, "may_change": may_change, "days": days}
    return render(request, "agency/members.html", context)


@login_required
@require_POST
def set_days_for_factors(request: DeskRequest) -> HttpResponse:
    """How long somebody new may work with a password alone."""
    rules.may_change_members(request.user)
    form = FactorDaysForm(request.POST)
    if form.is_valid():
        actions.set_days_for_factors(request.user.agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Changed. It holds from now on, for everybody."))
    else:
        messages.error(request, " ".join(map(str, form.errors["days"])))
    return redirect("agency:members")


@login_required
def invite(request: DeskRequest) -> HttpResponse:
    """Put someone on the desk; afterwards, the link with which they choose a password."""
    rules.may_change_members(request.user)
    form = InviteForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        member = actions.invite(request.user.agency, by=request.user, **form.cleaned_data)
        link = request.build_absolute_uri(first_sign_in(member))
        return render(request, "agency/invited.html", {"member": member, "link": link})
    return render(request, "agency/invite.html", {"form": form})


@login_required
def member(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """One member, and for administrators what they may do."""
    person = our_member(request, member_id)
    form = RolesForm(request.POST or None, initial={"roles": sorted(person.roles)})
    if form.is_valid():
        actions.set_roles(person, roles=form.cleaned_data["roles"], by=request.user)
        messages.success(request, _("%(name)s's roles were changed.") % {"name": person})
        return redirect("agency:members")
    may_change = Role.ADMIN in request.user.roles and person != request.user
    certificates = person.certificates.order_by("-expires_at")
    context = {
        "person": person, "form": form, "may_change": may_change, "certificates": certificates,
        "may_award": Role.TRAINER in request.user.roles and person != request.user,
        "absences": person.absences.ahead().select_related("deputy"),
        "may_say_away": may_change or person == request.user,
        "same": SamePersonForm(member=person, initial={"other": person.same_as_id}),
        "recovery": person.recoveries.open().select_related("asked_by", "agreed_by").first(),
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "agency/member.html", context)


@login_required
def away(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Say that somebody is away, until when, and who stands in."""
    person = our_member(request, member_id)
    rules.may_be_away(person, None, request.user)
    form = AwayForm(request.POST or None, member=person)
    if form.is_valid():
        actions.go_away(person, by=request.user, **form.cleaned_data)
        return redirect("agency:member", person.pk)
    return render(request, "agency/away.html", {"form": form, "person": person})


@login_required
@require_POST
def back(request: DeskRequest, absence_id: int) -> HttpResponse:
    theirs = Absence.objects.filter(member__agency=request.user.agency)
    absence = get_object_or_404(theirs.select_related("member"), pk=absence_id)
    actions.come_back(absence, by=request.user)
    return redirect("agency:member", absence.member_id)


@login_required
@require_POST
def same_person(request: DeskRequest, member_id: UUID) -> HttpResponse:
    person = our_member(request, member_id)
    form = SamePersonForm(request.POST, member=person)
    if form.is_valid():
        actions.link_accounts(person, other=form.cleaned_data["other"], by=request.user)
    return redirect("agency:member", person.pk)


@login_required
@require_POST
def suspend(request: DeskRequest, member_id: UUID) -> HttpResponse:
    actions.suspend(our_member(request, member_id), by=request.user)
    return redirect("agency:member", member_id)


@login_required
@require_POST
def readmit(request: DeskRequest, member_id: UUID) -> HttpResponse:
    actions.readmit(our_member(request, member_id), by=request.user)
    return redirect("agency:member", member_id)


@login_required
@require_POST
def link_again(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """A fresh link for someone who lost theirs. Whoever holds it can choose the password."""
    person = our_member(request, member_id)
    actions.renew_invitation(person, by=request.user)
    link = request.build_absolute_uri(first_sign_in(person))
    return render(request, "agency/invited.html", {"member": person, "link": link})


@login_required
def award(request: DeskRequest, member_id: UUID) -> HttpResponse:
    """Say that they were trained, in what, and until when it holds."""
    person = our_member(request, member_id)
    rules.may_award(person, request.user)
    form = CertificateForm(request.POST or None)
    if form.is_valid():
        actions.award(person, by=request.user, **form.cleaned_data)
        return redirect("agency:member", person.pk)
    return render(request, "agency/award.html", {"form": form, "person": person})


@login_required
@require_POST
def revoke(request: DeskRequest, certificate_id: int) -> HttpResponse:
    theirs = Certificate.objects.filter(member__agency=request.user.agency)
    certificate = get_object_or_404(theirs.select_related("member"), pk=certificate_id)
    actions.revoke(certificate, by=request.user)
    return redirect("agency:member", certificate.member_id)


def ask_an_administrator(request: HttpRequest) -> HttpResponse:
    """For whoever looks for a way in, or for another address: a person opens it."""
    return render(request, "account/ask.html")


def our_member(request: DeskRequest, member_id: UUID) -> Member:
    return get_object_or_404(Member, pk=member_id, agency=request.user.agency)
