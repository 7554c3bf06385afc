"""Who may offer a post to be passed on, who may pass it on, and when it may still go out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say.models import Delivery, Echo, EchoCall, Post, Variant
from commonground.say.states import DeliveryState, State

OUT = (State.PUBLISHING, State.PUBLISHED)


def may_offer(post: Post, by: Member) -> None:
    """Its author, or whoever approves: once the public sees it, and it was nobody's echo."""
    theirs = post.author_id == by.pk or Role.APPROVER in by.roles
    if by.agency_id != post.agency_id or not theirs:
        raise NotYours(_("Only its author, or somebody who approves posts, can offer it."))
    seen = Delivery.objects.filter(variant__post=post, state=DeliveryState.SENT).exclude(url="")
    if post.state not in OUT or not seen.exists():
        raise MovedOn(_("Only what the public sees can be passed on."))
    if Echo.objects.filter(post=post).exists():
        raise Refused(_("This passes on another post. Offer that one."))
    if EchoCall.objects.filter(post=post).exists():
        raise MovedOn(_("It is offered already."))


def could_offer(post: Post, by: Member) -> bool:
    try:
        may_offer(post, by)
    except Refused:
        return False
    return True


def may_end_offer(call: EchoCall, by: Member) -> None:
    if by.agency_id != call.agency_id or not (call.by_id == by.pk or Role.APPROVER in by.roles):
        raise NotYours(_("Only its author, or somebody who approves posts, can offer it."))


def may_echo(echo: Echo, by: Member) -> None:
    if echo.member_id != by.pk:
        raise NotYours(_("This was offered to somebody else."))
    if echo.post_id or echo.declined_at:
        raise MovedOn(_("You have decided on this already."))


def must_boost_what_stands(variant: Variant) -> None:
    """What the network's button would pass on is there to be passed on."""
    original = variant.boosts
    if original is None:
        return
    gone = original.withdrawn_at or original.variant.is_taken_back
    if gone or original.state != DeliveryState.SENT or not original.network_id:
        raise Refused(_("What this passes on was taken back."))


def must_echo_what_stands(post: Post) -> None:
    """What it leads to is there, and was not put right since."""
    echo = Echo.objects.filter(post=post).select_related("call__post").first()
    if echo is None:
        return
    original = echo.call.post
    if original.state not in OUT:
        raise Refused(_("What this passes on was taken back."))
    if original.corrections.filter(state__in=OUT).exists():
        raise Refused(_("What this passes on was corrected. Pass on the correction."))
