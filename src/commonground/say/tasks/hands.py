"""A worker's hands: so many deliveries at once, each with its own thread and connection."""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import translation

from commonground.say.models import Delivery
from commonground.say.tasks.carrying import deliver

type Place = tuple[str, str]  # network and address

log = logging.getLogger(__name__)


class Hands:
    """One claim a hand. No place may hold more than a third of them, so that a server which
    answers nobody for its thirty seconds leaves the others their turn."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None
        self.held: dict[UUID, Place] = {}
        self.lock = Lock()

    def take(self, ready: QuerySet[Delivery]) -> None:
        """Put into free hands what fits; what does not is asked again next round."""
        most = settings.ENV.hands
        self.pool = self.pool or ThreadPoolExecutor(most, thread_name_prefix="hand")
        while rows := self.beside_what_is_held(ready, most):
            taken = [row for row in rows if self.grasp(row, most // 3)]
            for delivery in taken:
                self.pool.submit(self.carry, delivery)
            if not taken:
                return

    def beside_what_is_held(self, ready: QuerySet[Delivery], most: int) -> list[Delivery]:
        """As many as there are free hands, for places that have not too many of them: a round
        comes five times a second, and must not read a long queue each time, nor whole rows where
        mostly there is none."""
        with self.lock:
            held = dict(self.held)
        for (network, address), hands in Counter(held.values()).items():
            if hands >= most // 3:
                full = {"variant__channel__network": network, "variant__channel__address": address}
                ready = ready.exclude(**full)
        found = list(ready.exclude(pk__in=held).values_list("pk")[: max(most - len(held), 0)])
        return list(ready.filter(pk__in=[pk for (pk,) in found])) if found else []

    def grasp(self, delivery: Delivery, most: int) -> bool:
        place = place_of(delivery)
        with self.lock:
            if delivery.pk in self.held or Counter(self.held.values())[place] >= most:
                return False
            self.held[delivery.pk] = place
        return True

    def carry(self, delivery: Delivery) -> None:
        try:
            self.hold(delivery)
        finally:
            connection.close()  # a hand may rest for days: it keeps no line to the database

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
            self.pool.shutdown(wait=True)
            self.pool = None


def place_of(delivery: Delivery) -> Place:
    """The server that answers for it."""
    channel = delivery.variant.channel
    return channel.network, channel.address


HANDS = Hands()
