"""Deliveries through a task queue, where the operator chose one.

Nothing rests on the queue. It is asked in the transaction that makes a delivery due, and again
whenever a row is ready and nobody came; a task that comes twice, or late, or for what somebody
else holds, finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task

from commonground.kit.clock import database_now
from commonground.kit.queue import Runner, runner
from commonground.say.models import Delivery
from commonground.say.tasks.carrying import ready
from commonground.say.tasks.hands import HANDS

WHILE_FULL = timedelta(seconds=2)
AT_ONCE = 200  # asked for in one round


@task
def carry(delivery_id: str) -> None:
    """Take one delivery as far as it will go now."""
    delivery = ready(database_now()).filter(pk=delivery_id).first()
    if delivery is None:
        return
    if HANDS.grasp(delivery, settings.ENV.hands // 3):
        HANDS.hold(delivery)
    else:  # too many are on their way to the same server: it is called again in a while
        soon = database_now() + WHILE_FULL
        Delivery.objects.ready(database_now()).filter(pk=delivery_id).update(next_at=soon)


def to_call(now: datetime) -> QuerySet[Delivery]:
    """What nobody was asked to carry yet, urgent posts first."""
    rows = Delivery.objects.to_call(now).order_by("-variant__post__urgent", "next_at")
    return rows[:AT_ONCE]


class Calls:
    """Asks the queue, and runs its tasks in this worker."""

    def __init__(self) -> None:
        self.runner: Runner | None = None

    def take(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self.call(delivery)

    @transaction.atomic
    def call(self, delivery: Delivery) -> None:
        """Ask once, however many workers look: the row and the task are written together."""
        now = database_now()
        if Delivery.objects.to_call(now).filter(pk=delivery.pk).update(called_at=now):
            carry.using(backend=settings.ENV.queue).enqueue(str(delivery.pk))

    def start(self) -> None:
        self.runner = runner(settings.ENV.hands)
        if self.runner:
            self.runner.start()

    def finish(self) -> None:
        if self.runner:
            self.runner.stop()
            self.runner = None


CALLS = Calls()
