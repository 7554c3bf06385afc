"""The suite that ships: invented towns with ordinary days, and events laid into them.

Villages and a metropolis, seven languages, evenings of football, jokes, forwarded texts and
spam; streams without authors or languages. Everything is drawn from seeds, so the same suite
gives the same posts on every machine.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import pi, sin
from pathlib import Path

import msgspec

from commonground.hear.engine.dice import Dice
from commonground.hear.engine.grammar import Phrase, Words, phrase, say
from commonground.hear.engine.heard import Told
from commonground.hear.engine.matching import Matcher, Watch
from commonground.spot.engine.laying import DAY, HOUR, Recording
from commonground.spot.engine.truth import Event, Truth

SUITE = Path(__file__).parent / "suites" / "written"
START = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
MINUTE = 60.0
NIGHT = 0.85  # how much quieter the deepest night is than the middle of the day
LOUDEST_AT = 15.0  # the hour
POSTS_A_VOICE = 3  # a day: how often one person speaks
COPIED = 0.2  # share of an event's posts that pass on another's
WITH_MORE = 0.5  # share of the others that add something of their own
RECENT = 40
# How an event is talked about, beside a town's own rate: its peak, and the least it has in a
# village; how soon it is reached, and how it falls off.
PEAK, LEAST_PEAK, MOST_PEAK = 0.5, 14.0, 400.0
ONSET, HALF_LIFE = 20 * MINUTE, 2 * HOUR
SLOW_PEAK = 0.08
BURST, SLOW = 6 * HOUR, 24 * HOUR
SELDOM = 1e-3  # an hour; never is too seldom to wait for

type Rate = Callable[[float], float]  # seconds since the beginning -> posts an hour


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What fills an evening and is no moment."""

    name: str
    says: list[str]
    start: float  # hours from the beginning
    every: float
    peak: float  # share of the town's own rate
    hours: float
    copies: float = 0.0
    one_text: bool = False


class Happened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is a moment."""

    name: str
    says: list[str]
    terms: list[str]
    resource: list[str]
    slow: bool = False
    topic: str = ""
    listens_for: list[str] = []


class Tongue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said in one language."""

    tails: list[str]
    words: dict[str, list[str]]
    chatter: dict[str, list[str]]
    happening: list[Happening] = []
    event: list[Happened] = []


