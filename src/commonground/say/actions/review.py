"""What a second person does: let these exact words go out, or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, advance, witness
from commonground.say import rules
from commonground.say.actions.first_device import note_device
from commonground.say.engine.telling import ask_again
from commonground.say.models import (
    Delivery,
    Post,
    Review,
    ReviewRequest,
    left_to_read,
    rule_of,
)


@transaction.atomic
def approve(post: Post, *, read: str, by: Member) -> Post:
    """Say yes to these exact words: the ones that were read, not the ones it holds now.

    They go out once everybody has said yes whom the agency's rule asks.
    """
    rules.hold_still(post)  # of two who say the last yes at once, one is the last
    post.refresh_from_db(fields=["state"])
    rules.must_wait_for_a_yes(post)
    rules.may_approve(post, by, read)
    left = left_to_read(post, by)
    if left is None:
        let_out(post, "approve", read=read, by=by)
    else:
        witness("agree", post, by=by, digest=read, rule=rule_of(post).name, left=left.people)
        ReviewRequest.objects.filter(post=post).update(told=0, tell_at=database_now())
    Review.objects.create(post=post, by=by, verdict="approve", read=read, at=database_now())
    return schedule(post) if post.go_out_at and left is None else post


def approve_each(
    read: Iterable[tuple[Post, str]], *, by: Member
) -> tuple[list[Post], list[tuple[Post, str]]]:
    """A yes to several posts that were read together, each to its own exact words and time.

    One that changed meanwhile, or may not go out, is left, and comes back with the reason.
    """
    rules.may_read_together(by)
    said, left = [], []
    for post, digest in read:
        try:
            said.append(approve(post, read=digest, by=by))
        except Refused as why:
            left.append((post, str(why)))
    return said, left


def let_out(post: Post, verb: str, *, read: str, by: Member, **told: str) -> None:
    """Commit to these exact words: with them, in one transaction, a delivery to each channel."""
    now = database_now()
    advance(
        post, verb, by=by, told={"digest": read, **told}, unchanged=["changed_at"],
        approved_digest=read, approved_at=now,
    )  # fmt: skip
    note_device(post, by)
    due_at = max(post.go_out_at or now, now + rules.undo_time())
    variants = post.variants.select_related("channel")
    digests = zip(variants, post.digests_by_channel(variants), strict=True)
    Delivery.objects.bulk_create(
        Delivery(
            variant=variant, part=part, agency=post.agency, approved=digest,
            # A second apart, so that their names sort as they will be read.
            key=variant.channel.adapter().new_key(now + timedelta(seconds=part - 1)),
            due_at=due_at, next_at=due_at, not_after=due_at + post.stays_good,
        )
        for variant, digest in digests
        for part in range(1, len(variant.parts) + 1)
    )  # fmt: skip


def schedule(post: Post) -> Post:
    """Let it wait for the time its author chose."""
    return advance(post, "schedule", by=THE_DESK)


@transaction.atomic
def ask_to_read(
    request: ReviewRequest, names: Sequence[str], *, by_mail: bool, nobody: bool
) -> None:
    """Write down who was asked to read a post, and when they are asked again if it still waits."""
    now, post = database_now(), request.post
    left = post.go_out_at - now if post.go_out_at else None
    again = ask_again(request.told + 1, left, urgent=post.urgent)
    rows = ReviewRequest.objects.filter(pk=request.pk, told=request.told)
    new = {"names": list(names), "by_mail": by_mail, "nobody": nobody}
    if rows.update(told=F("told") + 1, told_at=now, tell_at=now + again, **new):
        route = "screen and e-mail" if by_mail else "screen"
        witness("ask_to_read", post, by=THE_DESK, names=list(names), route=route, nobody=nobody)


@transaction.atomic
def override(post: Post, *, reason: str, read: str, by: Member) -> Post:
    """Let exactly these words pass a hard stop of the coach; who, why and which are on record."""
    rules.may_override(post, by, read)
    reason = rules.must_have_a_reason(reason)
    rules.hold_still(post)
    Review.objects.create(post=post, by=by, verdict="override", read=read, reason=reason)
    stopped = [{"rule": r.rule, "quote": r.quote} for r in post.stops("en")]
    witness("override", post, by=by, reason=reason, digest=read, stops=stopped)
    return post


@transaction.atomic
def send_back(post: Post, *, reason: str, read: str, by: Member) -> Post:
    """Hand it back to its author with a reason. Any approval it had is gone."""
    rules.may(post, "send_back", by)
    reason = rules.must_have_a_reason(reason)
    rules.hold_still(post)
    uncommit(post)
    Review.objects.create(post=post, by=by, verdict="send_back", read=read, reason=reason)
    return advance(
        post, "send_back", by=by, told={"reason": reason}, reason=reason, approved_digest="",
        approved_at=None,
    )  # fmt: skip


@transaction.atomic
def reject(post: Post, *, reason: str, read: str, by: Member) -> Post:
    """Decide that this is not to be said. The author is told why."""
    rules.may(post, "reject", by)
    reason = rules.must_have_a_reason(reason)
    Review.objects.create(post=post, by=by, verdict="reject", read=read, reason=reason)
    return advance(post, "reject", by=by, told={"reason": reason}, reason=reason)


@transaction.atomic
def withdraw(post: Post, *, reason: str, by: Member) -> Post:
    """Take it back everywhere. What was said stays in the record, and the public page says so.

    Also while it goes out: one network that does not answer must not keep wrong words up on
    the others.
    """
    rules.may(post, "withdraw", by)
    reason = rules.must_have_a_reason(reason)
    rules.hold_still(post)
    uncommit(post)
    Delivery.objects.filter(variant__post=post).update(
        next_at=database_now(), acknowledged_at=None, acknowledged_by=None
    )
    return advance(post, "withdraw", by=by, told={"reason": reason}, reason=reason)


def uncommit(post: Post) -> None:
    """Forget deliveries that were never tried: nothing of them can be anywhere."""
    Delivery.objects.filter(variant__post=post, attempt=0, state="waiting").delete()
