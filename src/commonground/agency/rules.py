"""Who may change who is on the desk."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member, Recovery
from commonground.agency.states import FirstDrill, Role
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours, Refused


def may_change_members(by: Member) -> None:
    if Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator may change who is on the desk."))


def may_change(member: Member, by: Member) -> None:
    """Nobody raises themselves: what I may do is for another administrator to say."""
    may_change_members(by)
    if member.agency_id != by.agency_id:
        raise NotYours(_("This member belongs to another agency."))
    alone = _("You cannot change what you may do yourself. Ask another administrator.")
    must_be_another(member, by, alone)


def keeps_an_administrator(agency: Agency, without: Member, roles: Collection[str] = ()) -> None:
    """Someone must be able to let people in."""
    others = agency.members.filter(is_active=True, role_rows__role=Role.ADMIN)
    if Role.ADMIN not in roles and not others.exclude(pk=without.pk).exists():
        raise Refused(_("An agency needs an administrator. Appoint another one first."))


def may_be_away(member: Member, deputy: Member | None, by: Member) -> None:
    """One's own absence is one's own to say; an administrator may say it for who fell ill."""
    if member.agency_id != by.agency_id:
        raise NotYours(_("This member belongs to another agency."))
    if member.pk != by.pk:
        may_change_members(by)
    if deputy and (deputy.agency_id != member.agency_id or not deputy.is_active):
        raise Refused(_("The deputy must be somebody on this desk."))
    if deputy and deputy.pk == member.pk:
        raise Refused(_("Nobody stands in for themselves."))


def may_link(member: Member, other: Member | None, by: Member) -> None:
    may_change(member, by)
    if other and other.agency_id != member.agency_id:
        raise NotYours(_("This member belongs to another agency."))
    if other and other.pk == member.pk:
        raise Refused(_("Choose another account."))


def certifies(by: Member) -> bool:
    return Role.TRAINER in by.roles


def may_award(member: Member, by: Member) -> None:
    """Whoever trains says who was trained; nobody says it of themselves."""
    if not certifies(by):
        raise NotYours(_("Only a trainer may award or revoke certificates."))
    if member.agency_id != by.agency_id:
        raise NotYours(_("This member belongs to another agency."))
    must_be_another(member, by, _("You need another trainer: nobody certifies themselves."))


def must_have_drilled(member: Member) -> None:
    """Asked of whoever writes for the public, and of whoever lets words out."""
    if member.owes_first_drill:
        raise Refused(
            _("First your drill: ten minutes on a desk that reaches nobody. What you write stays a"
              " draft meanwhile. Open Train to begin it; in an emergency an administrator can"
              " lift it.")
        )  # fmt: skip


def may_lift_first_drill(member: Member, by: Member, reason: str | None = None) -> None:
    """For another person, and never without saying why. None: it is not said yet."""
    may_change(member, by)
    if member.first_drill != FirstDrill.OWED:
        raise MovedOn(_("No first drill is asked of them any more."))
    if reason is not None and not reason.strip():
        raise Refused(_("Say why, in a few words: the record needs it."))


def may_renew_invitation(member: Member, by: Member) -> None:
    """One person alone must not be able to come in as another."""
    may_change(member, by)
    if member.last_login:
        raise Refused(
            _("They have signed in before. If they lost every way in, two administrators help.")
        )


def may_end_sign_ins(member: Member, by: Member) -> None:
    if member.pk != by.pk:
        may_change(member, by)


def may_ask_to_recover(member: Member, by: Member) -> None:
    may_change(member, by)
    if member.is_also(by):
        raise NotYours(_("This account is yours too. Another administrator must ask."))
    if member.recoveries.open().exists():
        raise Refused(_("This was asked already."))


def may_agree_to_recover(recovery: Recovery, by: Member) -> None:
    may_change(recovery.member, by)
    again = _("It takes a second administrator: you have said yes already.")
    must_be_another(recovery.asked_by, by, again)
    if recovery.member.is_also(by):
        raise NotYours(_("This account is yours too. Another administrator must agree."))


def may_call_off_recovery(recovery: Recovery, by: Member) -> None:
    if recovery.member_id != by.pk:
        may_change(recovery.member, by)


def may_recover(recovery: Recovery, by: Member) -> None:
    """Both said yes, both may still say it, a day has passed, and nobody called it off."""
    may_change(recovery.member, by)
    if recovery.ended_at or recovery.ready_at is None:
        raise Refused(_("A second administrator has not agreed, or it was called off."))
    if recovery.ready_at > timezone.now():
        raise Refused(_("A day must pass first, so that they can call it off."))
    for person in (recovery.asked_by, recovery.agreed_by):
        if person is None or not person.is_active or Role.ADMIN not in person.roles:
            raise Refused(_("One of the two who agreed is no administrator any more. Ask anew."))
