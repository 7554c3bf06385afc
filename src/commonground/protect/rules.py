"""Who may stop everything, and who may start it again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.models import Channel
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours
from commonground.protect.models import Alarm, Hold, Impostor
from commonground.protect.states import ALARM, IMPOSTOR

MAY_RESTART = {Role.APPROVER, Role.ADMIN}


def may(alarm: Alarm, transition: str, by: Member) -> None:
    """Whoever answers for what goes out says what this was."""
    if by.agency_id != alarm.agency_id or ALARM.transitions[transition].role not in by.roles:
        raise NotYours(_("Only an approver can say what this was."))


def may_remove(alarm: Alarm, by: Member) -> None:
    may(alarm, "disown", by)
    if not alarm.can_be_removed:
        raise MovedOn(_("Say first that it was not us. Then what stands there can be removed."))


def may_check(channel: Channel, by: Member) -> None:
    """Whoever runs our accounts, or answers for what they say, looks how they are kept."""
    if by.agency_id != channel.agency_id or not by.roles & MAY_RESTART:
        raise NotYours(_("Approvers and administrators check how our accounts are kept."))


def may_decide(case: Impostor, transition: str, by: Member) -> None:
    """Whoever answers for what goes out says who is not us."""
    if by.agency_id != case.agency_id or IMPOSTOR.transitions[transition].role not in by.roles:
        raise NotYours(_("Only an approver can say who is not us."))


def may_add_impostor(agency: Agency, by: Member) -> None:
    if by.agency_id != agency.pk or not by.roles - {Role.AUDITOR}:
        raise NotYours(_("An auditor sees everything and changes nothing."))


def may_look_again(agency: Agency, by: Member) -> None:
    if by.agency_id != agency.pk or not by.roles & MAY_RESTART:
        raise NotYours(_("Approvers and administrators check how our accounts are kept."))


def may_stop(by: Member) -> None:
    """Stopping is easy: whoever may do anything at all may stop everything."""
    if not by.roles - {Role.AUDITOR}:
        raise NotYours(_("An auditor sees everything and changes nothing."))


def may_agree_to_restart(hold: Hold, by: Member) -> None:
    """Starting again is hard: it takes two, and both answer for what goes out."""
    if hold.agency_id != by.agency_id or not by.roles & MAY_RESTART:
        raise NotYours(_("Only approvers and administrators can agree to start again."))
    if hold.lifted_at:
        raise MovedOn(_("Everything was started again already."))
    if hold.first_yes is not None:
        again = _("You have agreed already. A second person has to agree as well.")
        must_be_another(hold.first_yes, by, again)
