"""What the worker writes down while a post goes out. No line here talks to a network.

The rules are those of `say.engine.delivering`; here they meet the table. Whoever works on a
delivery holds its highest epoch. Every outcome is written only if the row is still as that
worker left it - same state, epoch, attempt - so that a worker that was frozen and wakes up
late cannot overwrite what happened since. Times are the database's, never this machine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, advance, capturing as captures, witness
from commonground.say import rules
from commonground.say.actions.capturing import shown
from commonground.say.actions.first_device import hold_for_device, unknown_device
from commonground.say.engine.delivering import (
    OURS,
    PASSED_ON,
    Hindrance,
    Note,
    Row,
    claimed,
    fence_against,
    hindrance_to,
    intent,
    is_free,
    outcome,
)
from commonground.say.models import Delivery, Post
from commonground.say.queries.echoes import too_soon_after_another
from commonground.say.states import DeliveryState
from commonground.spot import actions as spot

ASK_TO_WITHDRAW_EVERY = timedelta(seconds=15)
ALARM = (*PASSED_ON, "told", "told_at", "acknowledged_at", "acknowledged_by_id")
# The rules speak in codes; people do not.
WORDS = {
    "too late": gettext_lazy("Its time passed before the network would take it."),
    "cannot tell": gettext_lazy(
        "The desk cannot tell whether this went out. Please look, and say."
    ),
    "not seen yet": gettext_lazy("It is not to be seen yet. The desk goes on looking."),
    "taken, not seen yet": gettext_lazy("The network took it, but it is not to be seen yet."),
    "stopped": gettext_lazy("Everything is stopped. It waits."),
    "no line": gettext_lazy("The channel must be signed in again. It waits."),
    "taken back": gettext_lazy("It was taken back before it went out."),
}


@transaction.atomic
def start(post: Post) -> Post | None:
    """Begin to publish, if everything that was true at approval still is; else it lapses."""
    rules.hold_still(post)
    if Post.objects.filter(rules.HELD_WITH_IT, pk=post.pk).exists():
        hold_with_campaign(post)
        return None
    if too_soon_after_another(post, database_now()) and database_now() <= post.too_late_at:
        return None  # the next round asks again
    if database_now() > post.too_late_at:
        lapse(post, _("Its time passed before it could go out, so it was not sent."))
        return None
    try:
        rules.may_go_out_now(post)
    except Refused as refusal:
        lapse(post, str(refusal))
        return None
    if rules.goes_too_fast(post, now := database_now()):
        brake(post, now)
        return None
    if device := unknown_device(post):
        hold_for_device(post, device, now)
        return None
    return advance(post, "start", by=THE_DESK, started_at=now)


def brake(post: Post, now: datetime) -> Post:
    """Keep it until an approver lets it go: so much at once may be somebody else's doing."""
    why = _("%(author)s says unusually much within minutes. Make sure that it is them.")
    said = (why % {"author": post.author.name})[:300]
    return advance(
        post, "brake", by=THE_DESK, told={"reason": said}, held_by=None, held_at=now,
        held_because=said, held_for=None, held_told_at=None,
    )  # fmt: skip


def hold_with_campaign(post: Post) -> Post:
    """Its campaign is held, and so is what was approved only since."""
    campaign = post.campaign
    if campaign is None or campaign.held_at is None:
        raise MovedOn(_("It is not held any more."))
    reason = campaign.hold_in_words
    return advance(
        post, "hold", by=THE_DESK, told={"reason": reason}, held_by=campaign.held_by,
        held_at=database_now(), held_because=reason, held_for=None, held_told_at=None,
    )  # fmt: skip


@transaction.atomic
def lapse(post: Post, why: str) -> Post:
    """Do not send it any more; its author and approver are told why."""
    for delivery in Delivery.objects.filter(variant__post=post, attempt=0).order_by("part"):
        pass_by(delivery, Note("pass_by", why))
    return advance(post, "lapse", by=THE_DESK, told={"why": why}, reason=why[:300])


