"""What a person does about a thread that is half out: have the rest tried, or take it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import advance, witness
from commonground.say import rules
from commonground.say.actions.going_out import as_it_is, row_of
from commonground.say.engine.delivering import OURS, anew, may_go_on
from commonground.say.models import Delivery, Variant
from commonground.say.states import DeliveryState

# Who was told so far is kept: if it fails again, one more person hears of it.
UNTAKEN: dict[str, Any] = {"acknowledged_at": None, "acknowledged_by": None}


@transaction.atomic
def go_on(delivery: Delivery, *, by: Member) -> Delivery:
    """Have a part tried again that the network refused, and after it those that wait behind it.

    They are the very words that were approved, and they keep no longer than before.
    """
    rules.may_settle_thread(delivery, by)
    rules.hold_still(delivery.variant.post)
    fresh, now = as_it_is(delivery), database_now()
    rules.must_be_going_out(fresh)
    if not may_go_on(row_of(fresh), now):
        raise MovedOn(_("It is too late to go on with this thread. Take back what is out."))
    waiting = Delivery.objects.filter(variant=fresh.variant_id, part__gt=fresh.part)
    waiting.filter(state=DeliveryState.WAITING).update(**anew(now), **UNTAKEN)
    told = {"channel": fresh.variant.channel.name, "part": fresh.part}
    return advance(fresh, "go_on", by=by, unchanged=OURS, told=told, **anew(now), **UNTAKEN)


@transaction.atomic
def break_off(delivery: Delivery, *, by: Member) -> Variant:
    """Send no more of a thread, and take back the parts that are out: on this channel only."""
    rules.may_settle_thread(delivery, by)
    variant = delivery.variant
    rules.hold_still(variant.post)
    if not Variant.objects.filter(pk=variant.pk, taken_back_at=None).update(
        taken_back_at=database_now()
    ):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    rows = Delivery.objects.filter(variant=variant)
    rows.filter(attempt=0, state=DeliveryState.WAITING).delete()
    out = rows.filter(state=DeliveryState.SENT, withdrawn_at=None).count()
    rows.update(next_at=database_now(), acknowledged_at=None, acknowledged_by=None)
    witness("break_off", delivery, by=by, channel=variant.channel.name, out=out)
    variant.refresh_from_db()
    return variant
