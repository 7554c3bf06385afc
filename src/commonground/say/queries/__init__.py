"""What the pages of SAY ask of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.models import Channel, ChannelQuerySet
from commonground.channels.networks import networks
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.models import Topic
from commonground.say.engine.coach import Advice, Remark, coach
from commonground.say.engine.coach.choosing import MOST
from commonground.say.engine.colliding import Clash, clash
from commonground.say.engine.words import Words
from commonground.say.models import (
    BrokenGlass,
    Delivery,
    Post,
    Restart,
    Review,
    Variant,
)
from commonground.say.queries.cards import linked_in as linked_in
from commonground.say.queries.previewing import (
    Preview as Preview,
    previews_as_typed as previews_as_typed,
    previews_of as previews_of,
)
from commonground.say.queries.proposals import words_of as words_of
from commonground.say.queries.reading import (
    concerned_by_hold as concerned_by_hold,
    in_review_by as in_review_by,
    instead_of_readers as instead_of_readers,
    readers_of as readers_of,
    reading_of as reading_of,
    waiting_for as waiting_for,
    with_channels,
)
from commonground.say.queries.series import (
    is_as_planned as is_as_planned,
    to_draft as to_draft,
    to_read_together as to_read_together,
)
from commonground.say.states import DeliveryState, State
from commonground.spot.models import Moment, Resource

MOST_OPEN = 20  # moments; a desk with more open at once reads none of them


@dataclass(frozen=True, slots=True)
class Coached:
    """What the coach says of a post as it stands: three remarks at most, unless stops are more."""

    remarks: Sequence[Remark]
    stops: Sequence[Remark]
    advice: Advice
    overridden: Review | None = None


def coached(post: Post, words: Words | None = None) -> Coached:
    """Of the shared words, and every stop in any channel's own. `words` are not yet kept."""
    speak, known = get_language() or "en", post.known()
    text, language = (words.text, words.language) if words else (post.text, post.language)
    advice = coach(text, language, known, speak)
    stops = post.stops(speak)
    softer = [r for r in advice.remarks if not r.hard]
    room = max(MOST - len(stops), 0)
    overridden = post.overridden() if stops else None
    return Coached([*stops, *softer[:room]], stops, advice, overridden)


def names(words: str, resource: Resource) -> bool:
    """Whether whoever reads these words can reach it."""
    return any(way and way in words for way in (resource.url, resource.phone))


def named_in(post: Post) -> list[Resource]:
    """The resources its readers are really given, on whichever channel."""
    words = "\n".join(one.text for variant in post.variants.all() for one in variant.said)
    return [resource for resource in post.resources.all() if names(words, resource)]


def speaks_as_the_machine(title: str, post: Post) -> bool:
    """A headline that nobody wrote: the public would read the detector's name for a moment."""
    return post.moment is not None and title.strip() == post.moment.label


def written_elsewhere(post: Post, page: str, before: str) -> bool:
    """Whether another open page wrote on this draft since this one was opened."""
    return bool(page) and post.state == State.DRAFT and post.written_on not in (page, before)


def in_trouble(agency: Agency) -> QuerySet[Delivery]:
    """Deliveries a person must know of."""
    rows = agency.deliveries.needing_a_person()
    rows = rows.select_related("variant__post", "variant__channel").order_by("due_at", "part")
    return rows.prefetch_related("variant__deliveries")


def responsible_for(delivery: Delivery) -> list[Member]:
    """Who is told of its trouble, nearest first: its author, who approved it, then the other
    approvers of the agency, and its administrators."""
    post = delivery.variant.post
    people = Member.objects.filter(is_active=True, agency=delivery.agency_id)
    yes = [r.by for r in post.reviews.filter(verdict="approve").select_related("by")[:1]]
    others = list(people.filter(role_rows__role="approver").order_by("name"))
    admins = list(people.filter(role_rows__role="admin").order_by("name"))
    return [m for m in dict.fromkeys([post.author, *yes, *others, *admins]) if m.is_active]


@dataclass(frozen=True, slots=True)
class AfterAStop:
    """What became of the deliveries that were in hand when the desk stopped."""

    restart: Restart
    resumed: int  # sent again, or for the first time
    settled: int  # found in public by looking
    handed: int  # a person must look
    pending: int


def after_stops(agency: Agency) -> list[AfterAStop]:
    """The stops nobody has read about yet, the last first."""
    rows = agency.restarts.filter(noted_at=None)[:3]
    return [after_a_stop(restart) for restart in rows]


def after_a_stop(restart: Restart) -> AfterAStop:
    told = Q(handed_over_at__isnull=False) | Q(state__in=["declined", "late"])
    seen_as_it_was = Q(state="sent", attempt=F("attempt_then"))
    sent_since = Q(state="sent", attempt__gt=F("attempt_then"))
    found = restart.deliveries.aggregate(
        all=Count("pk"), handed=Count("pk", filter=told & ~Q(state="sent")),
        settled=Count("pk", filter=seen_as_it_was), resumed=Count("pk", filter=sent_since),
    )  # fmt: skip
    pending = found["all"] - found["handed"] - found["settled"] - found["resumed"]
    return AfterAStop(restart, found["resumed"], found["settled"], found["handed"], pending)


