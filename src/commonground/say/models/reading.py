"""Who must still read a post, by the agency's rules and by who said yes so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from commonground.agency.models import Absence, Agency, Member
from commonground.say.engine.policy import ANYBODY, About, Left, Rule, Step, left_of, rule_for
from commonground.say.models.posts import Post, Review

type Counts = Callable[[Member, Step], bool]


def rules_of(agency: Agency) -> list[Rule]:
    return [row.rule for row in agency.review_rules.prefetch_related("channels")]


def rule_of(post: Post, rules: Sequence[Rule] | None = None) -> Rule:
    """The rule that decides about this post just now, by its agency's clock."""
    return rule_for(rules_of(post.agency) if rules is None else rules, about(post))


def about(post: Post) -> About:
    zone = ZoneInfo(post.agency.time_zone)
    return About(
        channels=frozenset(str(variant.channel_id) for variant in post.variants.all()),
        at=timezone.localtime(timezone.now(), zone).time(),
        unit=str(post.author.unit_id or ANYBODY),
        topic=post.moment.topic if post.moment else "",
        urgent=post.urgent,
    )


def yes_to(post: Post) -> list[Member]:
    """Whoever said yes to these exact words since they were last sent for approval, in order."""
    said = approvals_of(post)
    if asked := getattr(post, "request", None):
        said = [review for review in said if review.at >= asked.asked_at]
    # What the words are is asked only where somebody said yes to some.
    digest = post.digest if said else ""
    return [review.by for review in said if review.read == digest]


def approvals_of(post: Post) -> list[Review]:
    """In order; read together with the post (`with_reviews`), or now."""
    read: list[Review] | None = getattr(post, "approvals", None)
    return list(approvals().filter(post=post)) if read is None else read


def approvals() -> QuerySet[Review]:
    return Review.objects.filter(verdict="approve").select_related("by").order_by("at", "pk")


def with_reviews(posts: QuerySet[Post]) -> QuerySet[Post]:
    """With all that tells whose turn it is, however many posts there are. For looking only: who
    says yes afterwards is not among them."""
    said = Prefetch("reviews", approvals(), to_attr="approvals")
    return posts.select_related("request").prefetch_related("variants", said)


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


def is_asked(
    post: Post, member: Member, rules: Sequence[Rule] | None = None, counts: Counts = counts_for
) -> bool:
    """Whether this person's yes would count now. `rules`: the agency's, if they are known."""
    said = yes_to(post)
    if any(member.is_also(other) for other in (post.author, *said)):
        return False
    left = left_of(rule_of(post, rules).steps, said, counts)
    return left is None or counts(member, left.step)
