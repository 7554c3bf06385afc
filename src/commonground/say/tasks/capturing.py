"""Looks again at what was seen in public and could not be captured in the same breath."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from commonground.channels.contract import Busy, Declined, Unsure
from commonground.kit.clock import database_now
from commonground.kit.wire import overhearing
from commonground.record.actions import capturing as record
from commonground.record.models import Showing
from commonground.say.actions.capturing import capture_seen
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState
from commonground.say.tasks.carrying import adapter_of, message_of, searched_from

log = logging.getLogger(__name__)
AT_ONCE = 20
OURS = "delivery:"


def catch_up() -> None:
    """One round. A network that does not answer is asked again, more and more rarely."""
    rows = Showing.objects.to_try(database_now()).filter(subject__startswith=OURS)
    for subject in list(rows.values_list("subject", flat=True)[:AT_ONCE]):
        delivery = as_it_is(UUID(subject.removeprefix(OURS)))
        with translation.override(delivery.agency.language):
            try:
                look_again(delivery)
            except Exception as trouble:  # one that we cannot read holds up no other
                log.exception("%s could not be captured", subject)
                record.miss(delivery, type(trouble).__name__)


def as_it_is(pk: UUID) -> Delivery:
    rows = Delivery.objects.select_related("agency", "variant__post", "variant__channel")
    return rows.get(pk=pk)


def look_again(delivery: Delivery) -> None:
    if delivery.withdrawn_at or delivery.state != DeliveryState.SENT:
        record.miss(delivery, _("It was gone before the desk could capture it."), again=False)
        return
    try:
        message = message_of(delivery)
        with overhearing() as heard:
            seen = adapter_of(delivery).find(
                message, key=delivery.key, since=searched_from(delivery)
            )
    except (Declined, Busy, Unsure) as trouble:
        record.miss(delivery, str(trouble) or _("The network does not answer."))
        return
    if seen is None:
        record.miss(delivery, _("The desk looked, and did not see it."))
        return
    # A person who found it knew not its name; whoever looks does.
    delivery.network_id = delivery.network_id or seen.receipt.network_id
    capture_seen(delivery, message, heard)
