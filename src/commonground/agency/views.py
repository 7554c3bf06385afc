"""Who is on the desk."""

from __future__ import annotations

from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency import actions, queries, rules
from commonground.agency.forms import InviteForm, RolesForm
from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.agency.states import Role


@login_required
def members(request: DeskRequest) -> HttpResponse:
    """Everyone on the desk, what they may do, and until when they may speak."""
    people = queries.members_of(request.user.agency)
    may_change = Role.ADMIN in request.user.roles
    return render(request, "agency/members.html", {"people": people, "may_change": may_change})


@login_required
def invite(request: DeskRequest) -> HttpResponse:
    """Put someone on the desk; afterwards, the link with which they choose a password."""
    rules.may_change_members(request.user)
    form = InviteForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        member = actions.invite(request.user.agency, by=request.user, **form.cleaned_data)
        link = first_sign_in(request, member)
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
        "person": person, "form": form, "may_change": may_change, "certificates": certificates
    }  # fmt: skip
    return render(request, "agency/member.html", context)


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
    link = first_sign_in(request, person)
    return render(request, "agency/invited.html", {"member": person, "link": link})


def our_member(request: DeskRequest, member_id: UUID) -> Member:
    return get_object_or_404(Member, pk=member_id, agency=request.user.agency)


def first_sign_in(request: DeskRequest, member: Member) -> str:
    token = default_token_generator.make_token(member)
    names = {"uidb36": user_pk_to_url_str(member), "key": token}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=names))
