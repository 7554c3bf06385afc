"""Every change of who is on the desk, and what they may do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from commonground.agency import rules
from commonground.agency.actions.entering import (
    agree_to_recover,
    ask_to_recover,
    call_off_recovery,
    connect,
    disconnect,
    end_sign_ins,
    enter,
    fail_to_enter,
    go,
    prove_again,
    recover,
    set_days_for_factors,
)
from commonground.agency.actions.first_drill import finish_first_drill, lift_first_drill
from commonground.agency.actions.sheets import bring_sheet, drop_sheet, take_sheet, undo_sheet
from commonground.agency.models import Absence, Agency, Certificate, Member, MemberRole, Unit
from commonground.agency.states import FirstDrill, Role
from commonground.record.actions import THE_DESK, witness
from commonground.record.actions.keeping import standard_classes

# What the first person needs to let all others in, and to let them speak.
FIRST_ROLES = [Role.ADMIN, Role.TRAINER]


@transaction.atomic
def found(*, administrator: str, email: str, **agency: object) -> Member:
    """A new agency with one person in it, who lets in the others. They choose a password first."""
    ours = Agency.objects.create(**agency)
    standard_classes(ours.pk)  # from the first day it is known how long words are kept
    witness("found", ours, by=THE_DESK, agency=ours.pk)
    first = Member.objects.create_user(email, None, agency=ours, name=administrator)
    give(first, FIRST_ROLES)
    witness("invite", first, by=THE_DESK, roles=sorted(FIRST_ROLES))
    return first


@transaction.atomic
def describe(
    agency: Agency, *, emergency_number: str, motto: str, languages: Collection[str],
    time_zone: str, units: Collection[str], by: Member,
) -> Agency:  # fmt: skip
    """What stands on each public page and how the desk itself writes, looked over by somebody."""
    rules.may_change_members(by)
    agency.emergency_number, agency.motto = emergency_number, motto
    agency.languages, agency.time_zone = list(languages), time_zone
    agency.described_at = timezone.now()
    agency.save(
        update_fields=["emergency_number", "motto", "languages", "time_zone", "described_at"]
    )
    for name in units:
        agency.units.get_or_create(name=name)
    witness(
        "describe", agency, by=by, agency=agency.pk, emergency_number=emergency_number,
        motto=motto, languages=list(languages), time_zone=time_zone, units=list(units),
    )  # fmt: skip
    return agency


def end_tour(member: Member) -> None:
    """They know their way. Nobody else needs to know, so it is no entry of the record."""
    Member.objects.filter(pk=member.pk).update(toured_at=timezone.now())


def begin_tour(member: Member) -> None:
    """They would like the hints again."""
    Member.objects.filter(pk=member.pk).update(toured_at=None)


@transaction.atomic
def invite(
    agency: Agency, *, name: str, email: str, roles: Collection[str], by: Member,
    unit: Unit | None = None,
) -> Member:  # fmt: skip
    """Put someone on the desk. They cannot enter until they have chosen a password or passkey,
    and on a real desk nothing of theirs goes out before their first drill."""
    rules.may_change_members(by)
    asked = FirstDrill.NOT_ASKED if agency.drill else FirstDrill.OWED
    member = Member.objects.create_user(
        email, None, agency=agency, name=name, unit=unit, first_drill=asked.value
    )
    give(member, roles)
    witness("invite", member, by=by, roles=sorted(roles))
    return member


@transaction.atomic
def set_roles(member: Member, *, roles: Collection[str], by: Member) -> Member:
    """What they may do from this second on; a right that is missing here is gone."""
    rules.may_change(member, by)
    rules.keeps_an_administrator(member.agency, without=member, roles=roles)
    before = sorted(member.roles)
    member.role_rows.exclude(role__in=roles).delete()
    give(member, set(roles) - set(before))
    witness("set_roles", member, by=by, before=before, after=sorted(roles))
    return Member.objects.get(pk=member.pk)


@transaction.atomic
def suspend(member: Member, *, by: Member) -> Member:
    """They can no longer enter; what they did stays theirs on the record."""
    rules.may_change(member, by)
    rules.keeps_an_administrator(member.agency, without=member)
    return switch(member, "suspend", active=False, by=by)


@transaction.atomic
def readmit(member: Member, *, by: Member) -> Member:
    """They can enter again, with the roles they had."""
    rules.may_change(member, by)
    return switch(member, "readmit", active=True, by=by)


def switch(member: Member, verb: str, *, active: bool, by: Member) -> Member:
    member.is_active = active
    member.save(update_fields=["is_active"])
    witness(verb, member, by=by)
    return member


def give(member: Member, roles: Collection[str]) -> None:
    MemberRole.objects.bulk_create(MemberRole(member=member, role=role) for role in sorted(roles))


@transaction.atomic
def renew_invitation(member: Member, *, by: Member) -> Member:
    """Let them choose a password anew. The record says who handed out the link. Only for whoever
    never came in: for all others it takes two, and a day (see `ask_to_recover`)."""
    rules.may_renew_invitation(member, by)
    witness("renew_invitation", member, by=by)
    return member


def choose_password(member: Member) -> None:
    """Their password is another one from now on. Nothing of it is told but that."""
    witness("choose_password", member, by=member)


def add_way_in(member: Member, *, kind: str) -> None:
    """One more way to prove that it is them: a passkey, one-time codes, recovery codes."""
    witness("add_way_in", member, by=member, kind=kind)


def remove_way_in(member: Member, *, kind: str) -> None:
    """One way less."""
    witness("remove_way_in", member, by=member, kind=kind)


@transaction.atomic
def award(member: Member, *, course: str, expires_at: datetime, by: Member) -> Certificate:
    """Say on the record that somebody was trained, and may speak for the service until then."""
    rules.may_award(member, by)
    certificate = Certificate.objects.create(member=member, course=course, expires_at=expires_at)
    told = {"member": member.name, "until": expires_at.isoformat()}
    witness("award", certificate, by=by, agency=member.agency_id, **told)
    return certificate


@transaction.atomic
def revoke(certificate: Certificate, *, by: Member) -> Certificate:
    """From this second it no longer counts, also for posts that were approved before."""
    rules.may_award(certificate.member, by)
    still = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if still.update(revoked_at=timezone.now()):
        witness("revoke", certificate, by=by, agency=by.agency_id, member=certificate.member.name)
    return Certificate.objects.get(pk=certificate.pk)


@transaction.atomic
def go_away(
    member: Member, *, starts_at: datetime, ends_at: datetime, deputy: Member | None, by: Member
) -> Absence:
    """From then until then nobody waits for them; their deputy is asked in their place."""
    rules.may_be_away(member, deputy, by)
    made = Absence.objects.create(
        member=member, starts_at=starts_at, ends_at=ends_at, deputy=deputy
    )  # fmt: skip
    told = {"until": ends_at.isoformat(), "deputy": deputy.name if deputy else ""}
    witness("go_away", member, by=by, since=starts_at.isoformat(), **told)
    return made


@transaction.atomic
def come_back(absence: Absence, *, by: Member) -> Absence:
    """They are here again, or never went."""
    rules.may_be_away(absence.member, None, by)
    still = Absence.objects.filter(pk=absence.pk, ended_at=None)
    if still.update(ended_at=timezone.now()):
        witness("come_back", absence.member, by=by)
    return Absence.objects.get(pk=absence.pk)


@transaction.atomic
def link_accounts(member: Member, *, other: Member | None, by: Member) -> Member:
    """Both accounts are one person's from now on: neither approves what the other wrote."""
    rules.may_link(member, other, by)
    first = (other.same_as or other) if other else None
    member.same_as = None if first == member else first
    member.save(update_fields=["same_as"])
    if first and first != member:  # whoever was linked to this account is that person too
        member.others.update(same_as=first)
    witness("link_accounts", member, by=by, other=other.name if other else "")
    return member


__all__ = [
    "FIRST_ROLES",
    "add_way_in",
    "agree_to_recover",
    "ask_to_recover",
    "award",
    "begin_tour",
    "bring_sheet",
    "call_off_recovery",
    "choose_password",
    "come_back",
    "connect",
    "describe",
    "disconnect",
    "drop_sheet",
    "end_sign_ins",
    "end_tour",
    "enter",
    "fail_to_enter",
    "finish_first_drill",
    "found",
    "give",
    "go",
    "go_away",
    "invite",
    "lift_first_drill",
    "link_accounts",
    "prove_again",
    "readmit",
    "recover",
    "remove_way_in",
    "renew_invitation",
    "revoke",
    "set_days_for_factors",
    "set_roles",
    "suspend",
    "take_sheet",
    "undo_sheet",
]
