"""Who must still read a post, by the agency's rules and by who said yes so far."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone

from commonground.agency.models import Absence, Member
from commonground.say.engine.policy import ANYBODY, About, Left, Rule, Step, left_of, rule_for
from commonground.say.models.posts import Post


def rule_of(post: Post) -> Rule:
    """The rule that decides about this post just now, by its agency's clock."""
    rows = post.agency.review_rules.prefetch_related("channels")
    return rule_for([row.rule for row in rows], about(post))


def about(post: Post) -> About:
    zone = ZoneInfo(post.agency.time_zone)
    return About(
        channels=frozenset(str(pk) for pk in post.variants.values_list("channel", flat=True)),
        at=timezone.localtime(timezone.now(), zone).time(),
        unit=str(post.author.unit_id or ANYBODY),
        topic=post.moment.topic if post.moment else "",
        urgent=post.urgent,
    )


def yes_to(post: Post) -> list[Member]:
    """Whoever said yes to these exact words since they were last sent for approval, in order."""
    rows = post.reviews.filter(verdict="approve", read=post.digest).select_related("by")
    if asked := getattr(post, "request", None):
        rows = rows.filter(at__gte=asked.asked_at)
    return [review.by for review in rows.order_by("at", "pk")]


def counts_for(member: Member, step: Step) -> bool:
    """Of the unit that is asked, or standing in today for an approver who is."""
    if step.unit in (ANYBODY, str(member.unit_id)):
        return True
    of_unit = Absence.objects.now().filter(
        deputy=member, member__unit__pk=step.unit, member__role_rows__role="approver"
    )
    return of_unit.exists()


def left_to_read(post: Post, *more: Member) -> Left | None:
    """What is still missing once these people too have said yes; None where nothing is."""
    return left_of(rule_of(post).steps, [*yes_to(post), *more], counts_for)


def is_asked(post: Post, member: Member) -> bool:
    """Whether this person's yes would count now."""
    said = yes_to(post)
    if any(member.is_also(other) for other in (post.author, *said)):
        return False
    left = left_of(rule_of(post).steps, said, counts_for)
    return left is None or counts_for(member, left.step)
