"""Holds what stands on each account against what this desk sent there.

SAY knows what was sent; PROTECT keeps the watch and tells people.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import httpx2
from django.db.models import Q
from django.utils import translation

from commonground.channels.contract import Busy, Declined, Unsure
from commonground.channels.models import Channel
from commonground.kit.clock import database_now
from commonground.kit.hands import Hands
from commonground.kit.wire import overhearing
from commonground.protect import actions
from commonground.protect.engine.lookout import Before, Odd, Sent, What, oddities
from commonground.protect.models import Lookout
from commonground.record.actions import capturing as captures
from commonground.say.actions.capturing import capture_odd
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState
from commonground.say.tasks.carrying import adapter_of, message_of, searched_from

log = logging.getLogger(__name__)
BACK = timedelta(hours=24)  # how far back each look reaches
AT_ONCE = 8  # accounts; a server that does not answer keeps its own thread waiting, no other
A_ROUND = 4 * AT_ONCE  # a worker that is asked to stop ends its round first, within a minute or two
D = DeliveryState
ON_ITS_WAY = (D.WAITING, D.SENDING, D.UNSURE)


def watch_accounts() -> None:
    """One round: look at the accounts whose turn came first."""
    for channel in Channel.objects.watchable().filter(lookout=None):
        actions.watch(channel)
    due = Lookout.objects.due(database_now()).filter(channel__in=Channel.objects.watchable())
    some = list(due.select_related("channel__agency")[:A_ROUND])
    with Hands(AT_ONCE, "lookouts") as hands:
        hands.each(in_its_language, some)


def in_its_language(lookout: Lookout) -> None:
    try:
        with translation.override(lookout.channel.agency.language):
            look(lookout)
    except Exception:
        log.exception("the watch over %s failed", lookout.channel_id)


def look(lookout: Lookout) -> None:
    """Look once at what the public sees, and tell what should not be so."""
    now, channel = database_now(), lookout.channel
    # Newly signed in and not yet proved, it may be another account; what stood there is kept.
    if lookout.account and not channel.url:
        return
    if not actions.look(lookout, now):
        return
    try:
        with overhearing() as heard:
            standing = channel.adapter().standing(since=now - BACK)
    except (Declined, Busy, Unsure) as trouble:
        actions.note_look(lookout, str(trouble))
        return
    actions.note_look(lookout, "")
    if lookout.began_at is None or lookout.account != channel.url:
        actions.begin_watch(lookout, Before.of(standing), at=now)
        return
    deliveries = sent_to(channel, now, [seen.receipt.network_id for seen in standing])
    before = Before(lookout.before, lookout.back_to)
    for odd in oddities(standing, [as_sent(d) for d in deliveries.values()], before, now):
        report(channel, odd, deliveries, heard)


def sent_to(channel: Channel, now: datetime, seen: Collection[str]) -> Mapping[str, Delivery]:
    """What was sent lately, or is among what was seen: by the network's id, or, while there is
    none, by our own key."""
    meant = Q(due_at__gte=now - 2 * BACK) | Q(network_id__in=seen)
    rows = Delivery.objects.filter(meant, variant__channel=channel).select_related(
        "variant__post", "variant__channel"
    )
    return {delivery.network_id or delivery.key: delivery for delivery in rows}


def as_sent(delivery: Delivery) -> Sent:
    taken_back = delivery.variant.is_taken_back or delivery.withdrawn_at is not None
    return Sent(
        delivery.text, delivery.network_id, delivery.seen_at,
        on_its_way=delivery.state in ON_ITS_WAY, taken_back=taken_back,
    )  # fmt: skip


def report(
    channel: Channel, odd: Odd, deliveries: Mapping[str, Delivery], heard: list[httpx2.Response]
) -> None:
    ours = deliveries.get(odd.network_id)
    if odd.what == What.GONE and (ours is None or stands(ours)):
        return
    alarm = actions.raise_alarm(channel, odd, ours=ours.text if ours else "")
    if alarm and odd.what == What.GONE and ours:
        captures.note_gone(ours, database_now())
    elif alarm and odd.sighting:
        capture_odd(alarm, channel, odd.network_id, heard)


def stands(delivery: Delivery) -> bool:
    """A list may be short of something: whether it is gone, a look at the post itself tells."""
    try:
        found = adapter_of(delivery).find(
            message_of(delivery), key=delivery.key, since=searched_from(delivery)
        )
    except (Declined, Busy, Unsure):
        return True  # not seen to be gone: the next look asks again
    return found is not None
