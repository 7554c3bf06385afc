"""Somebody says that a measure against them was wrong, and somebody else decides."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.answer.actions.measures import public_facts, restore
from commonground.answer.models import Appeal, Measure
from commonground.answer.rules import measures as rules
from commonground.answer.states import MeasureState
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import Machine, advance, witness

LONGEST = 2000
A_RESIDENT = Machine("A resident")


@transaction.atomic
def appeal(measure: Measure, *, text: str) -> Appeal:
    """From the author's own page. Its clock runs from now; what was done stays until then."""
    if measure.agreed_at is None or measure.emptied_at:
        raise Refused(_("There is nothing to object to."))
    if not text.strip():
        raise Refused(_("Say in a few words what was wrong about it."))
    now = database_now()
    due = now + timedelta(hours=measure.policy.appeal_hours)
    made = Appeal(
        measure=measure, agency_id=measure.agency_id, at=now, due_at=due,
        said={"text": text.strip()[:LONGEST]},
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as twice:
        raise MovedOn(_("You have objected already. Here is where it stands.")) from twice
    witness("appeal", made, by=A_RESIDENT, **public_facts(measure))
    return made


@transaction.atomic
def grant(appeal: Appeal, *, reason: str, by: Member) -> Appeal:
    """It was wrong, and is undone; the reason is theirs to read."""
    decided = decide(appeal, "grant", reason, by)
    if appeal.measure.state == MeasureState.IN_FORCE:
        restore(appeal.measure)
    return decided


@transaction.atomic
def uphold(appeal: Appeal, *, reason: str, by: Member) -> Appeal:
    """It was right, and stays for its time; the reason is theirs to read."""
    return decide(appeal, "uphold", reason, by)


def decide(appeal: Appeal, transition: str, reason: str, by: Member) -> Appeal:
    rules.may_decide(appeal, by)
    said = {**appeal.said, "reason": rules.must_give_reason(reason)}
    told = {"why": said["reason"], **public_facts(appeal.measure)}
    decided = advance(
        appeal, transition, by=by, told=told, decided_by=by, decided_at=database_now()
    )
    decided.said = said
    decided.save(update_fields=["said"])
    return decided
