"""How people come onto the list and leave it. Whatever somebody types, they are told the same."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from commonground.channels.networks.mail import addresses
from commonground.channels.networks.mail.models import (
    Arrival,
    DayKey,
    Owed,
    Subscriber,
    SubscriberQuerySet,
    Tally,
)
from commonground.channels.networks.mail.writing import token_in
from commonground.kit.arrivals import Door, this_hour, today
from commonground.kit.marks import network_of, plain_address

# Within an hour from one /24 or /64: a family, an office, a class that is shown how.
FROM_ONE_NETWORK = 20
TO_ONE_ADDRESS = 3  # a day, over all lists: nobody's letter box is flooded through us
IN_ALL = 1000  # an hour: a thousand rented machines get no further than this

DOOR = Door(Arrival, DayKey)


@transaction.atomic
def ask(channel_id: UUID | str, *, typed: str, language: str, come_from: str) -> None:
    """Owe this address a letter that asks for its yes. It is told of nobody whether it is known.

    Raises NoAddress for what is none, and Crowded where too many ask: both are said of what
    was typed and of where it came from, never of who is on the list.
    """
    address = addresses.normal(typed)
    DOOR.count("network", network_of(come_from), FROM_ONE_NETWORK, this_hour())
    DOOR.count("all", "", IN_ALL, this_hour())
    if addresses.is_ours(address) or not DOOR.counted(
        "address", plain_address(address), TO_ONE_ADDRESS, today()
    ):
        return
    found, _new = Subscriber.objects.get_or_create(
        channel_id=channel_id, person=addresses.person(channel_id, address),
        defaults={"address": address, "language": language},
    )  # fmt: skip
    now = timezone.now()
    on_the_list = found.confirmed_at is not None and found.bounced_at is None
    owed = Owed.ALREADY if on_the_list else Owed.CONFIRM
    fresh = {} if on_the_list else {"language": language, "asked_at": now}
    Subscriber.objects.filter(pk=found.pk).update(owed=owed, owed_at=now, **fresh)


def meant_by(link: str) -> Subscriber | None:
    """Whose yes this link asks for, if it still counts."""
    token = token_in(link)
    return Subscriber.objects.of(token).first() if token else None


@transaction.atomic
def confirm(subscriber: Subscriber) -> None:
    """From here on every letter goes to them too. Said twice, it is said once."""
    rows = Subscriber.objects.filter(pk=subscriber.pk)
    now = timezone.now()
    if rows.filter(confirmed_at=None).update(confirmed_at=now, bounced_at=None, owed=""):
        Tally.one_more(subscriber.channel_id, "joined")
    else:  # letters to them came back, and this one arrived
        rows.update(bounced_at=None)


@transaction.atomic
def leave(token: str) -> None:
    """Delete whoever holds this link. Nothing is kept, not even that they were here: there is no
    import that could bring them back, and a second yes needs their own hand."""
    remove(Subscriber.objects.of(token))


@transaction.atomic
def forget(channel_id: str, typed: str) -> bool:
    """Delete one address at somebody's request. Whether it was there."""
    address = addresses.normal(typed)
    person = addresses.person(channel_id, address)
    return remove(Subscriber.objects.filter(channel_id=channel_id, person=person))


def remove(rows: SubscriberQuerySet) -> bool:
    found = rows.select_for_update().first()
    if found is None:
        return False
    found.delete()
    if found.confirmed_at:
        Tally.one_more(found.channel_id, "left")
    return True
