"""The surge detector: slices of posts in, moments out.

Sources of the method: SigniTrend (Schubert, Weiler, Kriegel, KDD 2014) for comparing each
term with its own past; distinct voices instead of posts, shares instead of rates, evidence
weighed by how alarming the posts are, and the threshold solved from a budget of alarms on
the agency's own background are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from commonground.hear.engine.embedding import Embedder, best_embedder
from commonground.hear.engine.heard import Told
from commonground.spot.engine import naming
from commonground.spot.engine.budget import Background
from commonground.spot.engine.counting import DAY, HOUR
from commonground.spot.engine.grouping import Group, grouped, settled
from commonground.spot.engine.memory import Evidence, Heard, Memory
from commonground.spot.engine.signs import ANY, Signs
from commonground.spot.engine.surges import ALARMING, ANYTHING, CURVE_STEP, NAMED, Hot, Surge
from commonground.spot.engine.surprise import surprise

MINUTE = 60.0
WINDOWS = (5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600)
# Nobody can say what is usual before having listened for a while, and for a window longer
# than what was listened to least of all.
LEAST_LISTENED = 3 * HOUR
LISTENED_WINDOWS = 1.5
FEWEST_VOICES = 3  # of one term
FEWEST_PUBLIC = 4  # of all that is hot together, before anybody is told
FEWER, SURELY = 3, 1.25  # so few are enough where the evidence is so many times what is asked
FEWEST_ANYBODY = 12  # voices for what shows no sign of trouble: three friends are no public
TOLD_AGAIN = 15 * MINUTE  # how often an older moment's words are looked at again
TOLD_YOUNG = 5.0  # seconds: in a flood slices are shorter, and a name need not change so often
YOUNG = HOUR  # a moment is named anew for so long
STIRS = 3 * HOUR  # what was not raised and has been quiet so long has come to rest
AT_REST = 6 * HOUR  # by then a raised moment has shown how high it rises
ITS_OWN = 4.0  # surprise from which a term is a moment's own word
MOST_WORDS = 40
FIRST_POSTS = 30  # kept to find resources that fit
SHARED = 6  # a telling term stands in at least one of so many posts
# Below these heights nothing is worth remembering; each with how steeply heights are taken
# to fall before the agency's own background has shown it.
FLOORS = {ALARMING: (2.0, 1.8), NAMED: (1.5, 0.8), ANYTHING: (8.0, 6.0)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an agency chooses. `topics` are the names posts may carry in `Told.topics`."""

    alarms_per_day: float = 0.5
    topics: tuple[str, ...] = ()
    windows: tuple[int, ...] = WINDOWS
    clock_hours: float = 72.0  # a moment's terms come back to it for so long

    def budget(self, detector: str) -> float:
        """False alarms a day each of the three may spend; what nobody named costs nothing."""
        named = 0.3 if self.topics else 0.0
        shares = {NAMED: named, ANYTHING: 0.1, ALARMING: 0.9 - named}
        return self.alarms_per_day * shares[detector]


@dataclass(slots=True)
class Slice:
    """What one slice changed: moments that opened, and moments that grew."""

    opened: list[Surge] = field(default_factory=list)
    grown: dict[int, Surge] = field(default_factory=dict)


