"""The drill before somebody's first real words: that it is over, or not asked of them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency import rules
from commonground.agency.models import Member
from commonground.agency.states import FirstDrill
from commonground.kit.refusals import MovedOn
from commonground.record.actions import witness


@transaction.atomic
def finish_first_drill(member: Member, **told: str) -> Member:
    """They practised and looked back: from now on what they write may go to a second person."""
    settle(member, FirstDrill.DONE)
    witness("finish_first_drill", member, by=member, **told)
    return member


@transaction.atomic
def lift_first_drill(member: Member, *, reason: str, by: Member) -> Member:
    """They may speak without it. Who said so, and why, stays on the record."""
    rules.may_lift_first_drill(member, by, reason)
    settle(member, FirstDrill.LIFTED)
    witness("lift_first_drill", member, by=by, reason=reason.strip()[:300])
    return member


def settle(member: Member, how: FirstDrill) -> None:
    """Once: of two who do it at the same time one is told."""
    still = Member.objects.filter(pk=member.pk, first_drill=FirstDrill.OWED)
    if not still.update(first_drill=how):
        raise MovedOn(_("No first drill is asked of them any more."))
    member.first_drill = how.value
