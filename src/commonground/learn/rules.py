"""Who may say what the news carried."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.kit.refusals import NotYours, Refused
from commonground.learn.models import Coverage, Mistake
from commonground.say import rules as say
from commonground.spot.models import Moment
from commonground.spot.states import State


def may_follow(by: Member) -> None:
    if not can_follow(by):
        raise NotYours(_("Your role does not include following the news."))


def can_follow(by: Member) -> bool:
    return bool(by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})


def may_change_outlets(by: Member) -> None:
    if not can_change_outlets(by):
        raise NotYours(_("Only an administrator may change whose news we read."))


def can_change_outlets(by: Member) -> bool:
    return Role.ADMIN in by.roles


def may_add_to(coverage: Coverage, by: Member) -> None:
    may_follow(by)
    must_be_ours(coverage.agency_id, by)


def may_work_on(mistake: Mistake, by: Member) -> None:
    may_follow(by)
    must_be_ours(mistake.agency_id, by)


def may_go_direct(by: Member) -> None:
    """A draft is an author's."""
    say.may_write(by)


def may_look_back(moment: Moment, by: Member) -> None:
    may_follow(by)
    must_be_ours(moment.agency_id, by)


def may_freeze(moment: Moment, by: Member) -> None:
    """Whoever answers for what goes out answers for how it went."""
    if not can_freeze(by):
        raise NotYours(_("Only an approver may put a report on the record."))
    must_be_ours(moment.agency_id, by)
    if moment.state == State.OPEN:
        raise Refused(_("The moment still runs. Its report can be frozen when it is over."))


def can_freeze(by: Member) -> bool:
    return Role.APPROVER in by.roles


def sees_names(by: Member) -> bool:
    """Who may read in a report which person did what; all others read which role did."""
    return bool(by.roles & {Role.APPROVER, Role.ADMIN, Role.RECORDS, Role.AUDITOR})


def must_be_ours(agency_id: UUID, by: Member) -> None:
    if by.agency_id != agency_id:
        raise NotYours(_("This belongs to another agency."))