def finish(post: Post) -> Post:
    """Published: nothing is pending, and at least one channel was seen to carry it."""
    return advance(post, "finish", by=THE_DESK)


def fail(post: Post) -> Post:
    """It reached no channel at all."""
    return advance(post, "fail", by=THE_DESK, reason=_("It reached no channel."))


def row_of(delivery: Delivery) -> Row:
    """A delivery as the rules see it."""
    kind = delivery.variant.channel.kind
    return Row(
        settles=kind.settles, key=delivery.key, due_at=delivery.due_at,
        not_after=delivery.not_after, next_at=delivery.next_at,
        key_is_good_for=timedelta(seconds=kind.key_is_good_for),
        urgent=delivery.variant.post.urgent,
        taken_back=delivery.variant.is_taken_back, former=former_state(delivery),
        state=DeliveryState(delivery.state), attempt=delivery.attempt, epoch=delivery.epoch,
        lease_until=delivery.lease_until,
        first_tried_at=delivery.first_tried_at, last_tried_at=delivery.last_tried_at,
        handed_over_at=delivery.handed_over_at, raised_at=delivery.raised_at,
        tell_at=delivery.tell_at,
    )  # fmt: skip


def former_state(delivery: Delivery) -> DeliveryState | None:
    """How the part of its thread before it stands, this instant."""
    former = delivery.former
    return DeliveryState(former.state) if former else None


def as_it_is(delivery: Delivery) -> Delivery:
    """The same delivery, read again, with all that the fence asks about."""
    rows = Delivery.objects.select_related("variant__post__author", "variant__channel")
    return rows.get(pk=delivery.pk)


@transaction.atomic
def claim(delivery: Delivery, *, shift: UUID | None = None) -> Row | None:
    """Take a delivery in hand for a while. None: another worker was quicker."""
    now, fresh = database_now(), as_it_is(delivery)
    row = row_of(fresh)
    if not is_free(row, now):
        return None
    changes = {**claimed(row, now), "held_by": shift}
    # Every claim raises the epoch: of two who read the same one, one writes it.
    if not Delivery.objects.filter(pk=delivery.pk, epoch=row.epoch).update(**changes):
        return None
    for field in delivery._meta.concrete_fields:
        setattr(delivery, field.attname, changes.get(field.attname, getattr(fresh, field.attname)))
    delivery.variant = fresh.variant
    return row_of(delivery)


@transaction.atomic
def attempt(delivery: Delivery) -> Row | Hindrance:
    """Write down that we are about to ask the network. Only then may the first byte leave.

    Nobody stopped everything or took the post back, the line is open, and words, author and
    authorisation are as they must be: asked in the transaction that writes the intent, whose
    locks are gone before the network is spoken to.
    """
    rules.hold_open(delivery.variant.post)
    mine, fresh = row_of(delivery), as_it_is(delivery)
    around = rules.around(fresh, database_now())
    if hindrance := hindrance_to(row_of(fresh), mine, around):
        return hindrance
    number = delivery.attempt + 1
    advance(
        delivery, "attempt", by=THE_DESK, unchanged=OURS, **intent(mine, around.now),
        told={"channel": delivery.variant.channel.name, "attempt": number},
    )  # fmt: skip
    return row_of(delivery)


def hindrance_now(delivery: Delivery, *, young: bool = False) -> Hindrance | None:
    """The fence: everything asked again, right before the first byte. Writes nothing.

    `young`: the intent must have been written a moment ago.
    """
    ask = fence_against if young else hindrance_to
    fresh = as_it_is(delivery)
    return ask(row_of(fresh), row_of(delivery), rules.around(fresh, database_now()))


def note(delivery: Delivery, said: Note) -> Delivery:
    """Write an outcome down, if the row is still as we left it; else MovedOn."""
    return OUTCOMES[said.verb](delivery, said)


def written(delivery: Delivery, said: Note, **told: Any) -> dict[str, Any]:
    """What an outcome changes, says in the record, and must find unchanged."""
    changes = outcome(said, row_of(delivery), database_now())
    changes["why"] = in_words(delivery, said.why)
    told = {"channel": delivery.variant.channel.name, "why": changes["why"], **told}
    return {"by": THE_DESK, "unchanged": OURS, "told": told, **changes}


