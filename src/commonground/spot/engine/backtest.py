"""The back-test: real events laid into real background, and how the detector did.

The background is halved. On its first half the detector learns what is usual; on the second
its alarms are counted, and into the second each event is laid at several seeded times.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonground.hear.engine.heard import Told
from commonground.hear.engine.words import words
from commonground.spot.engine.detector import Detector
from commonground.spot.engine.laying import (
    BURST_HOURS,
    DAY,
    HOUR,
    SLOW_HOURS,
    WATCHED_HOURS,
    Leaks,
    Recording,
    chatter_of,
    event_posts,
    injected,
    injected_at,
    laid_together,
)
from commonground.spot.engine.measures import Outcome
from commonground.spot.engine.resources import Library
from commonground.spot.engine.surges import Surge
from commonground.spot.engine.truth import Event, Truth, TruthWrong

SLICE = 10.0  # seconds, as when we listen live
FEWEST = 2  # of a moment's posts must be the event's
SETTLED_POSTS = 10
WORDS_OF_IT = 2  # of a moment, beside the one that raised it

type Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class FalseMoment:
    """A moment the background raised by itself."""

    at: float
    label: str
    why: str
    count: int
    surprise: float
    threshold: float = 0.0
    about: str = ""  # the recording whose own event it is after all; then it is not false


@dataclass(frozen=True, slots=True)
class Result:
    outcomes: tuple[Outcome, ...]
    false: tuple[FalseMoment, ...]
    days: float  # of background on which false moments were counted
    posts: int  # of background
    learned_on: float  # days


def slices(posts: Iterable[Told], until: float = 0.0) -> Iterator[tuple[float, list[Told]]]:
    """Posts in order, by their slice's end; silent slices are left out."""
    end, held = 0.0, list[Told]()
    for post in posts:
        if post.at >= end:
            if held:
                yield end, held
            end, held = (post.at // SLICE + 1) * SLICE, []
        held.append(post)
    if held:
        yield end, held
    if until > end:
        yield until, []


def backtest(
    truth: Truth,
    recordings: Mapping[str, Recording],
    fresh: Callable[[], Detector],
    library: Library,
    say: Say = lambda told: None,
) -> Result:
    """Everything the truth asks for. `say` is told of progress in words; `fresh` gives a detector.

    Raises `TruthWrong` where the recordings do not hold what the truth says they do.
    """
    named = {event.file for event in truth.events}
    held = [
        chatter_of(r, truth.events)
        for name, r in recordings.items()
        if name in truth.background or name not in named or r.labelled
    ]
    background = laid_together(held)
    laid = [e for e in truth.events if background and not e.in_place]
    outcomes: list[Outcome] = []
    false: list[FalseMoment] = []
    days = learned = 0.0
    if laid:
        tried = Trial(background, fresh(), library, truth.seeds, Leaks(recordings.values()), say)
        outcomes, false = tried.run([(e, its_posts(e, recordings[e.file])) for e in laid])
        days, learned = tried.days, (tried.half - tried.start) / DAY
    for file in dict.fromkeys(e.file for e in truth.events if e not in laid):
        say(f"{file}, as it happened")
        events = [e for e in truth.events if e.file == file and e not in laid]
        more, wrong, length = as_it_happened(events, recordings[file], fresh(), library)
        outcomes += more
        if not laid:
            false, days = false + wrong, days + length
    return Result(tuple(outcomes), tuple(false), days, len(background), learned)


def its_posts(event: Event, recording: Recording) -> list[Told]:
    posts = event_posts(event, recording)
    if not posts:
        raise TruthWrong(f"{event.file} holds no posts of {event.name} at or after its onset.")
    return posts


class Trial:
    """One background, one detector, and every event laid into it."""

    def __init__(
        self,
        background: Sequence[Told],
        detector: Detector,
        library: Library,
        seeds: Sequence[int],
        leaks: Leaks,
        say: Say,
    ) -> None:
        self.background = background
        self.detector = detector
        self.library = library
        self.seeds = seeds
        self.leaks = leaks
        self.say = say
        self.start = background[0].at
        self.end = background[-1].at
        self.half = (self.start + self.end) / 2

    @property
    def days(self) -> float:
        return (self.end - self.half) / DAY

    def run(
        self, events: Sequence[tuple[Event, list[Told]]]
    ) -> tuple[list[Outcome], list[FalseMoment]]:
        """Play the background once; at each injection a copy of the detector goes its own way."""
        due = sorted(
            (injected_at(event, seed, self.half, self.end), event.name, seed, event, posts)
            for event, posts in events
            for seed in self.seeds
        )
        outcomes: list[Outcome] = []
        false: list[FalseMoment] = []
        day = 0
        for until, posts in slices(self.background):
            if (passed := int((until - self.start) // DAY)) > day:
                day = passed
                self.say(f"day {day} of {(self.end - self.start) / DAY:.0f} of the background")
            while due and due[0][0] < until:
                at, name, seed, event, own = due.pop(0)
                self.say(f"{name}, laid in with seed {seed}; {len(due)} to go")
                outcomes.append(self.inject(event, seed, injected(own, at)))
            if until >= self.half and not self.detector.solved:
                solved = self.detector.settle()
                self.say("thresholds: " + ", ".join(f"{k} {v:.1f}" for k, v in solved.items()))
            opened = self.detector.slice(posts, until).opened
            false += [self.told(surge) for surge in opened if surge.opened_at >= self.half]
        return outcomes, false

    def told(self, surge: Surge) -> FalseMoment:
        held = self.detector.memory.posts
        upstreams = [held[n].upstream for n in surge.why.posts if n in held]
        words_of_it = [surge.why.term, *surge.named[:WORDS_OF_IT]]
        found = (self.leaks.holds(term, upstreams) for term in words_of_it)
        return told(surge, next(filter(None, found), ""))

    def inject(self, event: Event, seed: int, posts: list[Told]) -> Outcome:
        detector: Detector = pickle.loads(pickle.dumps(self.detector, -1))  # noqa: S301 - our own
        at = posts[0].at
        until = at + (SLOW_HOURS if event.slow else BURST_HOURS) * HOUR
        beside = [p for p in self.background if at // SLICE * SLICE <= p.at < until]
        mixed = sorted([*beside, *posts], key=lambda p: (p.at, p.upstream))
        watch = Watching(detector, {p.upstream for p in posts}, at)
        for end, held in slices(mixed, until):
            watch.slice(held, end)
        return watch.outcome(event, seed, self.library)


class Watching:
    """Which of a detector's moments are the event's, and since when."""

    def __init__(self, detector: Detector, event: set[str], at: float) -> None:
        self.detector = detector
        self.event = event
        self.at = at
        self.seen = 0
        self.opened: list[Surge] = []
        self.found: dict[int, tuple[Surge, float, int]] = {}

    def slice(self, posts: Sequence[Told], until: float) -> None:
        self.seen += sum(p.upstream in self.event for p in posts)
        self.opened += self.detector.slice(posts, until).opened
        for surge in self.opened:
            if surge.number not in self.found and self.is_it(surge):
                self.found[surge.number] = (surge, until, self.seen)

    def is_it(self, surge: Surge) -> bool:
        numbers = surge.posts & self.detector.memory.posts.keys()
        own = sum(self.detector.memory.posts[n].upstream in self.event for n in numbers)
        return own >= FEWEST and own * 2 >= len(numbers)

    def outcome(self, event: Event, seed: int, library: Library) -> Outcome:
        if not self.found:
            return Outcome(event.name, event.slow, event.language, seed, None)
        surge, when, seen = min(self.found.values(), key=lambda f: (f[1], f[0].number))
        helps = tuple(fit.help.name for fit in library.fits(texts(surge)))
        return Outcome(
            event.name, event.slow, event.language, seed, max(0.0, when - self.at), seen,
            surge.label, surge.why.term, label_fits(event, surge),
            helps, help_fits(event, surge, library), len(self.found) - 1,
        )  # fmt: skip


def texts(surge: Surge) -> list[str]:
    return [post.text for post in surge.first_posts[:SETTLED_POSTS]]


def label_fits(event: Event, surge: Surge) -> bool | None:
    """Whether the name the desk gives holds one of the event's terms; None if it has none."""
    return holds(surge.label, event.terms) if event.terms else None


def holds(text: str, terms: Sequence[str]) -> bool:
    said = " ".join(words(text))
    padded = f" {said} "
    return any(f" {' '.join(words(term))} " in padded for term in terms)


def help_fits(event: Event, surge: Surge, library: Library) -> bool | None:
    """Whether the first help offered is one the truth calls right, by kind or by name."""
    if not event.resources:
        return None
    fits = library.fits(texts(surge), most=1)
    return bool(fits) and bool({fits[0].help.key, fits[0].help.name} & set(event.resources))


def told(surge: Surge, about: str = "") -> FalseMoment:
    why = surge.why
    return FalseMoment(
        surge.opened_at, surge.label, why.term, why.count, round(why.surprise, 2),
        round(surge.threshold, 2), about,
    )  # fmt: skip


def as_it_happened(
    events: Sequence[Event], recording: Recording, detector: Detector, library: Library
) -> tuple[list[Outcome], list[FalseMoment], float]:
    """The whole recording, just as it was: for files in which all is mixed already.

    Nobody says which posts are whose, so a moment is an event's when it opens in time and its
    name or its examples hold one of the event's terms.
    """
    opened: list[Surge] = []
    for until, held in slices(recording.posts):
        opened += detector.slice(held, until).opened
    outcomes = [found_in(opened, event, library) for event in events]
    false = [told(s) for s in opened if not any(about(s, e) for e in events)]
    length = (recording.posts[-1].at - recording.posts[0].at) / DAY
    return outcomes, false, length


def about(surge: Surge, event: Event) -> bool:
    shown = [surge.label, surge.topic, *surge.named, *(post.text for post in surge.exemplars)]
    return surge.opened_at >= event.onset and any(holds(text, event.terms) for text in shown)


def found_in(opened: Sequence[Surge], event: Event, library: Library) -> Outcome:
    watched = (SLOW_HOURS if event.slow else WATCHED_HOURS) * HOUR
    its = [s for s in opened if about(s, event) and s.opened_at <= event.onset + watched]
    if not its:
        return Outcome(event.name, event.slow, event.language, 0, None)
    surge = its[0]
    return Outcome(
        event.name, event.slow, event.language, 0, surge.opened_at - event.onset, 0,
        surge.label, surge.why.term, label_fits(event, surge),
        tuple(fit.help.name for fit in library.fits(texts(surge))),
        help_fits(event, surge, library), len(its) - 1,
    )  # fmt: skip
