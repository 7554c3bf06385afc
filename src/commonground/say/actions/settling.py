"""What people do about a delivery the desk could not settle, and how they hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, NotYours
from commonground.record.actions import THE_DESK, advance, witness
from commonground.say import rules
from commonground.say.actions.capturing import shown
from commonground.say.actions.going_out import row_of
from commonground.say.engine.delivering import OURS, is_overdue
from commonground.say.engine.telling import TELL_AGAIN
from commonground.say.models import Delivery, Restart
from commonground.say.states import DELIVERY


@transaction.atomic
def raise_late(delivery: Delivery) -> bool:
    """Tell people that it is late, while the desk goes on trying."""
    now = database_now()
    if not is_overdue(row_of(delivery), now):
        return False
    rows = Delivery.objects.filter(pk=delivery.pk, raised_at=None, state=delivery.state)
    if not rows.update(raised_at=now, tell_at=now):
        return False
    witness("raise_late", delivery, by=THE_DESK, channel=delivery.variant.channel.name)
    return True


@transaction.atomic
def tell(delivery: Delivery, names: Sequence[str], *, by_mail: bool) -> None:
    """Write down who was told, and when they will be told again if nobody takes it."""
    now = database_now()
    rows = Delivery.objects.filter(pk=delivery.pk, acknowledged_at=None, told=delivery.told)
    if rows.update(told=F("told") + 1, told_at=now, tell_at=now + TELL_AGAIN):
        route = "screen and e-mail" if by_mail else "screen"
        witness("tell", delivery, by=THE_DESK, names=list(names), route=route)


def tell_later(delivery: Delivery, at: datetime) -> None:
    """Nobody could be reached: try again soon."""
    Delivery.objects.filter(pk=delivery.pk, told=delivery.told).update(tell_at=at)


@transaction.atomic
def acknowledge(delivery: Delivery, *, by: Member) -> None:
    """Say that a person knows this did not arrive, and takes it from here."""
    must_be_of(delivery, by)
    rows = Delivery.objects.filter(pk=delivery.pk, acknowledged_at=None)
    if rows.update(acknowledged_at=database_now(), acknowledged_by=by):
        witness("acknowledge", delivery, by=by)


@transaction.atomic
def confirm(delivery: Delivery, *, by: Member) -> Delivery:
    """A person looked, and it is there."""
    may_settle(delivery, "confirm", by)
    now = database_now()
    shown(delivery, now)
    return advance(
        delivery, "confirm", by=by, unchanged=OURS, seen_at=now, why="",
        acknowledged_at=now, acknowledged_by=by,
    )  # fmt: skip


@transaction.atomic
def rule_out(delivery: Delivery, *, by: Member) -> Delivery:
    """A person looked, and it is not there. It will not be tried again."""
    may_settle(delivery, "rule_out", by)
    return advance(
        delivery, "rule_out", by=by, unchanged=OURS, acknowledged_at=database_now(),
        acknowledged_by=by,
    )  # fmt: skip


@transaction.atomic
def note_restart(restart: Restart, *, by: Member) -> None:
    """Say that a person read what became of the deliveries in hand when the desk stopped.

    It is off everybody's first page then, so whoever only looks on cannot take it away.
    """
    rules.may_note_restart(restart, by)
    if Restart.objects.filter(pk=restart.pk, noted_at=None).update(
        noted_at=database_now(), noted_by=by
    ):
        witness("note_restart", restart, by=by)


def must_be_of(delivery: Delivery, by: Member) -> None:
    if by.agency_id != delivery.agency_id or not by.roles & {"author", "approver"}:
        raise NotYours(_("This is not yours to do."))


def may_settle(delivery: Delivery, transition: str, by: Member) -> None:
    must_be_of(delivery, by)
    if DELIVERY.transitions[transition].role not in by.roles:
        raise NotYours(_("Only an approver can settle this."))
    if delivery.handed_over_at is None:
        raise MovedOn(_("The desk is still looking by itself. Give it a minute."))
