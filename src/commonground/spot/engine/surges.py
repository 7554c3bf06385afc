"""What the detector reports: a surge, and the moment it grows into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from commonground.hear.engine.heard import Told

CURVE_STEP = 15 * 60  # seconds between two points of a moment's curve

# Three detectors in one, each with its share of the budget: talk of harm and danger, topics
# the agency named, and anything at all, for words in a language or of a kind nobody foresaw.
ALARMING, NAMED, ANYTHING = "alarming", "named", "anything"
DETECTORS = (ALARMING, NAMED, ANYTHING)


@dataclass(frozen=True, slots=True)
class Hot:
    """A term said by surprisingly many voices: why a moment was raised."""

    term: str
    surprise: float  # -log10 of the chance
    count: int  # voices in the window
    usual: float  # voices the window usually holds
    seconds: int  # the window
    posts: frozenset[int]
    relevance: float = 1.0  # 0 to 1: how alarming its posts are, and how much about one thing
    detector: str = ALARMING
    excess: float = 0.0  # height over threshold: from 1 on it raises a moment

    @property
    def scale_minutes(self) -> int:
        return self.seconds // 60

    @property
    def height(self) -> float:
        """The evidence for a moment of this detector's kind; what thresholds are solved for."""
        return self.surprise * (self.relevance if self.detector == ALARMING else 1.0)


@dataclass(slots=True, eq=False)  # two surges are the same only if they are one
class Surge:
    """A moment as the engine sees it. Times are seconds of UTC.

    It stirs before it is raised: `raised` says whether it passed a threshold, `threshold`
    which. `number` counts from one in the order of stirring; `why` is what raised it;
    `terms` holds every term that was hot in it, with its greatest surprise.
    """

    number: int
    why: Hot
    label: str
    opened_at: float
    first_post_at: float
    last_post_at: float
    topic: str = ""
    raised: bool = False
    threshold: float = 0.0
    heights: dict[str, float] = field(default_factory=dict)  # detector -> how high it rose
    terms: dict[str, float] = field(default_factory=dict)
    hot_since: dict[str, float] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)  # what stands out in its posts
    kinds: set[str] = field(default_factory=set)  # the kinds of trouble it was ever hot with
    named: list[str] = field(default_factory=list)  # the terms a person is shown
    exemplars: list[Told] = field(default_factory=list)
    first_posts: list[Told] = field(default_factory=list)
    voices: set[str] = field(default_factory=set)
    languages: dict[str, int] = field(default_factory=dict)
    curve: dict[float, int] = field(default_factory=dict)  # start of a step -> posts
    usual_in_step: float = 0.0
    volume: int = 0
    # Window in seconds -> when it held more voices of one term than ever before, and how many.
    peaks: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    hot_at: float = 0.0
    told_at: float = 0.0
    posts: set[int] = field(default_factory=set)
    few: tuple[int, ...] = ()  # of its posts, by which others are judged to be like it

    def count(self, post: Told) -> None:
        step = int(post.at // CURVE_STEP) * CURVE_STEP
        self.curve[step] = self.curve.get(step, 0) + 1
        self.volume += 1
        self.voices.add(post.voice)
        self.languages[post.lang] = self.languages.get(post.lang, 0) + 1
        self.last_post_at = max(self.last_post_at, post.at)
        self.first_post_at = min(self.first_post_at, post.at)

    def rose(self, hot: Hot) -> None:
        self.heights[hot.detector] = max(hot.height, self.heights.get(hot.detector, 0.0))

    def reached(self, seconds: int, count: int, now: float) -> None:
        peaks = self.peaks.setdefault(seconds, [])
        if not peaks or count > peaks[-1][1]:
            peaks.append((now, count))

    def timed(self, clock: Callable[[float], float]) -> Surge:
        """The same as another clock tells it: for a stream that runs faster than the desk's."""
        return replace(
            self, opened_at=clock(self.opened_at), first_post_at=clock(self.first_post_at),
            last_post_at=clock(self.last_post_at),
            exemplars=[replace(post, at=clock(post.at)) for post in self.exemplars],
            curve={clock(at): n for at, n in self.curve.items()},
        )  # fmt: skip

    def peak_before(self, at: float, seconds: int) -> int:
        """The most voices of one term any window of this length had held by then."""
        return max((n for when, n in self.peaks.get(seconds, ()) if when <= at), default=0)
