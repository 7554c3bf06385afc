"""How devices come to get notices, and how they stop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from commonground.channels.networks.push import endpoints
from commonground.channels.networks.push.models import Arrival, DayKey, Subscription, Tally
from commonground.kit.arrivals import Door, this_hour, today
from commonground.kit.marks import network_of
from commonground.kit.sealed import sealed_for

# Within an hour from one /24 or /64: a family, an office, a class that is shown how.
FROM_ONE_NETWORK = 20
TO_ONE_HOST = 20  # a day, where it is no large push service
TO_OTHERS = 200  # a day, to all of those: one who owns a domain has as many hosts as they like
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
    large = endpoints.is_large(endpoint.url)
    if not large:
        DOOR.count("host", endpoint.origin, TO_ONE_HOST, today())
        DOOR.count("others", "", TO_OTHERS, today())
    device = endpoints.device(channel_id, endpoint.url)
    where = {"url": endpoint.url, "p256dh": endpoint.p256dh, "auth": endpoint.auth}
    given: dict[str, Any] = {"where": where, "language": language, "own_service": not large}
    found, new = Subscription.objects.get_or_create(
        channel_id=channel_id, device=device, defaults=given
    )
    if new:
        Tally.one_more(channel_id, "joined")
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
    Tally.one_more(found.channel_id, what)
    return True
