"""What the worker writes down while a post goes out. No line here talks to a network.

Whoever works on a delivery holds its highest epoch. Every outcome is written only if the
row is still as that worker left it - same epoch, same attempt - so that a worker that was
frozen and wakes up late cannot overwrite what happened since.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.channels.contract import Receipt, Sighting
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions import THE_DESK, advance, witness
from commonground.say import rules
from commonground.say.engine.delivering import LEASE, look_again_in
from commonground.say.models import Delivery, Post
from commonground.say.states import DELIVERY, DeliveryState, State
from commonground.spot import actions as spot

ASK_TO_WITHDRAW_EVERY = timedelta(seconds=15)
OURS = ("epoch", "attempt")  # what must be unchanged for an outcome to count


@transaction.atomic
def start(post: Post) -> Post | None:
    """Begin to publish, if everything that was true at approval still is; else it lapses."""
    rules.hold_still(post)
    due = post.go_out_at or post.approved_at or post.changed_at
    if timezone.now() > due + rules.late_after() + rules.undo_time():
        lapse(post, _("Its time passed before it could go out, so it was not sent."))
        return None
    try:
        rules.may_go_out_now(post)
    except Refused as refusal:
        lapse(post, str(refusal))
        return None
    return advance(post, "start", by=THE_DESK)


@transaction.atomic
def lapse(post: Post, why: str) -> Post:
    """Do not send it any more; its author and approver are told why."""
    for delivery in Delivery.objects.filter(variant__post=post, attempt=0):
        pass_by(delivery, why)
    return advance(post, "lapse", by=THE_DESK, told={"why": why}, reason=why[:300])


def finish(post: Post) -> Post:
    """Published: nothing is pending, and at least one channel was seen to carry it."""
    return advance(post, "finish", by=THE_DESK)


def fail(post: Post) -> Post:
    """It reached no channel at all."""
    return advance(post, "fail", by=THE_DESK, reason=_("It reached no channel."))


@transaction.atomic
def claim(delivery: Delivery) -> bool:
    """Take a delivery in hand for a while. False: another worker was quicker."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = Delivery.objects.filter(free, pk=delivery.pk, epoch=delivery.epoch)
    taken = mine.update(epoch=F("epoch") + 1, lease_until=now + LEASE)
    if taken:
        delivery.epoch += 1
        delivery.lease_until = now + LEASE
    return bool(taken)


@transaction.atomic
def attempt(delivery: Delivery) -> bool:
    """Write down that we are about to ask the network. Only then may the first byte leave.

    The last fence: nobody stopped everything or took the post back, the line is open, and
    words, author and authorisation are as they must be. Its locks are released before the
    network is spoken to.
    """
    now = timezone.now()
    if hindrance := what_hinders(delivery):
        return wait(delivery, hindrance)
    try:
        rules.may_be_sent(delivery)
    except Refused as refusal:
        return turn_away(delivery, str(refusal))
    advance(
        delivery, "attempt", by=THE_DESK, unchanged=OURS, attempt=delivery.attempt + 1,
        first_tried_at=delivery.first_tried_at or now, last_tried_at=now,
        told={"channel": delivery.variant.channel.name, "attempt": delivery.attempt + 1},
    )  # fmt: skip
    return True


def what_hinders(delivery: Delivery) -> str:
    """What will pass by itself, or by somebody's doing: then it is tried again."""
    post = delivery.variant.post
    if rules.stopped(post):
        return _("Everything is stopped. It waits.")
    rules.hold_still(post)
    if not Post.objects.filter(pk=post.pk, state=State.PUBLISHING).exists():
        return _("It was taken back.")
    if not rules.line_is_open(delivery.variant):
        return _("The channel must be signed in again. It waits.")
    return ""


def turn_away(delivery: Delivery, why: str) -> bool:
    """It must not be sent. Nothing of it can be out there unless it was tried and not settled."""
    if delivery.state != DeliveryState.WAITING:
        return wait(delivery, why)
    decline(delivery, why)
    return False


def wait(delivery: Delivery, why: str) -> bool:
    """Leave it where it is for a few seconds: what hinders it is not the network's doing."""
    later = timezone.now() + timedelta(seconds=5)
    Delivery.objects.filter(pk=delivery.pk, epoch=delivery.epoch).update(
        due_at=later, lease_until=None, why=why
    )
    return False


@transaction.atomic
def see(delivery: Delivery, sighting: Sighting) -> Delivery:
    """It is there, word for word: the only way a delivery counts as sent.

    The moment it is about learns that we have spoken.
    """
    seen_at = timezone.now()
    seen = advance(
        delivery, "see", by=THE_DESK, unchanged=OURS, network_id=sighting.receipt.network_id,
        url=sighting.receipt.url, seen_at=seen_at, lease_until=None, why="",
        handed_over_at=None,
        told={"channel": delivery.variant.channel.name, "url": sighting.receipt.url},
    )  # fmt: skip
    if moment := delivery.variant.post.moment:
        spot.spoken(moment, at=seen_at)
    return seen


