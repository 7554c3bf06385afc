"""Who may say what came of what people said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.answer.models import Deed
from commonground.kit.refusals import NotYours


def may_announce(deed: Deed, by: Member) -> None:
    if Role.APPROVER not in by.roles or by.agency_id != deed.agency_id:
        raise NotYours(_("Only approvers publish what came of it."))
    if by.is_also(deed.written_by):
        raise NotYours(_("You wrote it. A second person reads it before everybody does."))
