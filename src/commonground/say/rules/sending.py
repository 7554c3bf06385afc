"""What is asked in the last moment before a network is, and how a post is held still for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.states import State as ChannelState
from commonground.kit.refusals import MovedOn, Refused
from commonground.kit.turns import be_alone, pass_beside_others
from commonground.protect.models import Hold
from commonground.say.engine.braking import WITHIN, brakes
from commonground.say.engine.delivering import Around
from commonground.say.models import (
    Delivery,
    Post,
    yes_to,
)
from commonground.say.rules.glass import must_be_let_alone, stands_by
from commonground.say.rules.ready import (
    must_be_authorised,
    must_be_certified,
    must_be_ready,
    must_stand,
)
from commonground.say.states import State


def may_go_out_now(post: Post) -> None:
    """The last moment before the network: everything is asked again."""
    if post.digest != post.approved_digest:
        raise MovedOn(_("The words are no longer the approved ones."))
    if stands_by(post):
        for variant in post.variants.select_related("channel"):
            must_be_let_alone(post.author, variant)
    else:
        for reader in yes_to(post):
            must_stand(reader, Role.APPROVER)
    must_be_ready(post)


def may_be_sent(delivery: Delivery) -> None:
    """The last fence before the first byte. A post may have waited hours since it started."""
    post = delivery.variant.post
    if next(post.digests_by_channel([delivery.variant])) != delivery.approved:
        raise MovedOn(_("The words are no longer the approved ones."))
    must_stand(post.author, Role.AUTHOR)
    must_be_certified(post.author)
    must_be_authorised(post.author, [delivery.variant])
    if stands_by(post):
        must_be_let_alone(post.author, delivery.variant)


def hold_still(post: Post) -> None:
    """Until this transaction ends nobody starts, sends or withdraws this post.

    Always taken before its deliveries' rows, so that two who want both do not wait for
    each other.
    """
    be_alone(Post, post.pk)
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)


def hold_open(post: Post) -> None:
    """Until this transaction ends nobody stops everything, and nobody holds this post still: an
    answer cannot grow old before it counts. Its other deliveries go out meanwhile."""
    pass_beside_others(Agency, post.agency_id)
    pass_beside_others(Post, post.pk)


def around(delivery: Delivery, now: datetime) -> Around:
    """What must still be true before the first byte, of a delivery read this instant."""
    post = delivery.variant.post
    return Around(
        now=now,
        stopped=Hold.objects.standing().filter(agency=post.agency_id).exists(),
        line_open=delivery.variant.channel.state == ChannelState.READY,
        publishing=post.state == State.PUBLISHING and not delivery.variant.is_taken_back,
        may_be_sent=not refusal(delivery),
    )


def refusal(delivery: Delivery) -> str:
    """Why it must not be sent, in words; nothing if it may."""
    try:
        may_be_sent(delivery)
    except Refused as why:
        return str(why)
    return ""


def goes_too_fast(post: Post, now: datetime) -> bool:
    """Whether so much went out in its author's name just now that a person should look first.

    Not for what somebody let go by hand, nor for what waited while everything was stopped: two
    people have just looked at that. The same words on one more account are one thing said.
    """
    most = settings.ENV.burst
    Member.objects.select_for_update(no_key=True).get(pk=post.author_id)  # two workers take turns
    lifted = Hold.objects.filter(agency=post.agency_id).aggregate(at=Max("lifted_at"))["at"]
    if not most or post.released_at or (lifted and post.due <= lifted):
        return False
    others = Post.objects.filter(author=post.author_id, started_at__gt=now - WITHIN)
    texts = others.exclude(text=post.text).order_by().values("text").distinct()
    urgent = post.urgent or post.alert_terms() is not None
    return brakes(texts.count(), most, urgent=urgent)


def undo_time() -> timedelta:
    return timedelta(seconds=settings.ENV.undo_seconds)
