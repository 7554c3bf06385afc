"""What a scenario is made of, and reading one from the tables of its files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

import msgspec

from commonground.hear.engine.grammar import Phrase, PhraseWrong, Words, check, phrase

MINUTES_A_DAY = 1440


class ScenarioWrong(ValueError):
    """A scenario that cannot be played, with the place in it that is wrong."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Read strictly: a misspelt key is told, never silently passed over."""


class Persona(Part, frozen=True):
    """A group of people who post alike."""

    name: str
    size: int
    weight: float
    languages: dict[str, float]
    likes: dict[str, float] = {}  # topic -> how much more they speak of it than others do
    lower: float = 0.2  # share of them who never use capitals
    bare: float = 0.1  # share of them who leave accents and full stops out
    emoji: float = 0.12  # share of their posts with one
    tags: float = 0.08


class Topic(Part, frozen=True):
    """Something people always talk about, more at some hours than at others."""

    name: str
    weight: float
    curve: str = "even"
    emoji: list[str] = []
    tags: list[str] = []


class Wave(Part, frozen=True):
    """How attention comes and goes. Times in minutes, the peak in posts an hour."""

    peak: float
    onset: float
    half_life: float
    after: float = 0.0
    hold: float = 0.0
    sleeps: bool = False  # follows the city's day and night

    def rate(self, minute: float) -> float:
        """Posts an hour, so many minutes after the event began."""
        age = minute - self.after
        if age < 0:
            return 0.0
        if age < self.onset:
            return self.peak * (age + 1) / (self.onset + 1)
        half_lives = max(0.0, age - self.onset - self.hold) / self.half_life
        return self.peak * math.pow(0.5, half_lives)


class Facet(Part, frozen=True):
    """One of the things people say about an event, and when in its course they say it."""

    name: str
    says: dict[str, list[str]]
    weight: float = 1.0
    after: float = 0.0
    until: float = 1e9
    reply: bool = False
    correction: bool = False
    taken_back: float = 0.0  # share of these posts their writers later delete

    @cached_property
    def phrases(self) -> dict[str, list[Phrase]]:
        return {language: [phrase(t) for t in texts] for language, texts in self.says.items()}


class Event(Part, frozen=True):
    """Something that happens, and how the city talks about it."""

    name: str
    title: str
    kind: Literal["moment", "slow burn", "rumour", "ordinary"]
    start: float  # hours from the start of the stream
    languages: dict[str, float]
    waves: list[Wave]
    facets: list[Facet]
    terms: list[str] = []  # words that tell its posts from others, for back-tests
    every: float = 0.0  # hours after which it happens again; 0: only once
    about: str = ""  # the event a rumour is about
    claim: str = ""
    truth: str = ""
    replies: float = 0.0  # shares of its posts
    repeats: float = 0.0
    near_repeats: float = 0.0
    words: dict[str, dict[str, list[str]]] = {}
    emoji: list[str] = []
    tags: list[str] = []


class Language(Part, frozen=True):
    """How one language is spoken here."""

    code: str
    words: dict[str, list[str]]
    chatter: dict[str, list[str]]  # topic -> phrases
    openers: list[str] = []
    closers: list[str] = []
    joins: dict[str, str] = {}  # what two words become when they meet: "de le " is "du "
    near_repeats: tuple[str, ...] = ("{it}",)  # how people pass on a post that is not theirs

    @cached_property
    def spoken(self) -> Words:
        return {name: [phrase(t) for t in texts] for name, texts in self.words.items()}

    @cached_property
    def phrases(self) -> dict[str, list[Phrase]]:
        return {topic: [phrase(t) for t in texts] for topic, texts in self.chatter.items()}

    @property
    def everything(self) -> Iterator[Sequence[Phrase]]:
        """Every phrase it can ever say, for checking."""
        yield from (*self.phrases.values(), *self.spoken.values(), self.opening, self.closing)

    @cached_property
    def opening(self) -> list[Phrase]:
        return [phrase(t) for t in self.openers]

    @cached_property
    def closing(self) -> list[Phrase]:
        return [phrase(t) for t in self.closers]


class Scenario(Part, frozen=True):
    """A city for some days: who lives there, what they talk about, and what happens."""

    name: str
    title: str
    about: str
    start: datetime
    seed: int
    hours: int
    clock: float  # hours to add to UTC for the city's own time
    posts_an_hour: float
    rhythm: list[float]  # 24 numbers, the first for midnight to one
    curves: dict[str, list[float]]
    topics: list[Topic]
    personas: list[Persona]
    languages: list[Language]
    events: list[Event]
    beside: list[Event] = []  # told only in drills, at the minute that a drill says
    taken_back: float = 0.003
    post_address: str = "https://posts.example/{id}"

    @cached_property
    def spoken(self) -> dict[str, Language]:
        return {language.code: language for language in self.languages}

    @property
    def all_curves(self) -> dict[str, list[float]]:
        return {"even": [1.0] * 24, **self.curves}

    def event(self, name: str) -> Event | None:
        return next((e for e in (*self.events, *self.beside) if e.name == name), None)

    def local_hour(self, minute: float, start: datetime) -> float:
        """The city's hour of the day, with its fraction."""
        began = start.hour + start.minute / 60 + self.clock
        return (began + minute / 60) % 24

    def wakefulness(self, hour: float) -> float:
        """How awake the city is: 1 on average, drawn as a line between the hours."""
        first, part = int(hour), hour % 1
        here, there = self.rhythm[first], self.rhythm[(first + 1) % 24]
        return (here + (there - here) * part) * 24 / sum(self.rhythm)


def scenario_from(tables: Mapping[str, object]) -> Scenario:
    """Read a scenario and refuse one that could not be played to its end."""
    try:
        scenario = msgspec.convert(tables, Scenario)
        for wrong in faults(scenario):
            raise ScenarioWrong(wrong)
        check_phrases(scenario)
    except (msgspec.ValidationError, PhraseWrong) as error:
        raise ScenarioWrong(str(error)) from error
    return scenario


def faults(scenario: Scenario) -> Iterator[str]:
    curves = {"rhythm": scenario.rhythm, **scenario.all_curves}
    yield from (f"{n} needs 24 numbers" for n, hours in curves.items() if len(hours) != 24)
    yield from (f"no curve {t.curve}" for t in scenario.topics if t.curve not in curves)
    for language in scenario.languages:
        for topic in scenario.topics:
            if not language.chatter.get(topic.name):
                yield f"nothing to say about {topic.name} in {language.code}"
    for event in (*scenario.events, *scenario.beside):
        for language_code in event.languages:
            if not any(f.says.get(language_code) and not f.reply for f in event.facets):
                yield f"nothing to say about {event.name} in {language_code}"


def check_phrases(scenario: Scenario) -> None:
    for language in scenario.languages:
        for texts in language.everything:
            for text in texts:
                check(text, language.spoken)
    for event in (*scenario.events, *scenario.beside):
        for facet in event.facets:
            for code, texts in facet.phrases.items():
                for text in texts:
                    check(text, words_of(scenario, event, code))


def words_of(scenario: Scenario, event: Event, code: str) -> Words:
    """The language's words, and those that only this event needs."""
    own = {name: [phrase(t) for t in texts] for name, texts in event.words.get(code, {}).items()}
    return {**scenario.spoken[code].spoken, **own}
