"""Listens to what HEAR passes on, and opens moments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.hear.contract import Finding, Slice
from commonground.hear.engine.heard import Told
from commonground.hear.models import Overheard
from commonground.spot import actions
from commonground.spot.engine.detector import YOUNG, Detector, Settings
from commonground.spot.engine.exchange import CONTACT, tells_of_contact
from commonground.spot.engine.flood import Flood
from commonground.spot.engine.naming import shown
from commonground.spot.engine.resources import Fit, Help, Library
from commonground.spot.engine.surges import ALARMING, Surge
from commonground.spot.models import Moment, Resource

SETTLED_POSTS = 10  # fewer are too few to choose resources by
WARM_UP = timedelta(hours=24)
WARM_UP_SLICE = 60.0
KEEP_EVERY = 600.0  # seconds; what is usual changes slowly


@dataclass(slots=True)
class Kept:
    """A moment of the detector beside its row on the desk."""

    surge: Surge
    moment: Moment
    matched_with: int = 0  # how many posts its resources were chosen by


class Spotter:
    """The listener of SPOT. Without an agency it only tells; with one it writes to the desk."""

    def __init__(self, agency: UUID | None, topics: Sequence[str]) -> None:
        self.agency = Agency.objects.get(pk=agency) if agency else None
        self.clock: Callable[[float], float] | None = None  # see `play`
        self.library = library_of(self.agency)
        # It shares the false alarms set aside for named topics, so where none is named it would
        # take them from the talk of danger, and real events would be found later.
        self.topics = (*topics, CONTACT) if topics else ()
        self.detector = Detector(
            Settings(alarms_per_day=settings.ENV.alarms_per_day, topics=self.topics)
        )
        self.flood: Flood | None = None  # made when a whole network is heard
        self.kept: dict[int, Kept] = {}
        self.dirty: set[int] = set()
        self.unsettled: dict[int, Surge] = {}
        self.kept_until = 0.0  # the background, seconds of UTC
        if self.agency:
            self.warm_up(self.agency)

    def warm_up(self, agency: Agency) -> None:
        """Learn from the last day what is usual, and go on with the moments of before."""
        since = timezone.now() - WARM_UP
        rows = Overheard.objects.filter(agency=agency, at__gte=since).order_by("at")
        posts = [told(row) for row in rows.iterator(2000)]
        for slice_ in slices(posts):
            posts = [self.with_contact(post) for post in slice_.posts]
            self.detector.slice(posts, slice_.until, quiet=True)
        for row in agency.backgrounds.filter(detector__in=self.detector.background):
            learnt = self.detector.background[row.detector]
            learnt.go_on(row.listened, row.until, row.stirred, timezone.now().timestamp())
        for moment in Moment.objects.filter(agency=agency, closes_at__gt=timezone.now()):
            opened_at = moment.opened_at.timestamp()
            surge = self.detector.adopt(moment.label, moment.hot, opened_at, moment.topic)
            self.kept[surge.number] = Kept(surge, moment, matched_with=SETTLED_POSTS)

    def play(self, clock: Callable[[float], float]) -> None:
        """A stream is coming whole, from its beginning, faster than the desk's own time: `clock`
        says what the desk shows at a time of the stream. Nothing from before belongs to it; and
        where it is heard again, a moment that stands on the desk already is found to be the same.
        """
        self.clock, self.kept = clock, {}
        self.detector = Detector(self.detector.settings)

    def listen(self, heard: Slice) -> list[Finding]:
        told = [self.with_contact(post) for post in heard.posts]
        posts, passed = self.readable(told, heard)
        seen = self.detector.slice(posts, heard.until, beside=heard.beside + passed)
        for surge in seen.opened:
            self.unsettled[surge.number] = surge
            if self.agency:
                moment = actions.open_moment(self.agency, self.timed(surge), self.fits(surge))
                self.kept[surge.number] = Kept(surge, moment, len(surge.first_posts))
        self.dirty |= seen.grown.keys() | {surge.number for surge in seen.opened}
        return self.settled(heard.until)

    def learn(self, heard: Slice) -> None:
        posts = [self.with_contact(post) for post in heard.posts]
        self.detector.slice(posts, heard.until, beside=heard.beside, quiet=True)

    def timed(self, surge: Surge) -> Surge:
        return surge.timed(self.clock) if self.clock else surge

    def with_contact(self, post: Told) -> Told:
        """A post that tells of a poor exchange with us speaks of that too: a topic that ships."""
        if not self.topics or not tells_of_contact(post.text, post.lang):
            return post
        return replace(post, topics=(*post.topics, CONTACT))

    def readable(self, told: Sequence[Told], heard: Slice) -> tuple[Sequence[Told], int]:
        """Of a whole network there may be more than the detector can read."""
        if self.flood is None and heard.beside:
            self.flood = Flood(self.detector, self.topics)
        return self.flood.through(told, heard.until) if self.flood else (told, 0)

    def settled(self, now: float) -> list[Finding]:
        """Moments that have enough posts, or have waited long enough, to be told about."""
        ready = [
            surge
            for surge in self.unsettled.values()
            if len(surge.first_posts) >= SETTLED_POSTS or now - surge.opened_at > YOUNG
        ]
        return [self.told_once(surge) for surge in ready]

    def told_once(self, surge: Surge) -> Finding:
        del self.unsettled[surge.number]
        return finding(surge, self.fits(surge))

    def rest(self) -> None:
        """Write down how the running moments have grown, and now and then what is usual."""
        learnt = self.detector.background
        if self.agency and learnt[ALARMING].now - self.kept_until >= KEEP_EVERY:
            self.kept_until = learnt[ALARMING].now
            actions.keep_background(self.agency, learnt)
        dirty, self.dirty = self.dirty, set()
        for number in sorted(dirty & self.kept.keys()):
            kept = self.kept[number]
            more = kept.matched_with < len(kept.surge.first_posts)
            fits = self.fits(kept.surge) if more else None
            kept.matched_with = max(kept.matched_with, len(kept.surge.first_posts))
            actions.note(kept.moment, self.timed(kept.surge), fits)

    def finish(self) -> list[Finding]:
        self.rest()
        return [self.told_once(surge) for surge in list(self.unsettled.values())]

    def forget(self, upstreams: Collection[str], page: str = "") -> None:
        """Deleted upstream: out of the detector's memory and off the desk."""
        self.detector.take_back(set(upstreams))
        if self.flood:
            self.flood.forget(upstreams)
        if self.agency:
            actions.forget_exemplars(self.agency, upstreams, page)

    def fits(self, surge: Surge) -> list[Fit]:
        return self.library.fits([post.text for post in surge.first_posts])


