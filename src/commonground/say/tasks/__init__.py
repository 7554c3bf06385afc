"""What the clock does for SAY: starts what is due, delivers it, looks for it, takes it back,
and sees to it that nothing is late, stuck or ended badly without a person knowing."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from commonground.channels.contract import Busy, Declined, Receipt, Unsure
from commonground.kit.clock import Lane, database_now, every, first, last, on_its_own
from commonground.kit.queue import prune
from commonground.kit.wire import overhearing
from commonground.say import actions
from commonground.say.actions.capturing import capture_gone
from commonground.say.engine import coach
from commonground.say.models import Delivery, Post
from commonground.say.queries.echoes import posts_kept_apart
from commonground.say.states import DeliveryState, State
from commonground.say.tasks import capturing, onward, planning, revoking, sweeping, watching
from commonground.say.tasks.calling import CALLS, to_call
from commonground.say.tasks.carrying import adapter_of, deliver, ready
from commonground.say.tasks.hands import HANDS

AT_ONCE = 50


def go_out() -> None:
    """One round by oneself, one delivery after the other: what tests and one-off runs need."""
    start_due()
    for delivery in ready(database_now())[:AT_ONCE]:
        with on_its_own(delivery.agency.language):
            deliver(delivery)
    close_finished()


# Half of this is how long an approved post waits on average.
@every(seconds=0.2, lane=Lane.ALONE)
def keep_going() -> None:
    """The worker's round: put what is due into free hands, and wait for none of them."""
    start_due()
    if settings.ENV.queue:
        CALLS.take(to_call(database_now()))
    else:
        HANDS.take(ready(database_now()))
    close_finished()


def start_due() -> None:
    due = Post.objects.due(database_now()).order_by("-urgent", "approved_at")
    if not due.exists():  # nearly always, and asked five times a second
        return
    due = due.exclude(pk__in=posts_kept_apart(database_now()))
    for post in due.select_related("agency")[:AT_ONCE]:
        with on_its_own(post.agency.language), transaction.atomic():
            actions.start(post)
            if settings.ENV.queue:  # the task is written with the rows it is about, or not at all
                CALLS.take(Delivery.objects.filter(variant__post=post))


def close_finished() -> None:
    """A post is published when nothing is pending and at least one delivery was seen."""
    on_their_way = Post.objects.filter(state=State.PUBLISHING)
    if not on_their_way.exists():
        return
    pending = Delivery.objects.unfinished().values("variant__post")
    on_their_way = on_their_way.exclude(pk__in=pending)
    for post in on_their_way.select_related("agency"):
        with on_its_own(post.agency.language):
            seen = Delivery.objects.filter(variant__post=post, state=DeliveryState.SENT)
            stands = seen.filter(variant__taken_back_at=None).exists()
            (actions.finish if stands else actions.fail)(post)


@every(seconds=60)
def draft_ahead() -> None:
    """Write the drafts of what comes again, in time to be read."""
    for series in planning.to_draft():
        with on_its_own(series.agency.language):
            actions.draft_ahead(series)
    planning.tell_of_series()


@every(seconds=5, lane=Lane.NETWORKS)
def take_back() -> None:
    """Withdraw from the networks what a person withdrew on the desk."""
    rows = Delivery.objects.to_withdraw(database_now())
    rows = rows.select_related("agency", "variant__channel", "variant__post")
    for delivery in rows[:AT_ONCE]:
        with on_its_own(delivery.agency.language):
            withdraw(delivery)
    unsent = Delivery.objects.to_keep_back().select_related("agency", "variant__channel")
    for delivery in unsent.select_related("variant__post"):
        with on_its_own(delivery.agency.language):
            keep_back(delivery)


def keep_back(delivery: Delivery) -> None:
    """Stop what a network of our own still has in hand. What left already, the next look finds."""
    receipt = Receipt(delivery.network_id or delivery.key, delivery.url)
    with suppress(Declined, Busy, Unsure):
        adapter_of(delivery).withdraw(receipt, why=delivery.variant.post.reason)


def withdraw(delivery: Delivery) -> None:
    if not delivery.network_id:  # a person found it, and only they know where
        actions.note_still_public(delivery, _("The desk does not know where it is. Remove it."))
        return
    receipt = Receipt(delivery.network_id, delivery.url)
    try:
        with overhearing() as heard:
            adapter_of(delivery).withdraw(receipt, why=delivery.variant.post.reason)
    except (Declined, Busy, Unsure) as trouble:
        actions.note_still_public(delivery, str(trouble))
    else:
        actions.note_withdrawn(delivery)
        capture_gone(delivery, heard)


# Several at once: one that waits for a slow server holds up no other.
every(seconds=2, lane=Lane.LINES, hands=onward.CARRIERS)(onward.carry_onward)

# Each account has its turn every 45 s; this only asks whose it is.
every(seconds=1, lane=Lane.ALONE)(watching.watch_accounts)

every(seconds=2, lane=Lane.ALONE)(revoking.end_sign_ins)

# What was seen and could not be captured in that breath.
every(seconds=10, lane=Lane.NETWORKS)(capturing.catch_up)

every(seconds=3600)(prune)

# What a worker does about itself, and about others that died.
first(sweeping.come)
first(coach.get_ready)
first(CALLS.start)
every(seconds=actions.SEEN_EVERY.total_seconds(), lane=Lane.ALONE)(sweeping.still_here)
every(seconds=sweeping.SWEEP_EVERY.total_seconds(), lane=Lane.ALONE)(sweeping.sweep)
last(CALLS.finish)
last(HANDS.finish)
last(sweeping.go)


@every(seconds=30)
def learn_looks() -> None:
    """A copy of a picture of ours leads to ours."""
    actions.learn_looks()