class Detector:
    """Feed it slices in the order of time. The same slices always give the same moments."""

    def __init__(
        self,
        settings: Settings | None = None,
        signs: Signs | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.signs = signs or Signs.starter()
        self.embedder = embedder or best_embedder()
        self.memory = Memory(self.signs, self.embedder)
        self.running: list[Surge] = []  # raised, or stirring
        self.began = 0
        self.background = {name: Background(*how) for name, how in FLOORS.items()}
        self.noted: set[int] = set()
        self.solved: dict[str, float] | None = None

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
        self.memory.passed_by = beside > 0
        touched = self.take(posts, changed)
        self.memory.volume.add_many(until - 1, beside)
        hot = [] if quiet else list(self.hot(touched, until))
        for known in self.running:
            known.few = self.memory.newest(known.posts)
        for found in grouped(hot, self.memory):
            group, moment = settled(found, self.running, self.memory, until)
            moment = moment or self.stir(group, until)
            public = self.is_public(moment, group)
            self.heat(moment, group, until, public=public)
            if not moment.raised and public and group.lead.excess >= 1:
                changed.opened.append(self.raised(moment, group, until))
        self.forget(until)
        return changed

    def adopt(self, label: str, terms: Iterable[str], opened_at: float, topic: str = "") -> Surge:
        """Go on with a moment opened before this detector was: its terms come back to it."""
        self.began += 1
        why = Hot(label, ITS_OWN, 0, 0.0, int(DAY), frozenset())
        moment = Surge(self.began, why, label, opened_at, opened_at, opened_at, topic=topic)
        moment.terms = dict.fromkeys(terms, ITS_OWN)
        moment.words = set(moment.terms)
        moment.hot_since = dict.fromkeys(moment.terms, opened_at)
        moment.raised = True
        self.noted.add(moment.number)
        # So long named that it is not named again.
        moment.hot_at = moment.told_at = opened_at + YOUNG
        self.running.append(moment)
        return moment

    def settle(self) -> dict[str, float]:
        """Solve the thresholds from what was heard so far, and keep them from now on."""
        self.solved = {name: self.threshold(name) for name in FLOORS}
        return self.solved

    def threshold(self, detector: str) -> float:
        if self.solved:
            return self.solved[detector]
        budget = self.settings.budget(detector)
        return self.background[detector].threshold(budget) if budget else self.floor(detector)

    def floor(self, detector: str) -> float:
        return self.background[detector].floor

    # Taking posts in

    def take(self, posts: Iterable[Told], changed: Slice) -> set[str]:
        """Count each post once; the terms it touched are returned."""
        touched: set[str] = set()
        for heard in self.memory.take(posts):
            self.bring_home(heard, changed)
            if heard.new:
                touched.update(heard.terms)
        return touched

    def bring_home(self, heard: Heard, changed: Slice) -> None:
        """Count a post for the one running moment that holds most of its terms."""
        fits = [(belonging(heard.terms, m), m.number, m) for m in self.running if m.raised]
        weight, _, moment = max(fits, default=(0.0, 0, None))
        if moment is None or weight <= 0:
            return
        moment.count(heard.post)
        changed.grown[moment.number] = moment

    def take_back(self, upstreams: set[str]) -> None:
        """Forget the words of posts deleted upstream; that they were counted stays."""
        self.memory.take_back(upstreams)
        for moment in self.running:
            moment.exemplars = [p for p in moment.exemplars if p.upstream not in upstreams]
            moment.first_posts = [p for p in moment.first_posts if p.upstream not in upstreams]

    # Finding what is hot

    def hot(self, touched: Iterable[str], now: float) -> Iterator[Hot]:
        for background in self.background.values():
            background.pass_by(now)
        listened = now - self.memory.began_at
        windows = [
            (seconds, self.memory.volume.within(seconds, now))
            for seconds in self.settings.windows
            if listened >= max(LISTENED_WINDOWS * seconds, LEAST_LISTENED)
        ]
        thresholds = {name: self.threshold(name) for name in FLOORS}
        for term in sorted(touched):
            if self.may_lead(term, now):
                best = self.hottest(term, windows, now)
                for hot in best:
                    yield replace(hot, excess=hot.height / thresholds[hot.detector])

    def may_lead(self, term: str, now: float) -> bool:
        """Words of help alone ("safe", "pray") rise in the wake of anything, and name nothing."""
        said = self.memory.said[term]
        return said.since(now - DAY) >= FEWEST_VOICES and self.signs.kind_of(term) != ANY

    def hottest(self, term: str, windows: Sequence[tuple[int, int]], now: float) -> list[Hot]:
        """The term's best window for each detector that may raise it, where it is worth a look."""
        best: dict[str, Hot] = {}
        # By how many they are: a longer window that holds no more posts holds the same ones.
        held: dict[int, Evidence] = {}
        for seconds, posts_now in windows:
            for hot in self.in_window(term, seconds, posts_now, now, held):
                if hot.detector not in best or hot.height > best[hot.detector].height:
                    best[hot.detector] = hot
        return list(best.values())

    def in_window(
        self, term: str, seconds: int, posts_now: int, now: float, held: dict[int, Evidence]
    ) -> Iterator[Hot]:
        voices = self.memory.said[term].since(now - seconds)
        if voices < FEWEST_VOICES or self.too_new(term, seconds, now):
            return
        read, count = self.memory.surprise(term, seconds, posts_now, now)
        rare = max(read, self.memory.surprise_of_all(term, seconds, now))
        named = term.startswith(naming.TOPIC)
        if rare < self.floor(NAMED if named else ALARMING):
            return
        if voices not in held:
            held[voices] = self.memory.evidence(term, now - seconds)
        told = held[voices]
        expected = self.memory.usual(term, seconds, posts_now, now)
        hot = Hot(term, rare, count, expected, seconds, told.posts, told.relevance)
        if hot.height >= self.floor(ALARMING):
            hot = replace(hot, relevance=told.relevance * self.memory.oneness(told.newest))
        if named:
            yield replace(hot, detector=NAMED)
            return
        if hot.height >= self.floor(ALARMING):
            yield hot
        # The census counts what shows a sign of trouble, not what anybody says.
        if count >= FEWEST_ANYBODY and read >= self.floor(ANYTHING):
            yield replace(hot, surprise=read, detector=ANYTHING)

    def too_new(self, term: str, seconds: int, now: float) -> bool:
        """Kinds are counted by the screen: before it judged they were fewer, which is no surge."""
        told_apart = now - self.memory.screens_since
        return naming.is_kind(term) and told_apart < LISTENED_WINDOWS * seconds

    # Making moments

    def stir(self, group: Group, now: float) -> Surge:
        """Something moves; whether it is worth telling is decided by how high it rises."""
        self.began += 1
        moment = Surge(self.began, group.lead, group.lead.term, now, now, now)
        self.running.append(moment)
        return moment

    def is_public(self, moment: Surge, group: Group) -> bool:
        """Whether it is in enough mouths to be told of: three friends are no public.

        What the agency named is told of fewer, for it asked to be; and so is what is far beyond
        the usual.
        """
        if moment.raised or group.lead.detector == NAMED:
            return True
        voices = len(self.memory.voices(group.posts))
        return voices >= (FEWER if group.lead.excess >= SURELY else FEWEST_PUBLIC)

    def raised(self, moment: Surge, group: Group, now: float) -> Surge:
        """Tell it, beginning afresh with what raised it: what only stirred before may be other."""
        lead = group.lead
        moment.raised, moment.why, moment.threshold = True, lead, self.threshold(lead.detector)
        moment.opened_at = moment.first_post_at = moment.last_post_at = now
        moment.topic = lead.term.removeprefix(naming.TOPIC) if lead.detector == NAMED else ""
        moment.usual_in_step = lead.usual * CURVE_STEP / lead.seconds
        moment.posts, moment.few = set(group.posts), group.few(self.memory)
        moment.terms = {hot.term: hot.surprise for hot in group.hot}
        moment.hot_since = dict.fromkeys(moment.terms, now)
        moment.words = set()
        for number in sorted(group.posts & self.memory.posts.keys()):
            moment.count(self.memory.posts[number])
        self.tell(moment, group, now)
        return moment

    def heat(self, moment: Surge, group: Group, now: float, *, public: bool) -> None:
        """It goes on. Heights are remembered as they would raise it: only those of a public."""
        moment.hot_at = now
        moment.posts |= group.posts
        for hot in group.hot:
            if public:
                moment.rose(hot)
            if naming.is_kind(hot.term):
                moment.kinds.add(hot.term)
            moment.hot_since.setdefault(hot.term, now)
            moment.terms[hot.term] = max(hot.surprise, moment.terms.get(hot.term, 0.0))
            for seconds in self.settings.windows:
                said = self.memory.said[hot.term]
                moment.reached(seconds, said.since(now - seconds), now)
        often = TOLD_YOUNG if self.young(moment, now) else TOLD_AGAIN
        if moment.raised and now - moment.told_at >= often:
            self.tell(moment, group, now)

    def young(self, moment: Surge, now: float) -> bool:
        return now - moment.opened_at <= YOUNG

    def tell(self, moment: Surge, group: Group, now: float) -> None:
        """Find its words; name it again while it is young: four posts rarely hold its best."""
        moment.told_at = now
        telling = self.telling(moment, group, now)
        moment.words |= {hot.term for hot in telling[:MOST_WORDS] if hot.surprise >= ITS_OWN}
        if self.young(moment, now):
            self.name(moment, telling)

    def name(self, moment: Surge, hot: Sequence[Hot]) -> None:
        memory = self.memory
        posts = {n: memory.posts[n] for n in sorted(moment.posts) if n in memory.posts}
        moment.named = naming.named(hot)
        first = sorted(posts.values(), key=lambda p: (p.at, p.upstream))
        moment.first_posts = first[:FIRST_POSTS]
        moment.label = naming.label(moment.why, hot, moment.first_posts, self.signs.kind_of)
        weight = {h.term: h.surprise for h in hot}
        moment.exemplars = naming.exemplars(posts, memory.terms, weight)

    def telling(self, moment: Surge, group: Group, now: float) -> list[Hot]:
        """Terms that stand out in the moment's posts, the most surprising first."""
        window = group.lead.seconds
        posts_now = self.memory.volume.within(window, now)
        counts = Counter(t for n in sorted(moment.posts) for t in self.memory.terms.get(n, ()))
        fewest = max(2, len(moment.posts) // SHARED)
        told = []
        for term, count in counts.items():
            if count >= fewest:
                rare = self.telling_of(term, count, window, posts_now, now)
                told.append(Hot(term, rare, count, 0.0, window, frozenset()))
        return sorted(told, key=lambda h: (-h.surprise, h.term))

    def telling_of(self, term: str, count: int, window: int, posts_now: int, now: float) -> float:
        before, posts_before = self.memory.before(term, window, posts_now, now)
        return surprise(count, before, posts_before, posts_now)

    # Forgetting

    def forget(self, now: float) -> None:
        """Drop what is older than a day, what came to rest, and moments whose clock ran out."""
        for moment in self.running:
            if self.came_to_rest(moment, now) and moment.number not in self.noted:
                self.noted.add(moment.number)
                self.remember(moment, now)
        clock = self.settings.clock_hours * HOUR
        self.running = [
            m for m in self.running
            if (now - m.opened_at < clock if m.raised else not self.came_to_rest(m, now))
        ]  # fmt: skip
        self.noted &= {moment.number for moment in self.running}
        if old := self.memory.forget(now):
            for moment in self.running:
                moment.posts -= old

    def remember(self, moment: Surge, now: float) -> None:
        """How high it rose. Of what was raised only that it rose so high: it may have been real."""
        for detector, height in moment.heights.items():
            most = self.threshold(detector) if moment.raised else height
            self.background[detector].note(now, min(height, most))

    def came_to_rest(self, moment: Surge, now: float) -> bool:
        if moment.raised:
            return now - moment.opened_at > AT_REST
        return now - moment.hot_at > STIRS


def belonging(terms: Sequence[str], moment: Surge) -> float:
    """How much of the moment a post holds; nothing unless a pair, or two of its terms."""
    own = moment.terms.keys() | moment.words
    held = [t for t in terms if t in own and not naming.is_kind(t)]
    if len(held) < 2 and not any(" " in t and not naming.stands_for_others(t) for t in held):
        return 0.0
    return sum(moment.terms.get(term, ITS_OWN) for term in held)
