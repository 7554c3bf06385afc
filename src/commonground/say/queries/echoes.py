"""Who is offered a post to pass on, what became of it, and what of it must be put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from commonground.agency.models import Certificate, Member
from commonground.agency.states import Role
from commonground.channels.models import Authorisation, Channel
from commonground.say.engine.echoing import APART
from commonground.say.models import Delivery, Echo, EchoCall, Post
from commonground.say.states import DeliveryState, State

HOURS = timedelta(hours=4)  # after that it lapses anyway
ON_THE_WAY = [
    State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.HELD, State.PUBLISHING,
]  # fmt: skip


def address_of(post: Post) -> str:
    """Where the public reads it: in our own newsroom, if it stands there."""
    rows = Delivery.objects.filter(variant__post=post, state=DeliveryState.SENT).exclude(url="")
    ours = rows.filter(variant__channel__network="site").first()
    found = ours or rows.order_by("pk").first()
    return found.url if found else ""


def channels_to_echo_on(post: Post, member: Member) -> QuerySet[Channel]:
    """Those this member speaks on, where the post does not stand already."""
    ours = Channel.objects.open().spoken_by(member)
    return ours.exclude(pk__in=post.variants.values("channel"))


def to_boost(post: Post, channel: Channel) -> Delivery | None:
    """Where it stands on the same network, if that has a button to pass it on. Of a thread the
    first part: from there people read on."""
    if not channel.kind.boosts:
        return None
    stands = Delivery.objects.filter(
        variant__post=post, variant__channel__network=channel.network, part=1,
        state=DeliveryState.SENT, withdrawn_at=None, variant__boosts=None,
    )  # fmt: skip
    found = stands.exclude(network_id="").select_related("variant__post", "variant__channel")
    return found.order_by("pk").first()


def people_to_ask(post: Post) -> QuerySet[Member]:
    """Authors with a certificate, and an account of their own or their unit's to echo it on."""
    elsewhere = Channel.objects.open().exclude(state="new").filter(agency=post.agency_id)
    elsewhere = elsewhere.exclude(pk__in=post.variants.values("channel"))
    speak = Authorisation.objects.in_force().filter(channel__in=elsewhere)
    people = post.agency.members.filter(is_active=True, role_rows__role=Role.AUTHOR)
    certified = Certificate.objects.in_force().values("member")
    asked = people.filter(pk__in=speak.values("member")).filter(pk__in=certified)
    return asked.exclude(pk=post.author_id).distinct()


def offers_to(member: Member) -> QuerySet[Echo]:
    """What this member may pass on, while it stands as it was said."""
    stands = Q(call__post__state__in=[State.PUBLISHING, State.PUBLISHED])
    open_ = Echo.objects.filter(stands, member=member, post=None, declined_at=None)
    corrected = Post.objects.filter(state=State.PUBLISHED, corrects__isnull=False)
    rows = open_.exclude(call__post__in=corrected.values("corrects"))
    return rows.select_related("call__post", "call__by").order_by("-call__made_at")


def echoes_to_put_right(member: Member) -> list[Echo]:
    """What they passed on, and was corrected or taken back since; until theirs is, too."""
    out = Echo.objects.filter(member=member, post__state=State.PUBLISHED)
    corrected = Q(call__post__corrections__state=State.PUBLISHED)
    wrong = out.filter(corrected | Q(call__post__state=State.WITHDRAWN))
    answered = Post.objects.filter(corrects__isnull=False).exclude(state=State.WITHDRAWN)
    rows = wrong.exclude(post__in=answered.values("corrects")).distinct()
    return list(rows.select_related("post", "call__post"))


@dataclass(frozen=True, slots=True)
class Echoed:
    """How often, by unit and never by name: a wish to help is not a race."""

    call: EchoCall
    by_unit: Sequence[tuple[str, int]]
    on_the_way: int


def echoed(post: Post) -> Echoed | None:
    call = EchoCall.objects.filter(post=post).first()
    if call is None:
        return None
    rows = call.echoes.filter(post__isnull=False).select_related("member__unit", "post")
    units = Counter(
        str(row.member.unit or "")
        for row in rows if row.post and row.post.state == State.PUBLISHED
    )  # fmt: skip
    waiting = sum(row.post.state in ON_THE_WAY for row in rows if row.post)
    return Echoed(call, sorted(units.items()), waiting)


def posts_kept_apart(now: datetime) -> QuerySet[Echo, Any]:
    """Echoes that wait because another went out a moment ago: many of them must not keep the
    worker from other posts. What is too late already is left to lapse."""
    lately = Q(post__variants__deliveries__first_tried_at__gt=now - APART)
    busy = Echo.objects.filter(lately | Q(post__state=State.PUBLISHING)).values("call")
    queued = Echo.objects.filter(post__state__in=[State.APPROVED, State.SCHEDULED])
    return queued.filter(call__in=busy, post__go_out_at__gt=now - HOURS).values("post")


def too_soon_after_another(post: Post, now: datetime) -> bool:
    """Whether another echo of the same post went out a moment ago, or is going out."""
    mine = Echo.objects.filter(post=post).first()
    if mine is None:
        return False
    lately = Q(post__variants__deliveries__first_tried_at__gt=now - APART)
    others = Echo.objects.filter(call=mine.call_id).exclude(pk=mine.pk)
    return others.filter(lately | Q(post__state=State.PUBLISHING)).exists()
