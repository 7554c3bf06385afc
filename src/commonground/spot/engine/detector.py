"""The surge detector: slices of posts in, moments out.

Sources of the method: SigniTrend (Schubert, Weiler, Kriegel, KDD 2014) for comparing each
term with its own past; distinct voices instead of posts, shares instead of rates, and the
threshold from a budget of alarms are ours. A compiled engine may replace it: it must take
the same slices and give the same kind of answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log10

from commonground.hear.engine.heard import Told
from commonground.hear.engine.words import words
from commonground.spot.engine import naming
from commonground.spot.engine.counting import DAY, HOUR, Said, Volume, faded
from commonground.spot.engine.grouping import Group, grouped, settled
from commonground.spot.engine.sameness import Sameness
from commonground.spot.engine.signs import ANY, Signs
from commonground.spot.engine.surges import CURVE_STEP, Hot, Surge
from commonground.spot.engine.surprise import surprise, usual
from commonground.spot.engine.terms import terms_of

MINUTE = 60.0
WINDOWS = (5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600)
# Nobody can say what is usual before having listened for a while, and for a window longer
# than what was listened to least of all.
LEAST_LISTENED = 3 * HOUR
LISTENED_WINDOWS = 1.5
FEWEST_VOICES = 3
# Words do not fall like dice: a surprise the formula calls one in 10^4 comes about as often
# as one in 10^2.5. Measured on three overlaid streams of 2013, 27 days: 0.27 moments a day that
# were not about their event (most were about another one), at a budget of 0.5.
LIKE_DICE = 1.6
TOLD_AGAIN = 15 * MINUTE  # how often an older moment's words are looked at again
YOUNG = HOUR  # a moment is named anew for so long
ITS_OWN = 4.0  # surprise from which a term is a moment's own word
MOST_WORDS = 40
FIRST_POSTS = 30  # kept to find resources that fit
SHARED = 6  # a telling term stands in at least one of so many posts
FEWEST_TESTS = 1_000.0  # a day, until the detector knows how many it makes


@dataclass(frozen=True, slots=True)
class Settings:
    """What an agency chooses. `topics` are the names posts may carry in `Told.topics`."""

    alarms_per_day: float = 0.5
    topics: tuple[str, ...] = ()
    windows: tuple[int, ...] = WINDOWS
    clock_hours: float = 72.0  # a moment's terms come back to it for so long


@dataclass(slots=True)
class Slice:
    """What one slice changed: moments that opened, and moments that grew."""

    opened: list[Surge] = field(default_factory=list)
    grown: dict[int, Surge] = field(default_factory=dict)


class Tests:
    """How many chances to be wrong a day brings; the threshold follows from the budget."""

    def __init__(self, alarms_per_day: float, fewest: float) -> None:
        self.alarms_per_day = alarms_per_day
        self.per_day = fewest
        self.fewest = fewest
        self.at = 0.0

    def made(self, count: int, now: float) -> None:
        share = min(1.0, max(0.0, now - self.at) / DAY) if self.at else 0.0
        self.per_day = max(self.fewest, self.per_day * (1 - share) + count)
        self.at = now

    @property
    def threshold(self) -> float:
        return LIKE_DICE * log10(self.per_day / self.alarms_per_day)


class Detector:
    """Feed it slices in the order of time. The same slices always give the same moments."""

    def __init__(self, settings: Settings | None = None, signs: Signs | None = None) -> None:
        self.settings = settings or Settings()
        self.signs = signs or Signs.starter()
        self.said: dict[str, Said] = {}
        self.volume = Volume()
        self.sameness = Sameness()
        self.posts: dict[int, Told] = {}
        self.terms: dict[int, list[str]] = {}
        self.running: list[Surge] = []
        # Asked how often a term was said before a window, when posts were screened before they
        # came here: what we were not given, we cannot know to be usual.
        self.elsewhere: Callable[[str, int], float] | None = None
        self.opened = 0
        self.heard = 0
        self.began_at = 0.0
        self.swept_at = 0.0
        # Half the budget is for anything at all, half for what the agency named.
        half = self.settings.alarms_per_day / 2
        self.any_tests = Tests(half, FEWEST_TESTS)
        self.topic_tests = Tests(half, 10.0)

    def slice(
        self, posts: Iterable[Told], until: float, *, beside: int = 0, quiet: bool = False
    ) -> Slice:
        """Take the posts of one slice and say what they changed.

        `until` is the slice's end in seconds of UTC; later posts belong to later slices,
        earlier ones (a feed that caught up) are counted where they belong. `beside` posts
        were passed by unread: they only make the shares true. `quiet` learns without
        raising anything: for warming up.
        """
        changed = Slice()
        touched = self.take(posts, changed)
        self.volume.add([until - 1] * beside)
        hot = [] if quiet else self.hot(touched, until)
        for found in grouped(hot):
            group, moment = settled(found, self.running, self, until)
            if moment is None:
                moment = self.open(group, until)
                changed.opened.append(moment)
            self.heat(moment, group, until)
        self.forget(until)
        return changed

    def adopt(self, label: str, terms: Iterable[str], opened_at: float, topic: str = "") -> Surge:
        """Go on with a moment opened before this detector was: its terms come back to it."""
        self.opened += 1
        why = Hot(label, ITS_OWN, 0, 0.0, int(DAY), frozenset())
        moment = Surge(self.opened, why, label, opened_at, opened_at, opened_at, topic=topic)
        moment.terms = dict.fromkeys(terms, ITS_OWN)
        moment.words = set(moment.terms)
        moment.hot_since = dict.fromkeys(moment.terms, opened_at)
        # So long named that it is not named again.
        moment.hot_at = moment.told_at = opened_at + YOUNG
        self.running.append(moment)
        return moment

    # Taking posts in

    def take(self, posts: Iterable[Told], changed: Slice) -> set[str]:
        """Count each post once; the terms it touched are returned."""
        touched: set[str] = set()
        for post in posts:
            self.began_at = self.began_at or post.at
            said = words(post.text)
            terms = self.carried(post, said)
            moment = self.home(terms or terms_of(said))
            if moment:
                moment.count(post)
                changed.grown[moment.number] = moment
            if self.sameness.again(said, post.at):
                continue
            self.volume.add([post.at])
            if terms:
                touched.update(terms)
                self.count(post, terms)
                if moment:
                    moment.posts.add(self.heard)
        return touched

    def carried(self, post: Told, said: Sequence[str]) -> list[str]:
        """The terms a post brings; none if it shows no sign and speaks of no topic."""
        kinds = self.signs.kinds_in(said)
        if not kinds and not post.topics:
            return []
        return [
            *terms_of(said),
            *(naming.TALK_OF + kind for kind in kinds if kind != ANY),
            *(naming.TOPIC + topic for topic in post.topics),
        ]

    def count(self, post: Told, terms: Sequence[str]) -> None:
        self.heard += 1
        self.posts[self.heard], self.terms[self.heard] = post, list(terms)
        for term in terms:
            self.said.setdefault(term, Said()).by(post.voice, post.at, self.heard)

    def home(self, terms: Sequence[str]) -> Surge | None:
        """The one running moment that holds most of these terms."""
        fits = [(belonging(terms, moment), moment.number, moment) for moment in self.running]
        weight, _, moment = max(fits, default=(0.0, 0, None))
        return moment if weight > 0 else None

    def take_back(self, upstreams: set[str]) -> None:
        """Forget the words of posts deleted upstream; that they were counted stays."""
        for number in [n for n, post in self.posts.items() if post.upstream in upstreams]:
            del self.posts[number], self.terms[number]
        for moment in self.running:
            moment.exemplars = [p for p in moment.exemplars if p.upstream not in upstreams]
            moment.first_posts = [p for p in moment.first_posts if p.upstream not in upstreams]

    # Finding what is hot

    def hot(self, touched: Iterable[str], now: float) -> list[Hot]:
        listened = now - self.began_at
        windows = [
            (seconds, self.volume.within(seconds, now))
            for seconds in self.settings.windows
            if listened >= max(LISTENED_WINDOWS * seconds, LEAST_LISTENED)
        ]
        told = [t for t in sorted(touched) if self.may_lead(t, now)]
        found = [hot for term in told if (hot := self.hottest(term, windows, now))]
        named = sum(term.startswith(naming.TOPIC) for term in told)
        self.any_tests.made((len(told) - named) * len(windows), now)
        self.topic_tests.made(named * len(windows), now)
        return found

    def may_lead(self, term: str, now: float) -> bool:
        """Words of help alone ("safe", "pray") rise in the wake of anything, and name nothing."""
        return self.said[term].since(now - DAY) >= FEWEST_VOICES and self.signs.kind_of(term) != ANY

    def hottest(self, term: str, windows: Sequence[tuple[int, int]], now: float) -> Hot | None:
        said = self.said[term]
        tests = self.topic_tests if term.startswith(naming.TOPIC) else self.any_tests
        best: tuple[float, int, int, float] = (tests.threshold, 0, 0, 0.0)
        for seconds, posts_now in windows:
            count = said.since(now - seconds)
            if count < FEWEST_VOICES:
                continue
            before, posts_before = self.before(said, seconds, count, posts_now, now)
            rare = surprise(count, before, posts_before, posts_now)
            if rare > best[0] and self.elsewhere:
                before = max(before, self.elsewhere(term, seconds))
                rare = surprise(count, before, posts_before, posts_now)
            if rare > best[0]:
                best = (rare, count, seconds, usual(before, posts_before, posts_now))
        rare, count, seconds, expected = best
        if not count:
            return None
        return Hot(term, rare, count, expected, seconds, frozenset(said.posts_since(now - seconds)))

    def before(
        self, said: Said, seconds: int, count: int, posts_now: int, now: float
    ) -> tuple[float, float]:
        """What was said before the window: all that fades, less what is in the window.

        A surge must not teach us, while it lasts, that it is usual.
        """
        faded_window = faded(1.0, seconds / 2)
        before = max(0.0, said.weight_at(now) - count * faded_window)
        posts_before = max(0.0, self.volume.weight_at(now) - posts_now * faded_window)
        return before, posts_before

    # Making moments

    def open(self, group: Group, now: float) -> Surge:
        lead = group.lead
        self.opened += 1
        topic = lead.term.removeprefix(naming.TOPIC) if lead.term.startswith(naming.TOPIC) else ""
        moment = Surge(self.opened, lead, lead.term, now, now, now, topic=topic)
        moment.usual_in_step = lead.usual * CURVE_STEP / lead.seconds
        for number in sorted(group.posts & self.posts.keys()):
            moment.count(self.posts[number])
        self.running.append(moment)
        return moment

    def name(self, moment: Surge, hot: Sequence[Hot]) -> None:
        """Name it again while it is young: its first four posts rarely hold its best words."""
        posts = {n: self.posts[n] for n in sorted(moment.posts) if n in self.posts}
        moment.named = naming.named(hot)
        moment.label = naming.label(moment.why, moment.named, moment.topic)
        moment.exemplars = naming.exemplars(posts, self.terms, {h.term: h.surprise for h in hot})
        first = sorted(posts.values(), key=lambda p: (p.at, p.upstream))
        moment.first_posts = first[:FIRST_POSTS]

    def telling(self, moment: Surge, group: Group, now: float) -> list[Hot]:
        """Terms that stand out in the moment's posts, the most surprising first."""
        window = group.lead.seconds
        posts_now = self.volume.within(window, now)
        counts = Counter(t for n in sorted(moment.posts) for t in self.terms.get(n, ()))
        fewest = max(2, len(moment.posts) // SHARED)
        told = []
        for term, count in counts.items():
            said = self.said[term]
            if count >= fewest:
                before, posts_before = self.before(said, window, count, posts_now, now)
                rare = surprise(count, before, posts_before, posts_now)
                told.append(Hot(term, rare, count, 0.0, window, frozenset()))
        return sorted(told, key=lambda h: (-h.surprise, h.term))

    def heat(self, moment: Surge, group: Group, now: float) -> None:
        moment.hot_at = now
        moment.posts |= group.posts
        for hot in group.hot:
            moment.hot_since.setdefault(hot.term, now)
            moment.terms[hot.term] = max(hot.surprise, moment.terms.get(hot.term, 0.0))
            for seconds in self.settings.windows:
                moment.reached(seconds, self.said[hot.term].since(now - seconds), now)
        young = now - moment.opened_at <= YOUNG
        if not young and now - moment.told_at < TOLD_AGAIN:
            return
        moment.told_at = now
        telling = self.telling(moment, group, now)
        moment.words |= {hot.term for hot in telling[:MOST_WORDS] if hot.surprise >= ITS_OWN}
        if young:
            self.name(moment, telling)

    # Forgetting

    def forget(self, now: float) -> None:
        """Drop what is older than a day, and moments whose clock ran out."""
        clock = self.settings.clock_hours * HOUR
        self.running = [m for m in self.running if now - m.opened_at < clock]
        if now - self.swept_at < HOUR:
            return
        self.swept_at = now
        self.said = {term: said for term, said in self.said.items() if lives(said, now)}
        old = [n for n, post in self.posts.items() if post.at < now - DAY]
        for number in old:
            del self.posts[number], self.terms[number]
        for moment in self.running:
            moment.posts -= set(old)


def lives(said: Said, now: float) -> bool:
    """Whether a term is still worth its memory: said today, or often before."""
    said.forget(now - DAY)
    return bool(said.at) or said.weight_at(now) > PRIOR_WEIGHT


PRIOR_WEIGHT = 0.5  # fainter than this a term is as good as never heard


def belonging(terms: Sequence[str], moment: Surge) -> float:
    """How much of the moment a post holds; nothing unless a pair, or two of its terms."""
    held = [term for term in terms if term in moment.terms]
    if len(held) < 2 and not any(" " in t and not naming.stands_for_others(t) for t in held):
        return 0.0
    return sum(moment.terms[term] for term in held)
