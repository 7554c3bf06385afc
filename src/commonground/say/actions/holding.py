"""Keeping an approved post from going out for a while, and letting it go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import THE_DESK, advance, witness
from commonground.say import rules
from commonground.say.actions.first_device import note_device
from commonground.say.actions.going_out import lapse
from commonground.say.actions.review import schedule
from commonground.say.models import Delivery, Post
from commonground.say.states import State
from commonground.spot.models import Moment


@transaction.atomic
def hold(post: Post, *, reason: str, by: Member, moment: Moment | None = None) -> Post:
    """Keep it from going out until somebody releases it. Its approval stays, and so does its
    end: what is still held when its time is over lapses.

    Nothing of it has been sent: what has begun to go out can only be withdrawn.
    """
    rules.may_hold(post, by)
    reason = rules.must_have_a_reason(reason)
    rules.hold_still(post)
    told = {"reason": reason, **({"moment": moment.label} if moment else {})}
    return advance(
        post, "hold", by=by, told=told, held_by=by, held_at=database_now(), held_because=reason,
        held_for=moment, held_told_at=None,
    )  # fmt: skip


def hold_each(
    posts: Iterable[Post], *, reason: str, by: Member, moment: Moment | None = None
) -> list[Post]:
    """Hold several for the same reason. What began to go out meanwhile is left out, not refused:
    the others must not wait for it."""
    held = []
    for post in posts:
        with suppress(MovedOn):
            held.append(hold(post, reason=reason, by=by, moment=moment))
    return held


@transaction.atomic
def release(post: Post, *, by: Member) -> Post:
    """Let it go out after all, at its time or, if that has come, as soon as undoing is over."""
    rules.may_release(post, by)
    rules.hold_still(post)
    now = database_now()
    soonest = now + rules.undo_time()
    told = {"held_by": post.held_by.name, "reason": post.held_because} if post.held_by else {}
    advance(post, "release", by=by, told=told, released_at=now)
    note_device(post, by)
    # What was promised could not be kept while somebody held it: it is promised anew.
    Delivery.objects.filter(variant__post=post, attempt=0, due_at__lt=soonest).update(
        due_at=soonest, next_at=soonest
    )
    return schedule(post) if post.go_out_at else post


@transaction.atomic
def lapse_if_held_too_long(post: Post) -> bool:
    """Its time is over and nobody let it go: it will not be sent, and people are told."""
    rules.hold_still(post)
    post.refresh_from_db()
    if post.state != State.HELD or database_now() <= post.too_late_at:
        return False
    lapse(post, _("It was held (%(why)s) until its time was over.") % {"why": post.held_because})
    return True


@transaction.atomic
def tell_of_hold(post: Post, names: Sequence[str], *, by_mail: bool) -> None:
    """Write down who was told that it is held."""
    rows = Post.objects.held().filter(pk=post.pk, held_told_at=None)
    if rows.update(held_told_at=database_now()):
        detail: dict[str, Any] = {"route": "screen and e-mail" if by_mail else "screen"}
        witness("tell", post, by=THE_DESK, names=list(names), **detail)