def library_of(agency: Agency | None) -> Library:
    """The agency's own vetted resources; without an agency the starter's kinds of help."""
    if agency is None:
        return Library.starter()
    offered = Resource.objects.filter(agency=agency).offered()
    return Library(Help(str(r.pk), r.name, r.about, in_words(r.words)) for r in offered)


def in_words(words: Mapping[str, object]) -> dict[str, str]:
    """What people say in each language, whether it was written as a text or as a list."""
    return {
        lang: said if isinstance(said, str) else " ".join(map(str, said))  # type: ignore[call-overload]
        for lang, said in words.items()
    }


def told(row: Overheard) -> Told:
    return Told(row.upstream, row.at.timestamp(), row.text, row.language, row.url, row.voice)


def slices(posts: Sequence[Told]) -> list[Slice]:
    by_end: dict[float, list[Told]] = {}
    for post in posts:
        by_end.setdefault((post.at // WARM_UP_SLICE + 1) * WARM_UP_SLICE, []).append(post)
    return [Slice(held, until) for until, held in sorted(by_end.items())]


def finding(surge: Surge, fits: Sequence[Fit]) -> Finding:
    """A moment as one line of JSON."""
    return {
        "opened_at": iso(surge.opened_at),
        "first_post_at": iso(surge.first_post_at),
        "label": surge.label,
        "topic": surge.topic,
        "why": shown(surge.why.term),
        "terms": surge.named,
        "count": surge.why.count,
        "usual": round(surge.why.usual, 3),
        "surprise": round(surge.why.surprise, 1),
        "scale": surge.why.scale_minutes,
        "height": round(surge.why.height, 2),
        "threshold": round(surge.threshold, 2),
        "detector": surge.why.detector,
        "authors": len(surge.voices),
        "resources": [{"name": fit.help.name, "score": fit.score} for fit in fits],
    }


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