class Town(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: str
    posts_an_hour: float
    days: float
    events: list[str]
    nameless: bool = False
    mute: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """One town ready for the back-test."""

    truth: Truth
    recordings: Mapping[str, Recording]


def towns() -> dict[str, Town]:
    return msgspec.convert(table("towns"), dict[str, Town])


def table(name: str) -> dict[str, object]:
    return tomllib.loads((SUITE / f"{name}.toml").read_text(encoding="utf-8"))


def suite(name: str, town: Town, *, seed: int = 1, seeds: Sequence[int] = (1, 2)) -> Suite:
    """A town's ordinary days and its events; `seed` makes another town of the same kind."""
    spoken = Spoken.of(town, (name, seed))
    events = [e for e in spoken.tongue.event if e.name in town.events]
    topics = {e.topic: {town.language: e.listens_for} for e in events if e.topic}
    matcher = Matcher(Watch(topic, terms) for topic, terms in topics.items())
    said = {name: spoken.days(), **{e.name: spoken.event(e) for e in events}}
    recordings = {key: recorded(key, posts, matcher, town) for key, posts in said.items()}
    listed = tuple(event_of(e, town.language) for e in events)
    return Suite(Truth(listed, (name,), tuple(seeds), topics), recordings)


def event_of(event: Happened, language: str) -> Event:
    return Event(
        event.name, event.name, START, tuple(event.terms), event.slow, language,
        tuple(event.resource),
    )  # fmt: skip


def recorded(name: str, posts: Sequence[Told], matcher: Matcher, town: Town) -> Recording:
    ordered = sorted(posts, key=lambda post: (post.at, post.upstream))
    told = tuple(heard(post, matcher, town) for post in ordered)
    return Recording(name, told, ("",) * len(told))


def heard(post: Told, matcher: Matcher, town: Town) -> Told:
    """As the town's stream would tell it: without authors or languages where it hides them."""
    voice = f"post {post.upstream}" if town.nameless else post.voice
    lang = "" if town.mute else post.lang
    topics = matcher.topics_of(post.text, lang)
    return Told(post.upstream, post.at, post.text, lang, "", voice, topics)


class Spoken:
    """A town that speaks."""

    def __init__(self, tongue: Tongue, town: Town, labels: tuple[object, ...]) -> None:
        self.tongue = tongue
        self.town = town
        self.labels = labels
        self.words: Words = {k: [phrase(t) for t in v] for k, v in tongue.words.items()}
        self.voices = max(20, int(town.posts_an_hour * 24 / POSTS_A_VOICE))

    @classmethod
    def of(cls, town: Town, labels: tuple[object, ...]) -> Spoken:
        return cls(msgspec.convert(table(town.language), Tongue), town, labels)

    def dice(self, *labels: object) -> Dice:
        return Dice(*self.labels, *labels)

    def days(self) -> list[Told]:
        """All that is ordinary: small talk by day and night, and what fills an evening."""
        seconds = self.town.days * DAY
        chatter = self.chatter(seconds)
        happenings = (p for h in self.tongue.happening for p in self.happening(h, seconds))
        return [*chatter, *happenings]

    def chatter(self, seconds: float) -> Iterator[Told]:
        phrases = [phrase(t) for listed in self.tongue.chatter.values() for t in listed]
        for n, at in enumerate(arrivals(self.ordinary, seconds, self.dice("pace"))):
            dice = self.dice("chatter", n)
            text = say(dice.pick(phrases), self.words, dice)
            yield self.post(f"chatter/{n}", at, text, dice)

    def ordinary(self, at: float) -> float:
        return self.town.posts_an_hour * awake(at)

    def happening(self, what: Happening, seconds: float) -> Iterator[Told]:
        again, begins = 0, what.start * HOUR
        while begins < seconds:
            yield from self.once(what, begins, again)
            again, begins = again + 1, begins + what.every * HOUR

    def once(self, what: Happening, begins: float, again: int) -> Iterator[Told]:
        peak, length = what.peak * self.town.posts_an_hour, what.hours * HOUR
        dice = self.dice(what.name, again)
        phrases = [phrase(t) for t in what.says]
        said: list[str] = []
        times = arrivals(lambda at: peak * sin(pi * min(1.0, at / length)), length, dice)
        for n, at in enumerate(times):
            own = not said or not (what.one_text or dice.chance(what.copies))
            said.append(self.own_or_copy(phrases, said, dice, own=own))
            yield self.post(f"{what.name}/{again}/{n}", begins + at, said[-1], dice)

    def own_or_copy(
        self, phrases: Sequence[Phrase], said: Sequence[str], dice: Dice, *, own: bool
    ) -> str:
        return say(dice.pick(phrases), self.words, dice) if own else dice.pick(said[-RECENT:])

    def event(self, event: Happened) -> list[Told]:
        """Its posts from the onset on, at the start of the suite's clock."""
        dice = self.dice("event", event.name)
        phrases = [phrase(t) for t in event.says]
        tails = [phrase(t) for t in self.tongue.tails]
        length = SLOW if event.slow else BURST
        said: list[str] = []
        posts = []
        for n, at in enumerate(arrivals(self.talk(event), length, dice)):
            own = not said or not dice.chance(COPIED)
            text = self.own_or_copy(phrases, said, dice, own=own)
            if own and dice.chance(WITH_MORE):
                text = f"{text}, {say(dice.pick(tails), self.words, dice)}"
            said.append(text)
            posts.append(self.post(f"{event.name}/{n}", at, text, dice))
        return posts

    def talk(self, event: Happened) -> Rate:
        if event.slow:
            peak = max(LEAST_PEAK / 8, self.town.posts_an_hour * SLOW_PEAK)
            return lambda at: peak
        peak = min(MOST_PEAK, max(LEAST_PEAK, self.town.posts_an_hour * PEAK))
        return lambda at: (
            peak * min(1.0, (at + MINUTE) / ONSET) * 0.5 ** (max(0.0, at - ONSET) / HALF_LIFE)
        )

    def post(self, name: str, at: float, text: str, dice: Dice) -> Told:
        upstream = "/".join(map(str, (*self.labels, name)))
        voice = f"{self.labels[0]}/{dice.below(self.voices)}"
        return Told(upstream, START + at, text, self.town.language, "", voice)


def awake(at: float) -> float:
    """From a little at night to all at three in the afternoon; one on the whole."""
    hour = (at % DAY) / HOUR
    return 1 + NIGHT * sin((hour - LOUDEST_AT + 6) / 24 * 2 * pi)


def arrivals(rate: Rate, seconds: float, dice: Dice) -> Iterator[float]:
    """When things happen that come `rate(at)` times an hour, by chance."""
    at = 0.0
    while at < seconds:
        hourly = rate(at)
        gap = dice.gap(max(hourly, SELDOM) / HOUR)
        # The rate changes: nobody waits longer than a minute at one rate.
        at += min(gap, MINUTE)
        if gap <= MINUTE and at < seconds and hourly > 0:
            yield at