def deliveries_of(post: Post) -> list[Variant]:
    """Each channel's own truth: its variant, with its delivery if it has one."""
    return list(post.variants.select_related("channel", "post").prefetch_related("deliveries"))


def stands_on(post: Post) -> QuerySet[Channel]:
    """The channels a post was seen on."""
    seen = Variant.objects.filter(
        post=post, taken_back_at=None, deliveries__state=DeliveryState.SENT
    )
    return Channel.objects.filter(pk__in=seen.values("channel"))


@dataclass(frozen=True, slots=True)
class Collision:
    """A post that goes out while a moment runs, and why that may be wrong."""

    post: Post
    clash: Clash


@dataclass(frozen=True, slots=True)
class Queue:
    """What goes out while a moment runs, unless somebody holds it; the cheerful first."""

    moment: Moment
    waiting: Sequence[Collision]

    @property
    def cheerful(self) -> int:
        return sum(bool(one.clash.cheerful) for one in self.waiting)

    @property
    def matters(self) -> bool:
        """Whether a person has to look: people are hurt, or a post says what they say."""
        told = self.moment.grave or any(one.clash.shared for one in self.waiting)
        return bool(self.waiting) and told


def queues(agency: Agency, moments: Iterable[Moment]) -> list[Queue]:
    """For each moment the posts that wait to go out before its window closes, but its own."""
    posts = list(with_channels(agency.posts.queued()))
    topics = {topic.name: topic for topic in agency.topics.live()} if posts else {}
    return [queue(moment, posts, topics.get(moment.topic)) for moment in moments]


def queue(moment: Moment, posts: Iterable[Post], topic: Topic | None) -> Queue:
    beside = (p for p in posts if p.moment_id != moment.pk and p.due <= moment.closes_at)
    found = [Collision(p, clash_of(p, moment, topic)) for p in beside]
    return Queue(moment, sorted(found, key=lambda c: (not c.clash.cheerful, c.post.due)))


def clash_of(post: Post, moment: Moment, topic: Topic | None) -> Clash:
    said = dict.fromkeys([post.title, *(s.text for v in post.variants.all() for s in v.said)])
    found = clash("\n".join(said), [moment.label, *moment.terms])
    if topic is None:
        return found
    matcher = Matcher([Watch(topic.name, topic.watch, topic.exclude)])
    spoken = any(matcher.topics_of(text, post.language) for text in said)
    return Clash(found.cheerful, [*found.shared, *([topic.name] if spoken else [])])


def queues_that_matter(agency: Agency) -> list[Queue]:
    """The open moments that posts are about to collide with, the grave ones first."""
    moments = agency.moments.open().order_by("-grave", "-surprise")[:MOST_OPEN]
    return [q for q in queues(agency, moments) if q.matters]


def held(agency: Agency) -> list[Post]:
    """What is kept from going out, what lapses first before the others."""
    rows = agency.posts.held().select_related("author", "held_by", "held_for")
    return sorted(rows, key=lambda post: post.too_late_at)


def said_about(moment_id: UUID, agency: Agency) -> QuerySet[Post]:
    return agency.posts.filter(moment_id=moment_id).exclude(state=State.WITHDRAWN)


def opening(resources: Sequence[Resource]) -> str:
    """The first words of a draft: where people can turn, ready to be written around."""
    lines = [" ".join(filter(None, [f"{r.name}:", r.phone, r.url])) for r in resources]
    return "\n".join(lines)


def concerned_by_glass(glass: BrokenGlass) -> list[Member]:
    """Command: who approves, who administers, and who oversees; not whoever did it."""
    told = [Role.APPROVER, Role.ADMIN, Role.AUDITOR]
    people = glass.agency.members.filter(is_active=True, role_rows__role__in=told)
    return list(people.exclude(pk=glass.by_id).distinct())


def unreviewed_glass(member: Member) -> list[BrokenGlass]:
    """What went out on one person's word, and this member can look at."""
    if Role.APPROVER not in member.roles:
        return []
    rows = BrokenGlass.objects.unreviewed().filter(agency=member.agency).exclude(by=member)
    return list(rows.select_related("post", "by"))


def hands_on_holds(member: Member) -> dict[str, bool]:
    """Whether they may hold a post back, and let it go again."""
    roles = member.roles
    return {"may_hold": bool(roles & {"author", "approver"}), "may_release": "approver" in roles}


def hands_of(member: Member, post: Post) -> set[str]:
    """The roles this member holds towards this post: an author only of their own words,
    an approver only of others'."""
    other = "author" if post.author_id != member.pk else "approver"
    return set(member.roles) - {other}


def spoken_by(author: Member) -> ChannelQuerySet:
    """The channels an author is authorised to speak on, to everybody."""
    alone = [name for name, kind in networks().items() if kind.private]
    return Channel.objects.open().spoken_by(author).exclude(network__in=alone)


def channels_for(post: Post, author: Member) -> ChannelQuerySet:
    """Where a post can be said: an answer where it was asked, and nowhere else."""
    if post.answers:
        return Channel.objects.spoken_by(author).filter(pk=post.answered.channel_id)
    return spoken_by(author)
