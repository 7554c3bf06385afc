"""Who reads what: the posts that wait for a yes, and the people who can give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from commonground.agency.models import Absence, Member
from commonground.protect.queries import who_answers
from commonground.say.models import Post, is_asked, left_to_read, rule_of, yes_to
from commonground.say.models.reading import counts_for, rules_of, with_reviews


def waiting_for(member: Member) -> list[Post]:
    """Posts that wait for this member's yes: in review, not their own, and their turn."""
    if "approver" not in member.roles:
        return []
    posts = member.agency.posts.waiting_for_review().exclude(author=member)
    rows = with_channels(posts).order_by("changed_at")
    if not member.agency.review_rules.exists():  # then one yes is enough, and anybody's
        return [post for post in rows if not member.is_also(post.author)]
    # Asked once for all of them: the rules, and for whom somebody stands in.
    rules, counts = rules_of(member.agency), cache(counts_for)
    return [post for post in with_reviews(rows) if is_asked(post, member, rules, counts)]


def in_review_by(member: Member) -> QuerySet[Post]:
    """This member's own posts that wait for somebody else."""
    return with_channels(member.posts.waiting_for_review()).order_by("changed_at")


def with_channels(posts: QuerySet[Post]) -> QuerySet[Post]:
    """All that a line about a post needs, in two questions however many posts there are."""
    return posts.select_related("author", "moment").prefetch_related("variants__channel")


def readers_of(post: Post) -> list[Member]:
    """Whose yes would count now: approvers with a certificate in force and their first drill behind
    them, of the unit whose turn it is. Who is away is not asked; their deputy is, where they may
    approve."""
    people = Member.objects.filter(is_active=True, agency=post.agency_id)
    approvers = people.filter(role_rows__role="approver").exclude(pk=post.author_id)
    here = approvers.exclude(absences__in=Absence.objects.now()).order_by("name")
    able = [m for m in here if m.certified() and not m.owes_first_drill]
    return [m for m in able if is_asked(post, m)]


def instead_of_readers(post: Post) -> list[Member]:
    """Who must hear that nobody may approve it: its author, and who can change that."""
    people = Member.objects.filter(is_active=True, agency=post.agency_id)
    admins = people.filter(role_rows__role="admin").order_by("name")
    return [m for m in dict.fromkeys([post.author, *admins]) if m.is_active]


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of the rule, for people: whose unit, how many of how many, and whether it is next."""

    unit: str
    people: int
    said: int
    now: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a post has come on the way to its last yes."""

    rule: str
    turns: Sequence[Turn]
    said: Sequence[Member]

    @property
    def several(self) -> bool:
        return len(self.turns) > 1 or any(turn.people > 1 or turn.unit for turn in self.turns)


def reading_of(post: Post) -> Reading:
    rule, left = rule_of(post), left_to_read(post)
    units = {str(unit.pk): unit.name for unit in post.agency.units.all()}
    turns = []
    for number, step in enumerate(rule.steps, 1):
        missing = 0 if left is None or number < left.number else step.people
        if left and number == left.number:
            missing = left.people
        now = bool(left and number == left.number)
        turns.append(Turn(units.get(step.unit, ""), step.people, step.people - missing, now))
    return Reading(rule.name, turns, yes_to(post))


def concerned_by_hold(post: Post) -> list[Member]:
    """Who must hear that it is held: its author, and who said yes to it; not who holds it. Where
    the desk does, whoever answers for our accounts as well."""
    yes = [r.by for r in post.reviews.filter(verdict="approve").select_related("by")[:1]]
    # The desk held it because it may not be them: others must hear of it.
    answers = who_answers(post.agency) if post.held_by_id is None else []
    people = dict.fromkeys([post.author, *yes, *answers])
    return [m for m in people if m.is_active and m.pk != post.held_by_id]
