"""What the clock does for SAY: starts what is due, delivers it, looks for it, takes it back,
and sees to it that nothing is late, stuck or ended badly without a person knowing."""

from __future__ import annotations

import logging

from commonground.channels.contract import Busy, Declined, Receipt, Unsure
from commonground.kit.clock import database_now, every, first, last
from commonground.say import actions
from commonground.say.actions.going_out import unless_moved_on
from commonground.say.models import Delivery, Post
from commonground.say.states import DeliveryState, State
from commonground.say.tasks import sweeping
from commonground.say.tasks.carrying import adapter_of, deliver, ready
from commonground.say.tasks.hands import HANDS

log = logging.getLogger(__name__)
AT_ONCE = 50


def go_out() -> None:
    """One round by oneself, one delivery after the other: what tests and one-off runs need."""
    start_due()
    for delivery in ready(database_now())[:AT_ONCE]:
        with unless_moved_on():
            deliver(delivery)
    close_finished()


# Half of this is how long an approved post waits on average.
@every(seconds=0.2)
def keep_going() -> None:
    """The worker's round: put what is due into free hands, and wait for none of them."""
    start_due()
    HANDS.take(ready(database_now()))
    close_finished()


def start_due() -> None:
    for post in Post.objects.due(database_now()).order_by("-urgent", "approved_at")[:AT_ONCE]:
        with unless_moved_on():
            actions.start(post)


def close_finished() -> None:
    """A post is published when nothing is pending and at least one delivery was seen."""
    pending = Delivery.objects.unfinished().values("variant__post")
    for post in Post.objects.filter(state=State.PUBLISHING).exclude(pk__in=pending):
        with unless_moved_on():
            seen = Delivery.objects.filter(variant__post=post, state=DeliveryState.SENT).exists()
            (actions.finish if seen else actions.fail)(post)


@every(seconds=5)
def take_back() -> None:
    """Withdraw from the networks what a person withdrew on the desk."""
    rows = Delivery.objects.to_withdraw().select_related("variant__channel", "variant__post")
    for delivery in rows[:AT_ONCE]:
        try:
            adapter_of(delivery).withdraw(
                Receipt(delivery.network_id, delivery.url), why=delivery.variant.post.reason
            )
        except (Declined, Busy, Unsure) as trouble:
            log.warning("cannot withdraw %s yet: %s", delivery.pk, trouble)
        else:
            actions.note_withdrawn(delivery)


# What a worker does about itself, and about others that died.
first(sweeping.come)
every(seconds=actions.SEEN_EVERY.total_seconds())(sweeping.still_here)
every(seconds=sweeping.SWEEP_EVERY.total_seconds())(sweeping.sweep)
last(HANDS.finish)
last(sweeping.go)
