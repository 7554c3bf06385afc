"""Whether a text may go out as a thread, and who decides about one that is half out."""

from __future__ import annotations

from itertools import combinations

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.channels.engine import same_words
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say.engine.threads import MOST_PARTS
from commonground.say.models import Delivery, Post, Variant
from commonground.say.states import State


def must_make_a_thread(variant: Variant) -> None:
    """Not so many parts that nobody reads them, and no two alike: on most networks only its words
    tell which part is there."""
    parts, where = variant.parts, {"channel": variant.channel.name}
    if len(parts) > MOST_PARTS:
        named = {**where, "parts": len(parts), "most": MOST_PARTS}
        words = _(
            "The thread for %(channel)s has %(parts)d parts, and %(most)d are the most that people"
            " read. Say it in fewer words."
        )
        raise Refused(words % named)
    if any(same_words(one, other) for one, other in combinations(parts, 2)):
        raise Refused(_("Two parts of the thread for %(channel)s say the same.") % where)


def may_settle_thread(delivery: Delivery, by: Member) -> None:
    """An approver of the agency, of a thread that goes out or is out."""
    if by.agency_id != delivery.agency_id:
        raise NotYours(_("This is not yours to do."))
    if Role.APPROVER not in by.roles:
        raise NotYours(_("Only an approver can settle this."))
    if not is_thread(delivery):
        raise Refused(_("This is not a thread. Take the post back instead."))


def must_be_going_out(delivery: Delivery) -> None:
    """What is all over, or was taken back, can only be said in a new post."""
    if delivery.variant.post.state != State.PUBLISHING or delivery.variant.taken_back_at:
        raise MovedOn(_("It is too late to go on with this thread. Take back what is out."))


def is_thread(delivery: Delivery) -> bool:
    return Delivery.objects.filter(variant=delivery.variant_id, part__gt=1).exists()


def must_be_gone(post: Post) -> None:
    """What the public still sees must not be forgotten."""
    if Delivery.objects.still_public().filter(variant__post=post).exists():
        raise MovedOn(_("Parts of it are still public, and are being taken back. Wait a minute."))
