"""A worker's hands: so many deliveries at once, each in a thread of its own."""

from __future__ import annotations

import logging
from collections import Counter
from functools import partial
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from commonground.kit import hands
from commonground.say.models import Delivery
from commonground.say.tasks.carrying import deliver

type Place = tuple[str, str]  # network and address
PLACE = ("variant__channel__network", "variant__channel__address")

log = logging.getLogger(__name__)


class Hands:
    """One claim a hand. No place may hold more than a third of them, so that a server which
    answers nobody for its thirty seconds leaves the others their turn."""

    def __init__(self) -> None:
        self.pool: hands.Hands | None = None
        self.held: dict[UUID, Place] = {}
        self.lock = Lock()

    def take(self, ready: QuerySet[Delivery]) -> None:
        """Put into free hands what fits; what does not is asked again next round.

        A round comes five times a second, so it asks nothing where no hand is free, and reads
        whole rows only of what it will take.
        """
        most = settings.ENV.hands
        self.pool = self.pool or hands.Hands(most, "hands")
        while names := self.that_fit(ready, most):
            taken = [row for row in ready.filter(pk__in=names) if self.grasp(row, most // 3)]
            for delivery in taken:
                self.pool.give(partial(self.hold, delivery))
            if not taken:
                return

    def that_fit(self, ready: QuerySet[Delivery], most: int) -> list[UUID]:
        """As many as there are free hands, of places that have not too many of them."""
        with self.lock:
            held = dict(self.held)
        free, at = most - len(held), Counter(held.values())
        if free <= 0:
            return []
        for (network, address), many in at.items():
            if many >= most // 3:
                ready = ready.exclude(**dict(zip(PLACE, (network, address), strict=True)))
        rows = ready.exclude(pk__in=held).values_list("pk", *PLACE)[:free]
        fitting = []
        for name, network, address in rows:
            at[network, address] += 1
            if at[network, address] <= most // 3:
                fitting.append(name)
        return fitting

    def grasp(self, delivery: Delivery, most: int) -> bool:
        place = place_of(delivery)
        with self.lock:
            if delivery.pk in self.held or Counter(self.held.values())[place] >= most:
                return False
            self.held[delivery.pk] = place
        return True

    def hold(self, delivery: Delivery) -> None:
        """Carry what was grasped, and let go of it however that ends."""
        try:
            with translation.override(delivery.agency.language):
                deliver(delivery)
        except Exception:
            # The row says what is known; its lease ends, and whoever is next looks first.
            log.exception("delivery %s was dropped", delivery.pk)
        finally:
            with self.lock:
                self.held.pop(delivery.pk, None)

    def finish(self) -> None:
        """Wait for what is in hand. Takes no longer than a few deadlines."""
        if self.pool:
            self.pool.finish()
            self.pool = None


def place_of(delivery: Delivery) -> Place:
    """The server that answers for it."""
    channel = delivery.variant.channel
    return channel.network, channel.address


HANDS = Hands()