def put_back(delivery: Delivery, why: str, again_at: datetime | None) -> Delivery:
    """The network said not now, and did nothing. Try again later."""
    later = again_at or timezone.now() + look_again_in(delivery.attempt)
    return advance(
        delivery, "put_back", by=THE_DESK, unchanged=OURS, due_at=later, lease_until=None,
        why=why[:300], told={"why": why[:300]},
    )  # fmt: skip


def lose_sight(delivery: Delivery, why: str, receipt: Receipt | None = None) -> Delivery:
    """We asked and do not know. From here on we look before we ask again."""
    known = {"network_id": receipt.network_id, "url": receipt.url} if receipt else {}
    return advance(
        delivery, "lose_sight", by=THE_DESK, unchanged=OURS, why=why[:300], lease_until=None,
        due_at=timezone.now() + look_again_in(delivery.attempt), told={"why": why[:300]}, **known,
    )  # fmt: skip


def decline(delivery: Delivery, why: str) -> Delivery:
    """The network will not have it. A person is told."""
    return advance(
        delivery, "decline", by=THE_DESK, unchanged=OURS, why=why[:300], lease_until=None,
        told={"channel": delivery.variant.channel.name, "why": why[:300]},
    )  # fmt: skip


def pass_by(delivery: Delivery, why: str) -> Delivery:
    """Its time is over, and it is certainly not out there. A person is told."""
    return advance(
        delivery, "pass_by", by=THE_DESK, unchanged=OURS, why=why[:300], lease_until=None,
        told={"channel": delivery.variant.channel.name, "why": why[:300]},
    )  # fmt: skip


@transaction.atomic
def hand_over(delivery: Delivery, why: str) -> None:
    """Stop trying: only a person who looks can say whether it is out there."""
    if delivery.state == DeliveryState.SENDING:
        lose_sight(delivery, why)
    rows = Delivery.objects.filter(pk=delivery.pk, epoch=delivery.epoch, handed_over_at=None)
    if rows.update(handed_over_at=timezone.now(), lease_until=None, why=why[:300]):
        witness("hand_over", delivery, by=THE_DESK, why=why[:300])


@transaction.atomic
def note_still_public(delivery: Delivery, why: str) -> None:
    """The network would not take it back. A person is told, and the desk asks again."""
    again_at = timezone.now() + ASK_TO_WITHDRAW_EVERY
    told_before = delivery.why
    if Delivery.objects.still_public().filter(pk=delivery.pk).update(
        why=why[:300], due_at=again_at
    ) and why[:300] != told_before:  # fmt: skip
        witness("note_still_public", delivery, by=THE_DESK, why=why[:300])


@transaction.atomic
def note_withdrawn(delivery: Delivery) -> None:
    """The network no longer shows it."""
    if Delivery.objects.filter(pk=delivery.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), why=""
    ):
        witness("note_withdrawn", delivery, by=THE_DESK, channel=delivery.variant.channel.name)


@transaction.atomic
def acknowledge(delivery: Delivery, *, by: Member) -> None:
    """Say that a person knows this did not arrive, and takes it from here."""
    must_be_of(delivery, by)
    rows = Delivery.objects.filter(pk=delivery.pk, acknowledged_at=None)
    if rows.update(acknowledged_at=timezone.now(), acknowledged_by=by):
        witness("acknowledge", delivery, by=by)


@transaction.atomic
def confirm(delivery: Delivery, *, by: Member) -> Delivery:
    """A person looked, and it is there."""
    may_settle(delivery, "confirm", by)
    return advance(delivery, "confirm", by=by, unchanged=OURS, seen_at=timezone.now(), why="")


@transaction.atomic
def rule_out(delivery: Delivery, *, by: Member) -> Delivery:
    """A person looked, and it is not there. It will not be tried again."""
    may_settle(delivery, "rule_out", by)
    return advance(delivery, "rule_out", by=by, unchanged=OURS)


def must_be_of(delivery: Delivery, by: Member) -> None:
    if by.agency_id != delivery.agency_id or not by.roles & {"author", "approver"}:
        raise NotYours(_("This is not yours to do."))


def may_settle(delivery: Delivery, transition: str, by: Member) -> None:
    must_be_of(delivery, by)
    if DELIVERY.transitions[transition].role not in by.roles:
        raise NotYours(_("Only an approver can settle this."))
    if delivery.handed_over_at is None:
        raise MovedOn(_("The desk is still looking by itself. Give it a minute."))


@contextmanager
def unless_moved_on() -> Iterator[None]:
    """For the worker: if somebody else settled the row meanwhile, theirs stands."""
    try:
        yield
    except MovedOn:
        return
