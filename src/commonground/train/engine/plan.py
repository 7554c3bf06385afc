"""What a drill is made of: what happens when, what is known, and what a good answer says.

A plan stands on a scenario's city: its clock counts minutes of the drill, and whatever is said in
it is said by nobody. Reading one refuses what could not be played or scored to its end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import msgspec

from commonground.hear.engine.grammar import Phrase, PhraseWrong, check, phrase
from commonground.train.engine.scenario import Part, ScenarioWrong

FIRST = "en"  # the language every drill is written in
NOT_WORDS = re.compile(r"[\W_]+")
MOODS = ("warm", "asks", "sore", "silence")

type Told = dict[str, str]  # what is said, by language
type Marks = dict[str, list[list[str]]]  # by language: any of these groups, each with all its words


def folded(text: str) -> str:
    """Small letters without accents or marks, one blank between words and at both ends."""
    plain = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return f" {NOT_WORDS.sub(' ', bare).strip()} "


def says(text: str, marks: Marks) -> bool:
    """Whether a text says it, in any language: all words of one group, each at a word's start."""
    said = folded(text)
    groups = (group for listed in marks.values() for group in listed)
    return any(all(folded(word).rstrip() in said for word in group) for group in groups)


class Persona(Part, frozen=True):
    """Who writes or calls in the drill. Made up."""

    name: str
    handle: str


class Inject(Part, frozen=True):
    """Something that happens at a minute, or when the instructor says so."""

    name: str
    kind: Literal["media", "call", "public", "rumour", "takeover"]
    minute: float
    says: Told
    by: Persona
    asks: bool = False  # waits for an answer
    unless_said: bool = False  # does not happen if something was said by then
    claim: Told = {}  # of a rumour, or of what a thief posts
    corrected: Marks = {}  # the words that put it right
    truth: Told = {}


class Fact(Part, frozen=True):
    """What a good answer says. `known = false`: that this is not known yet."""

    name: str
    says: Told
    marks: Marks
    known: bool = True
    from_minute: float = 0.0  # from then on it can be said


class Help(Part, frozen=True):
    """A resource that fits: how it is called in the library, and what a reader can use."""

    name: str
    phone: str = ""
    url: str = ""


class Model(Part, frozen=True):
    """One way of doing it well: what is said at which minute, and why so."""

    minute: float
    says: Told
    why: Told


class Targets(Part, frozen=True):
    """Minutes within which a thing is done, counted from when it was due."""

    first_words: float
    correction: float = 60.0
    answer: float = 120.0
    takeover: float = 10.0


class Talked(Part, frozen=True):
    """What the city begins to talk about at a minute, beside its usual talk."""

    event: str  # of the scenario, or of those told only in its drills
    minute: float


class Plan(Part, frozen=True):
    """A drill, as written."""

    name: str
    city: str  # the scenario it happens in
    title: Told
    about: Told
    level: Literal["first", "usual", "hard"]
    minutes: float
    onset: float  # the minute from which something should be said
    clock: float  # the city's hour at minute 0
    targets: Targets
    injects: list[Inject]
    facts: list[Fact]
    model: list[Model]
    resources: list[Help] = []
    talk: list[Talked] = []  # nothing: the desk of this drill hears no city
    crowd: int = 6  # how many write beneath a post, at most
    minutes_of_play: float = 20.0  # how long it takes at its own speed

    @property
    def speed(self) -> float:
        """How many times the clock the drill runs at its own speed."""
        return self.minutes / self.minutes_of_play

    def inject(self, name: str) -> Inject:
        return next(one for one in self.injects if one.name == name)

    @property
    def rumours(self) -> list[Inject]:
        return [one for one in self.injects if one.kind == "rumour"]

    @property
    def takeovers(self) -> list[Inject]:
        return [one for one in self.injects if one.kind == "takeover"]


class Crowd(Part, frozen=True):
    """How people who answer sound, in one language: phrases by mood, and who they are called."""

    code: str
    warm: list[str]
    asks: list[str]
    sore: list[str]
    silence: list[str]
    names: list[str]

    @cached_property
    def phrases(self) -> dict[str, list[Phrase]]:
        return {mood: [phrase(text) for text in getattr(self, mood)] for mood in MOODS}


def in_language(told: Told, language: str) -> str:
    """In this language, else in the one every drill is written in."""
    return told.get(language) or told.get(language.partition("-")[0]) or told.get(FIRST, "")


def plan_from(tables: Mapping[str, object]) -> Plan:
    """Read a drill. Raises ScenarioWrong, with the place that is wrong."""
    try:
        plan = msgspec.convert(tables, Plan)
    except msgspec.ValidationError as error:
        raise ScenarioWrong(f"{tables.get('name')}: {error}") from error
    for wrong in troubles(plan):
        raise ScenarioWrong(f"{plan.name}: {wrong}")
    return plan


def crowd_from(tables: Mapping[str, object]) -> Crowd:
    """Read how a crowd sounds. Raises ScenarioWrong."""
    try:
        crowd = msgspec.convert(tables, Crowd)
        for phrases in crowd.phrases.values():
            for one in phrases:
                check(one, {})
    except (msgspec.ValidationError, PhraseWrong) as error:
        raise ScenarioWrong(str(error)) from error
    empty = [mood for mood in (*MOODS, "names") if not getattr(crowd, mood)]
    if empty:
        raise ScenarioWrong(f"the crowd in {crowd.code} has nothing under {', '.join(empty)}")
    return crowd


def troubles(plan: Plan) -> Iterator[str]:
    if not 0 <= plan.onset < plan.minutes:
        yield "the onset lies within the drill"
    if plan.minutes_of_play <= 0 or plan.crowd < 1:
        yield "minutes_of_play and crowd are more than nothing"
    names = [one.name for one in plan.injects] + [fact.name for fact in plan.facts]
    yield from (f"two things are called {name}" for name in {*names} if names.count(name) > 1)
    yield from (f"nothing is said in {FIRST}: {which}" for which in unsaid(plan))
    for inject in plan.injects:
        yield from wrong_with(inject, plan)
    if not plan.model or not any(fact.known for fact in plan.facts):
        yield "there is a model answer, and a fact that is known"


def wrong_with(inject: Inject, plan: Plan) -> Iterator[str]:
    if not 0 <= inject.minute <= plan.minutes:
        yield f"{inject.name} happens outside of the drill"
    if inject.kind == "rumour" and not (inject.corrected and inject.claim and inject.truth):
        yield f"the rumour {inject.name} needs a claim, the truth, and what puts it right"


def unsaid(plan: Plan) -> Iterator[str]:
    parts: Sequence[tuple[str, Told]] = [
        ("title", plan.title), ("about", plan.about),
        *((one.name, one.says) for one in plan.injects),
        *((fact.name, fact.says) for fact in plan.facts),
        *((f"model at {one.minute}", one.says) for one in plan.model),
    ]  # fmt: skip
    yield from (which for which, told in parts if not told.get(FIRST, "").strip())
