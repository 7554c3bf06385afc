"""Somebody's first drill: a desk made for it, begun by themselves, and what it opens."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency import actions as agency
from commonground.agency.models import Member
from commonground.protect.queries import standing_over
from commonground.record.actions import witness
from commonground.train import rules
from commonground.train.actions.drills import set_going
from commonground.train.actions.founding import found
from commonground.train.engine.desk import Desk, desk_from
from commonground.train.engine.plan import Plan
from commonground.train.models import FirstRun, Seat
from commonground.train.queries import FIRST_DRILL, desks_of, plan_named

# Nobody lives at an address of this kind (RFC 2606), so kit.mail writes no letter to it.
NOWHERE = "practice.invalid"
GOOD_FOR_DAYS = 365


def begin_first_drill(*, by: Member) -> FirstRun:
    """Its clock runs, on a desk of their own. No trainer is asked: in a small agency there may be
    none today. Begun again, it is the same desk and another drill."""
    plan = plan_named(FIRST_DRILL)
    run = a_first_run(plan, by)
    seats = {
        Seat.ROLES.AUTHOR.value: [run.twin], Seat.ROLES.APPROVER.value: [run.reader],
        Seat.ROLES.SPOKESPERSON.value: [run.twin],
    }  # fmt: skip
    drill = run.desk.drills.going().first() or set_going(plan, seats, by=run.twin)
    with transaction.atomic():
        run.drill = drill
        run.save(update_fields=["drill"])
        witness("begin_first_drill", by, by=by, drill=str(drill.pk))
    return run


@transaction.atomic
def a_first_run(plan: Plan, member: Member) -> FirstRun:
    """Theirs, made when it is first needed."""
    member = Member.objects.select_for_update(of=("self",)).select_related("agency").get(
        pk=member.pk
    )  # fmt: skip
    rules.may_begin_first_drill(member)
    there = (
        FirstRun.objects.select_related("twin__agency", "reader", "desk")
        .filter(member=member)
        .first()
    )
    if there and there.twin.certified() and not standing_over(there.desk):
        return there
    if there:  # that desk stands still for good, for nobody is there to start it: they get another
        there.delete()
    token = secrets.token_hex(8)
    emails = {"twin": f"{token}@{NOWHERE}", "reader": f"{token}-desk@{NOWHERE}"}
    desk = found(practice_desk(plan, member, token, emails), None)
    twin, reader = (desk.members.get(email=emails[who]) for who in ("twin", "reader"))
    return FirstRun.objects.create(member=member, desk=desk, twin=twin, reader=reader)


def practice_desk(plan: Plan, member: Member, token: str, emails: dict[str, str]) -> Desk:
    """A rehearsal, the resources the drill is about, one person, and the desk as the second."""
    home, unit = member.agency, _("Practice")
    able = {"unit": unit, "certified_days_ago": 0}
    helps = {one.name for one in plan.resources}
    shelf = [row for row in desks_of(plan.city)[0].resources if row.name in helps]
    tables: dict[str, Any] = {
        "chief": emails["reader"],
        "agency": {
            "slug": f"first-{token}", "name": f"{home.name[:50]}, {_('first drill')} {token[:6]}",
            "motto": "", "languages": home.languages, "time_zone": home.time_zone,
            "emergency_number": home.emergency_number, "drill": True,
        },
        "certificate": {"course": _("First drill"), "good_for_days": GOOD_FOR_DAYS},
        "units": [{"name": unit, "purpose": _("A desk to practise on, for one person")}],
        "members": [
            {"email": emails["twin"], "name": member.name, "roles": ["author"],
             "language": member.language, **able},
            {"email": emails["reader"], "name": _("The desk, as your approver"),
             "roles": ["approver", "admin"], **able},
        ],
        "channels": [
            {"network": "rehearsal", "name": _("Rehearsal"), "unit": unit,
             "purpose": _("Looks like the real thing, reaches nobody"), "language": home.language},
        ],
    }  # fmt: skip
    desk = desk_from(tables)
    return msgspec.structs.replace(desk, resources=shelf)


@transaction.atomic
def finish_first_drill(run: FirstRun) -> Member:
    """They looked back on it: from now on what they write on their own desk may go out."""
    rules.may_finish_first_drill(run)
    return agency.finish_first_drill(run.member, drill=str(run.drill_id))
