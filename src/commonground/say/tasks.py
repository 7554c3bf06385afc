"""What the clock does for SAY: starts what is due, delivers it, looks for it, takes it back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels import actions as channel_actions
from commonground.channels.contract import (
    Adapter,
    Busy,
    Declined,
    Message,
    Picture,
    Receipt,
    SignInNeeded,
    Unsure,
)
from commonground.kit.clock import every
from commonground.kit.refusals import MovedOn
from commonground.say import actions
from commonground.say.actions.going_out import unless_moved_on
from commonground.say.engine.delivering import IN_FLIGHT, Known, Move, after_absence, next_move
from commonground.say.models import Delivery, Post, Variant, card_in
from commonground.say.states import DeliveryState, State

log = logging.getLogger(__name__)


@every(seconds=1)
def go_out() -> None:
    """One round: start what is due, deliver what is ready, close what is done."""
    start_due()
    for delivery in ready(timezone.now()):
        with on_its_own():
            deliver(delivery)
    for post in Post.objects.filter(state=State.PUBLISHING):
        with on_its_own():
            close(post)


def start_due() -> None:
    for post in Post.objects.due(timezone.now()).order_by("approved_at")[:50]:
        with on_its_own():
            actions.start(post)


@every(seconds=5)
def take_back() -> None:
    """Withdraw from the networks what a person withdrew on the desk."""
    rows = Delivery.objects.to_withdraw(timezone.now())
    for delivery in rows.select_related("variant__channel", "variant__post")[:50]:
        with on_its_own():
            withdraw(delivery)


def withdraw(delivery: Delivery) -> None:
    if not delivery.network_id:  # a person found it, and only they know where
        actions.note_still_public(delivery, _("The desk does not know where it is. Remove it."))
        return
    receipt = Receipt(delivery.network_id, delivery.url)
    try:
        adapter_of(delivery).withdraw(receipt, why=delivery.variant.post.reason)
    except (Declined, Busy, Unsure) as trouble:
        actions.note_still_public(delivery, str(trouble))
    else:
        actions.note_withdrawn(delivery)


@contextmanager
def on_its_own() -> Iterator[None]:
    """One delivery's bad luck, even a mistake of ours, must not keep the others waiting."""
    try:
        yield
    except MovedOn:
        return  # somebody else settled it meanwhile, and theirs stands
    except Exception:
        log.exception("this one is left, the others go on")


def ready(now: datetime) -> list[Delivery]:
    rows = Delivery.objects.ready(now).order_by("due_at")
    return list(rows.select_related("variant__post__author", "variant__channel")[:50])


def close(post: Post) -> None:
    """A post is published when nothing is pending and at least one delivery was seen."""
    deliveries = Delivery.objects.filter(variant__post=post)
    if deliveries.unfinished().exists():
        return
    if deliveries.filter(state=DeliveryState.SENT).exists():
        actions.finish(post)
    else:
        actions.fail(post)


def deliver(delivery: Delivery) -> None:
    """Take one delivery as far as it will go now."""
    if not actions.claim(delivery):
        return
    move: Move | None = next_move(known(delivery))
    if move == Move.LOOK:
        move = look(delivery)
    match move:
        case Move.SEND if actions.attempt(delivery):
            send(delivery)
        case Move.LET_GO:
            actions.pass_by(delivery, why_let_go(delivery))
        case Move.LEAVE:
            actions.hand_over(
                delivery, _("The desk cannot tell whether this went out. Please look, and say.")
            )


def why_let_go(delivery: Delivery) -> str:
    if delivery.variant.post.state == State.WITHDRAWN:
        return _("It was taken back before it went out.")
    return _("Its time passed before the network would take it.")


def known(delivery: Delivery) -> Known:
    return Known(
        state=DeliveryState(delivery.state),
        settles=delivery.variant.channel.kind.settles,
        attempt=delivery.attempt,
        now=timezone.now(),
        not_after=delivery.not_after,
        last_tried_at=delivery.last_tried_at,
        taken_back=delivery.variant.post.state == State.WITHDRAWN,
    )


def look(delivery: Delivery) -> Move | None:
    """Look for a post that may be out there. None: nothing more to do in this round."""
    if looked(delivery) is not False:
        return None
    move = after_absence(known(delivery))
    if move != Move.LOOK:
        return move
    actions.lose_sight(delivery, _("It is not to be seen yet."))
    return None


def send(delivery: Delivery) -> None:
    """Ask the network, once, and write down what came of it."""
    try:
        receipt = adapter_of(delivery).publish(message_of(delivery.variant), key=delivery.key)
    except Busy as busy:
        actions.put_back(delivery, str(busy), busy.again_at)
    except SignInNeeded as error:
        note_sign_in(delivery, error)
        actions.put_back(delivery, str(error), None)
    except Declined as no:
        refused(delivery, str(no))
    except Unsure as doubt:
        actions.lose_sight(delivery, str(doubt))
    else:
        # Success is what the public sees, not what the network answered.
        if looked(delivery, receipt) is False:
            why = _("The network took it, but it is not to be seen yet.")
            actions.lose_sight(delivery, why, receipt)


def refused(delivery: Delivery, why: str) -> None:
    """A no to a repeated request does not mean that the first one left nothing behind."""
    repeated = delivery.attempt > 1
    if repeated and looked(delivery) is not False:
        return
    first = delivery.first_tried_at
    if repeated and first and timezone.now() - first < IN_FLIGHT:
        actions.lose_sight(delivery, why)
    else:
        actions.decline(delivery, why)


def looked(delivery: Delivery, receipt: Receipt | None = None) -> bool | None:
    """Whether the public can see it: True is written down as seen; None means we could not look."""
    try:
        sighting = adapter_of(delivery).find(
            message_of(delivery.variant), key=delivery.key, since=searched_from(delivery)
        )
    except (Busy, Unsure, Declined) as error:
        note_sign_in(delivery, error)
        actions.lose_sight(delivery, str(error), receipt)
        return None
    if sighting:
        actions.see(delivery, sighting)
    return sighting is not None


def note_sign_in(delivery: Delivery, error: Exception) -> None:
    """A channel that no longer knows us says so on the desk, and its posts wait."""
    if isinstance(error, SignInNeeded):
        with unless_moved_on():
            channel_actions.lose(delivery.variant.channel, str(error))


def adapter_of(delivery: Delivery) -> Adapter:
    return delivery.variant.channel.adapter()


def searched_from(delivery: Delivery) -> datetime:
    # Networks' clocks differ from ours by seconds; ten minutes is far more than enough.
    return (delivery.first_tried_at or delivery.due_at) - timedelta(minutes=10)


def message_of(variant: Variant) -> Message:
    """Exactly what should appear, from what was approved."""
    post = variant.post
    pictures = tuple(
        Picture(bytes(p.content), p.type, p.alt, p.width, p.height) for p in post.pictures.all()
    )
    return Message(
        text=variant.text, language=post.language, title=variant.title, pictures=pictures,
        card=None if pictures else card_in(variant.text, post.resources.all()),
    )  # fmt: skip
