"""What the pages read: how well we hear, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.agency.states import Role
from commonground.hear.models import Overheard, Source, SourceKind, Topic
from commonground.hear.states import TopicState

# A source that speaks every minute is not silent after two; one that speaks once a day is
# not silent after six hours.
LEAST_SILENCE = timedelta(minutes=15)
GAPS_OF_SILENCE = 5


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
    sources = Source.objects.filter(agency=agency).defer("tail", "secrets")
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
    quietest: Heartbeat | None


def hearing(agency: Agency, *, hours: int = 24) -> Hearing:
    since = timezone.now() - timedelta(hours=hours)
    beats = [b for b in heartbeats(agency) if b.source.on]
    last = Source.objects.filter(agency=agency).aggregate(at=Max("last_item_at"))["at"]
    posts = Overheard.objects.filter(agency=agency, at__gte=since).count()
    return Hearing(posts, len(beats), last, beats[0] if beats else None)


def keepers(agency: Agency) -> list[str]:
    """Who may change where we listen, and so must look when a source falls silent."""
    rows = agency.members.filter(is_active=True, role_rows__role=Role.ADMIN)
    return list(rows.order_by("name").values_list("name", flat=True))


def topics(agency: Agency) -> QuerySet[Topic]:
    """Those waiting for approval first, then the live ones, then what ended."""
    return Topic.objects.filter(agency=agency).order_by("-state", "name")


def public_topics(agency: Agency) -> QuerySet[Topic]:
    """What anyone may see: what we listen for now, and what for."""
    return Topic.objects.filter(agency=agency).live()


def waiting_topics(agency: Agency) -> QuerySet[Topic]:
    return Topic.objects.filter(agency=agency, state=TopicState.PROPOSED)
