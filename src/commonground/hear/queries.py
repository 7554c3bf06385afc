"""What the pages read: how well we hear, and what for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Max, QuerySet, Value, When
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.agency.states import Role
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.models import Overheard, Source, SourceKind, Topic
from commonground.hear.states import TopicState
from commonground.record.models import Entry

# A source that speaks every minute is not silent after two; one that speaks once a day is
# not silent after six hours.
LEAST_SILENCE = timedelta(minutes=15)
GAPS_OF_SILENCE = 5
UNSEEN = ("tail", "secrets")  # of a source: large, or none of a page's business


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A source, and whether its silence is worth a word."""

    source: Source
    silent: bool
    quiet_for: timedelta | None  # since its last item; None when there never was one
    silent_after: timedelta

    @property
    def a_signal(self) -> bool:
        """Whether somebody has to look into it."""
        return self.source.on and (self.silent or bool(self.source.trouble))

    @property
    def usual_gap(self) -> timedelta:
        return timedelta(seconds=self.source.usual_gap)


def heartbeats(agency: Agency) -> list[Heartbeat]:
    """Every source of the agency with its silence, the quietest of those that are on first."""
    now = timezone.now()
    sources = Source.objects.filter(agency=agency).defer(*UNSEEN)
    beats = [heartbeat(source, now) for source in sources]
    ever = timedelta.max
    return sorted(
        beats, key=lambda b: (b.source.on, b.quiet_for or ever, b.source.name), reverse=True
    )


def heartbeat(source: Source, now: datetime) -> Heartbeat:
    quiet_for = now - source.last_item_at if source.last_item_at else None
    after = max(LEAST_SILENCE, GAPS_OF_SILENCE * timedelta(seconds=source.usual_gap))
    follows = source.on and source.kind != SourceKind.REPLAY
    silent = follows and (quiet_for is None or quiet_for > after)
    return Heartbeat(source, silent, quiet_for, after)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the Now page says when nothing is rising: proof that somebody listens."""

    posts: int
    sources: int
    last_item_at: datetime | None
    looked_at: datetime | None
    quietest: Heartbeat | None


def hearing(agency: Agency, *, hours: int = 24) -> Hearing:
    since = timezone.now() - timedelta(hours=hours)
    beats = [b for b in heartbeats(agency) if b.source.on]
    last = Source.objects.filter(agency=agency).aggregate(
        heard=Max("last_item_at"), looked=Max("looked_at")
    )
    posts = Overheard.objects.filter(agency=agency, at__gte=since).count()
    quietest = beats[0] if beats else None
    return Hearing(posts, len(beats), last["heard"], last["looked"], quietest)


def keepers(agency: Agency) -> list[str]:
    """Who may change where we listen, and so must look when a source falls silent."""
    rows = agency.members.filter(is_active=True, role_rows__role=Role.ADMIN)
    return list(rows.order_by("name").values_list("name", flat=True))


def topics(agency: Agency) -> QuerySet[Topic]:
    """Those waiting for approval first, then the live ones, then what ended or was declined."""
    order = Case(
        When(state=TopicState.PROPOSED, then=Value(0)),
        When(state=TopicState.LIVE, then=Value(1)),
        default=Value(2),
    )
    return Topic.objects.filter(agency=agency).order_by(order, "name")


def public_topics(agency: Agency) -> QuerySet[Topic]:
    """What anyone may see: what we listen for now, and what for."""
    return Topic.objects.filter(agency=agency).live()


def waiting_topics(agency: Agency) -> QuerySet[Topic]:
    return Topic.objects.filter(agency=agency, state=TopicState.PROPOSED)


# Trying a topic on what is still kept

MOST_TRIED = 20_000  # posts, the newest; more would keep a person waiting
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Match:
    """A post it would have heard. Not who wrote it."""

    text: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a topic would have heard of what is still kept."""

    since: datetime | None  # the oldest post looked at
    looked_at: int
    matched: int
    by_term: Sequence[tuple[str, int]]  # the most said first; those never said too
    by_source: Sequence[tuple[str, int]]
    examples: Sequence[Match]
    elsewhere: Sequence[str]  # sources; of these only what other topics caught is kept

    @property
    def a_day(self) -> float | None:
        """Matches a day at this pace; nothing from less than an hour."""
        if not self.since or (hours := (timezone.now() - self.since).total_seconds() / 3600) < 1:
            return None
        return self.matched * 24 / hours


LOOKS = ("look_at_topic", "try_topic")


def looks(agency: Agency, *, days: int) -> QuerySet[Entry]:
    """Every time a member looked into overheard texts, newest first: the query log."""
    since = timezone.now() - timedelta(days=days)
    return Entry.objects.of(agency.pk).filter(verb__in=LOOKS, at__gte=since)


def looks_by_topic(agency: Agency, *, days: int) -> Counter[str]:
    """How often each standing topic was looked into, by its key; what was only tried under "".

    The public sees the numbers; who it was stands in the record.
    """
    rows = looks(agency, days=days).values_list("verb", "subject")
    return Counter(s.rpartition(":")[2] if verb == "look_at_topic" else "" for verb, s in rows)


def trial(topic: Topic) -> Trial:
    """Try the topic on the newest posts kept, as the ear would: whole words, places, exclusions."""
    sources = {s.pk: s for s in Source.objects.filter(agency=topic.agency).defer(*UNSEEN)}
    rows = Overheard.objects.filter(agency=topic.agency).order_by("-at")[:MOST_TRIED]
    matcher = Matcher([Watch(topic.name, topic.watch, topic.exclude, topic.called)])
    found, oldest, looked_at = [], None, 0
    # Plain values: making an object of each of twenty thousand would keep a person waiting.
    for at, source, text, lang in rows.values_list("at", "source", "text", "language"):
        looked_at, oldest = looked_at + 1, at
        if matcher.topics_of(text, lang, near=not sources[source].whole_network):
            found.append(Match(text, lang, sources[source].name))
    whole = [s.name for s in sources.values() if s.on and s.whole_network]
    where = Counter(match.source for match in found)
    return Trial(
        oldest, looked_at, len(found), terms_said(topic, found), where.most_common(),
        found[:EXAMPLES], whole,
    )  # fmt: skip


def terms_said(topic: Topic, found: Sequence[Match]) -> list[tuple[str, int]]:
    """How many of the posts found hold each watch term."""
    said = Counter[str]()
    for code, terms in topic.watch.items():
        for term in terms:
            one = Matcher([Watch(term, {code: [term]})])
            said[term] += sum(bool(one.topics_of(match.text, code)) for match in found)
    return said.most_common()
