"""What was on its way to a network when everything was stopped, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import translation

from commonground.agency.models import Agency
from commonground.channels.models import Channel
from commonground.protect.models import Hold
from commonground.say.engine.delivering import IN_FLIGHT
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState
from commonground.say.templatetags.say import delivery_words

D = DeliveryState


def on_the_wire(agency: Agency, at: datetime) -> QuerySet[Delivery]:
    """Those whose request had left by then and had no outcome yet.

    An outcome that was written since says so by its time; where it has none, the request was
    young enough to be still under way.
    """
    tried = Delivery.objects.filter(agency=agency, first_tried_at__lte=at)
    undecided = Q(state__in=[D.SENDING, D.UNSURE]) | Q(seen_at__gte=at)
    young = Q(last_tried_at__gte=at - IN_FLIGHT) & ~Q(seen_at__lt=at)
    rows = tried.filter(undecided | young).order_by("first_tried_at", "pk")
    # How a part stands is told beside the others of its thread.
    told = rows.select_related("variant__post", "variant__channel")
    return told.prefetch_related("variant__deliveries")


def is_on_its_way(channel: Channel) -> bool:
    """Whether something of ours may be out there, and looking for it still needs the sign-in."""
    mine = Delivery.objects.filter(variant__channel=channel)
    return mine.filter(state__in=[D.SENDING, D.UNSURE], handed_over_at=None).exists()


def waiting(agency: Agency) -> QuerySet[Delivery]:
    """What would go out if nothing stopped it."""
    rows = Delivery.objects.unfinished().filter(agency=agency, attempt=0)
    return rows.select_related("variant__post", "variant__channel").order_by("due_at", "pk")


def told_on_the_server(agency_id: UUID) -> Iterator[str]:
    """One line for each, for `commonground protect`. Named in `settings.ON_THE_WIRE`."""
    hold = Hold.objects.filter(agency=agency_id).order_by("-since").first()
    if hold is None:
        return
    with translation.override("en"):
        for delivery in on_the_wire(hold.agency, hold.since):
            where, what = (
                delivery.variant.channel.name,
                " ".join(str(delivery.variant.post).split()),
            )
            yield f"{where}: {what}: {delivery_words(delivery.variant)}"
