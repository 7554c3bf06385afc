"""How devices come to get notices, and how they stop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from commonground.channels.networks.push import endpoints
from commonground.channels.networks.push.models import Arrival, DayKey, Subscription, Tally
from commonground.kit.arrivals import Door, this_hour, today
from commonground.kit.marks import network_of
from commonground.kit.sealed import sealed_for

# Within an hour from one /24 or /64: a family, an office, a class that is shown how.
FROM_ONE_NETWORK = 20
TO_ONE_HOST = 20  # a day, where it is no large push service
IN_ALL = 2000  # an hour; after something grave many come at once

DOOR = Door(Arrival, DayKey)


@transaction.atomic
def join(
    channel_id: UUID | str, endpoint: endpoints.Endpoint, *, language: str, come_from: str
) -> None:
    """From here on every notice goes to this device too. Said twice, it is said once.

    Raises Crowded where too many ask.
    """
    DOOR.count("network", network_of(come_from), FROM_ONE_NETWORK, this_hour())
    DOOR.count("all", "", IN_ALL, this_hour())
    if not endpoints.is_large(endpoint.url):
        DOOR.count("host", endpoint.origin, TO_ONE_HOST, today())
    device = endpoints.device(channel_id, endpoint.url)
    where = {"url": endpoint.url, "p256dh": endpoint.p256dh, "auth": endpoint.auth}
    given: dict[str, Any] = {"where": where, "language": language}
    found, new = Subscription.objects.get_or_create(
        channel_id=channel_id, device=device, defaults=given
    )
    if new:
        tally(channel_id, "joined")
    else:  # a browser may have made new keys
        fresh = sealed_for(found, **given, refusals=0)
        Subscription.objects.filter(pk=found.pk).update(**fresh)


@transaction.atomic
def leave(channel_id: UUID | str, url: str) -> bool:
    """Delete the device with this address. Nothing is kept, not even that it was here."""
    rows = Subscription.objects.filter(
        channel_id=channel_id, device=endpoints.device(channel_id, url)
    )
    return remove(rows, "left")


def remove(rows: QuerySet[Subscription], what: str) -> bool:
    found = rows.select_for_update().first()
    if found is None:
        return False
    found.delete()
    tally(found.channel_id, what)
    return True


def tally(channel_id: UUID | str, what: str) -> None:
    day, _new = Tally.objects.get_or_create(
        channel_id=channel_id, what=what, day=timezone.now().date()
    )
    Tally.objects.filter(pk=day.pk).update(count=F("count") + 1)
