"""A worker's hands: so many deliveries at once, each with its own thread and connection."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation

from commonground.say.models import Delivery
from commonground.say.tasks.carrying import deliver

log = logging.getLogger(__name__)


class Hands:
    """One claim a hand. No place may hold more than a third of them, so that a server which
    answers nobody for its thirty seconds leaves the others their turn."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None
        self.held: dict[UUID, str] = {}
        self.lock = Lock()

    def take(self, deliveries: Iterable[Delivery]) -> None:
        """Put into free hands what fits; what does not is asked again next round."""
        most = settings.ENV.hands
        if len(self.held) >= most:
            return
        self.pool = self.pool or ThreadPoolExecutor(most, thread_name_prefix="hand")
        for delivery in deliveries:
            if len(self.held) >= most:
                return
            if self.grasp(delivery, most // 3):
                self.pool.submit(self.carry, delivery)

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


def place_of(delivery: Delivery) -> str:
    """The server that answers for it."""
    channel = delivery.variant.channel
    return f"{channel.network} {channel.address}"


HANDS = Hands()
