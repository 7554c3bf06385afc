"""Who may say what the news carried."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.kit.refusals import NotYours
from commonground.learn.models import Coverage


def may_follow(by: Member) -> None:
    if not can_follow(by):
        raise NotYours(_("Your role does not include following the news."))


def can_follow(by: Member) -> bool:
    return bool(by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})


def may_add_to(coverage: Coverage, by: Member) -> None:
    may_follow(by)
    must_be_ours(coverage.agency_id, by)


def must_be_ours(agency_id: UUID, by: Member) -> None:
    if by.agency_id != agency_id:
        raise NotYours(_("This belongs to another agency."))