def in_words(delivery: Delivery, why: str) -> str:
    """What people read: the network's own words, or ours."""
    if why == Hindrance.REFUSED:
        return rules.refusal(as_it_is(delivery))[:300]
    return str(WORDS.get(why, why))[:300]


@transaction.atomic
def see(delivery: Delivery, said: Note) -> Delivery:
    """It is there, word for word: the only way a delivery counts as sent.

    The moment it is about learns that we have spoken.
    """
    url = said.receipt.url if said.receipt else ""
    alarm = {name: getattr(delivery, name) for name in ALARM}
    changes = written(delivery, said, url=url)
    at = changes["seen_at"]
    shown(delivery, at, url)
    seen = advance(delivery, "see", **changes)
    if moment := seen.variant.post.moment:
        spot.spoken(moment, at=at)
    if alarm["raised_at"]:  # late, and so is the part behind it: whoever knows of one knows of both
        behind = Delivery.objects.filter(variant=seen.variant_id, part=seen.part + 1)
        behind.filter(state=DeliveryState.WAITING, raised_at=None).update(**alarm)
    return seen


def put_back(delivery: Delivery, said: Note) -> Delivery:
    """The network said not now, and did nothing. Try again later."""
    return advance(delivery, "put_back", **written(delivery, said))


def lose_sight(delivery: Delivery, said: Note) -> Delivery:
    """We asked and do not know. From here on we look before we ask again."""
    return advance(delivery, "lose_sight", **written(delivery, said))


def decline(delivery: Delivery, said: Note) -> Delivery:
    """The network will not have it. A person is told."""
    return advance(delivery, "decline", **written(delivery, said))


def pass_by(delivery: Delivery, said: Note) -> Delivery:
    """Its time is over, and it is certainly not out there. A person is told."""
    return advance(delivery, "pass_by", **written(delivery, said))


def hand_over(delivery: Delivery, said: Note) -> Delivery:
    """Stop trying: only a person who looks can say whether it is out there."""
    return advance(delivery, "hand_over", **written(delivery, said))


def wait(delivery: Delivery, said: Note) -> Delivery:
    """Leave it as it is for a few seconds: what hinders it is not the network's doing."""
    changes = outcome(said, row_of(delivery), database_now())
    changes["why"] = in_words(delivery, said.why)
    Delivery.objects.filter(pk=delivery.pk, epoch=delivery.epoch).update(**changes)
    return delivery


OUTCOMES = {
    "see": see, "put_back": put_back, "lose_sight": lose_sight, "decline": decline,
    "pass_by": pass_by, "hand_over": hand_over, "wait": wait,
}  # fmt: skip


@transaction.atomic
def note_still_public(delivery: Delivery, why: str) -> None:
    """The network would not take it back. A person is told, and the desk asks again."""
    now = database_now()
    told_before = delivery.why
    if Delivery.objects.still_public().filter(pk=delivery.pk).update(
        why=why[:300], next_at=now + ASK_TO_WITHDRAW_EVERY, raised_at=delivery.raised_at or now,
        tell_at=delivery.tell_at or now,
    ) and why[:300] != told_before:  # fmt: skip
        witness("note_still_public", delivery, by=THE_DESK, why=why[:300])


@transaction.atomic
def note_withdrawn(delivery: Delivery) -> None:
    """The network no longer shows it."""
    if Delivery.objects.filter(pk=delivery.pk, withdrawn_at=None).update(
        withdrawn_at=database_now(), why="", raised_at=None, tell_at=None
    ):
        witness("note_withdrawn", delivery, by=THE_DESK, channel=delivery.variant.channel.name)
        captures.note_gone(delivery, database_now())


@contextmanager
def unless_moved_on() -> Iterator[None]:
    """For the worker: if somebody else settled the row meanwhile, theirs stands."""
    try:
        yield
    except MovedOn:
        return
