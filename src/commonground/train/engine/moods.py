"""The crowd that answers in a drill: a written model, the same for the same seed.

How a post is taken is one number, its welcome w, from 0 to 1: the weighted mean of

    tone       0.35   the coach: 1 / (1 + exp(-z)) of its receptiveness z, less 0.12 for each softer
                      remark it has; 0 where it has a hard stop
    help       0.25   half for the first resource that fits, all for two (or all there are)
    candour    0.15   what is not known is said to be so; half where only facts are given
    rumour     0.15   every rumour that stands is put right: the share of them
    soon       0.10   1 within the target, then halved with every target's length that passes

A part that cannot apply (no resource fits, no rumour stands) has no weight. The weights are ours, a
teaching choice in the order of the findings the coach rests on; nothing is fitted to people.

A seed draws VOICES listeners for each post. Each has a temper u in [0, 1), which depends on the
seed, on the post's place in the drill and on their own number, and on nothing else. They are warm
where u < w², sore where u > 1 - (1 - w)², and ask something otherwise. Both bounds rise with w, so
that a better post is taken worse by nobody of the same crowd. What is called the crowd's tone is
(warm - sore) / VOICES, from -1 to 1. The first few of them write: soon after the post, later ones
later. While nothing was said that helps, people ask why, at SILENCE times the target.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from commonground.hear.engine.dice import Dice
from commonground.hear.engine.grammar import say, tidy
from commonground.say.engine.coach import Advice, Help as Known, Known as Beside, coach
from commonground.train.engine.plan import FIRST, Crowd, Inject, Plan, says

VOICES = 60  # few enough to draw at once, many enough that one temper decides little
WEIGHTS = {"tone": 0.35, "help": 0.25, "candour": 0.15, "rumour": 0.15, "soon": 0.10}
A_REMARK = 0.12
ENOUGH = 2  # resources in one post: more are not read
SILENCE = (1.0, 2.0, 4.0, 8.0, 16.0)
SPREAD = 9.0  # minutes of the drill over which the first replies come, on average
HANDLES = 9000

type Mood = Literal["warm", "asks", "sore", "silence"]


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody of the desk said. `minute` of the drill; `beneath`: the reply or inject that it
    answers, by name; `by` and `approved_by` as names of people, empty where nobody is known."""

    name: str
    minute: float
    text: str
    language: str = FIRST
    beneath: str = ""
    by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How one post is taken. `parts`: each from 0 to 1, absent where it cannot apply."""

    words: Words
    advice: Advice
    parts: Mapping[str, float]
    welcome: float
    crowd: float  # the crowd's tone, -1 to 1
    helps: tuple[str, ...]  # the resources it gives, by name
    facts: tuple[str, ...]
    corrects: tuple[str, ...]  # the rumours it puts right, standing or not

    @property
    def is_useful(self) -> bool:
        """It tells people something: where to turn, what is so, or what is not known yet."""
        return not self.advice.stops and bool(self.helps or self.facts or self.corrects)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody in the crowd writes. `beneath`: the name of the post, or nothing."""

    name: str
    minute: float
    mood: Mood
    text: str
    author: str
    language: str
    beneath: str = ""

    @property
    def asks(self) -> bool:
        return self.mood == "asks"


def read_by_the_coach(words: Words, plan: Plan) -> Advice:
    """As on the desk: with the resources of the moment, except for an answer to one person."""
    fitting = tuple((one.name, one.phone, one.url) for one in plan.resources)
    return advised(words.text, words.language, fitting, is_answer=bool(words.beneath))


# A drill that goes on is told again from its beginning, each second: each post is read once.
@lru_cache(maxsize=512)
def advised(
    text: str, language: str, fitting: tuple[tuple[str, str, str], ...], *, is_answer: bool
) -> Advice:
    numbers = frozenset(phone for _, phone, _ in fitting if phone)
    help = Known(of_a_moment=bool(fitting) and not is_answer, resources=fitting)
    return coach(text, language, Beside(numbers=numbers, help=help))


def tone_of(advice: Advice) -> float:
    if advice.stops:
        return 0.0
    heard = 1 / (1 + math.exp(-advice.receptiveness))
    return max(0.0, heard - A_REMARK * len(advice.remarks))


def helps_in(text: str, plan: Plan) -> tuple[str, ...]:
    """The resources that fit and that a reader can use: their number or address stands there."""
    digits = only_digits(text)
    return tuple(
        one.name for one in plan.resources
        if (one.url and one.url in text) or (one.phone and only_digits(one.phone) in digits)
    )  # fmt: skip


def only_digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def facts_in(text: str, plan: Plan) -> tuple[str, ...]:
    return tuple(fact.name for fact in plan.facts if says(text, fact.marks))


def corrected_in(text: str, plan: Plan) -> tuple[str, ...]:
    return tuple(one.name for one in plan.rumours if says(text, one.corrected))


def soon(late: float, target: float) -> float:
    """1 within the target, then halved with each target's length."""
    return 1.0 if late <= target else math.pow(0.5, (late - target) / target)


def candour(facts: Sequence[str], plan: Plan) -> float | None:
    """Nothing where all is known from the beginning."""
    unknown = {fact.name for fact in plan.facts if not fact.known}
    if not unknown:
        return None
    if unknown & set(facts):
        return 1.0
    return 0.5 if facts else 0.0


def take(
    words: Words, plan: Plan, *, seed: int, number: int, standing: Sequence[str], due: float
) -> Taken:
    """How the crowd takes one post.

    `number`: which post of the drill it is, from 0. `standing`: names of the rumours that were told
    and not put right before it. `due`: the minute from which something like it should be said.
    """
    advice = read_by_the_coach(words, plan)
    helps, facts = helps_in(words.text, plan), facts_in(words.text, plan)
    corrects = corrected_in(words.text, plan)
    fitting = min(ENOUGH, len(plan.resources))
    may: dict[str, float | None] = {
        "tone": tone_of(advice),
        "help": min(1.0, len(helps) / fitting) if fitting else None,
        "candour": candour(facts, plan),
        "rumour": len({*standing} & {*corrects}) / len(standing) if standing else None,
        "soon": soon(words.minute - due, plan.targets.first_words),
    }
    parts = {name: value for name, value in may.items() if value is not None}
    weight = sum(WEIGHTS[name] for name in parts)
    welcome = sum(WEIGHTS[name] * value for name, value in parts.items()) / weight
    voices = [mood_of(temper(plan, seed, number, n), welcome) for n in range(VOICES)]
    crowd = (voices.count("warm") - voices.count("sore")) / VOICES
    return Taken(words, advice, parts, welcome, crowd, helps, facts, corrects)


def temper(plan: Plan, seed: int, number: int, voice: int) -> float:
    return Dice("temper", plan.name, seed, number, voice).fraction()


def mood_of(temper: float, welcome: float) -> Mood:
    if temper < welcome**2:
        return "warm"
    return "sore" if temper > 1 - (1 - welcome) ** 2 else "asks"


def replies_to(
    taken: Taken, plan: Plan, crowd: Mapping[str, Crowd], *, seed: int, number: int
) -> list[Reply]:
    """What the first of its listeners write beneath it, in its language, oldest first."""
    words = taken.words
    if words.beneath:  # an answer to one person: at most that person says something
        return list(written(taken, plan, crowd, seed, number, range(1)))
    return list(written(taken, plan, crowd, seed, number, range(plan.crowd)))


def written(
    taken: Taken, plan: Plan, crowd: Mapping[str, Crowd], seed: int, number: int, voices: range
) -> Iterator[Reply]:
    minute = taken.words.minute
    for voice in voices:
        dice = Dice("reply", plan.name, seed, number, voice)
        minute += 1 + dice.gap(1 / SPREAD)
        mood = mood_of(temper(plan, seed, number, voice), taken.welcome)
        if minute >= plan.minutes or (taken.words.beneath and mood == "asks"):
            return
        spoken = crowd.get(taken.words.language) or crowd[FIRST]
        yield Reply(
            f"{taken.words.name}/{voice + 1}", minute, mood, phrased(spoken, mood, dice),
            author(spoken, dice), spoken.code, beneath=taken.words.name,
        )  # fmt: skip


def phrased(spoken: Crowd, mood: Mood, dice: Dice) -> str:
    return tidy(say(dice.pick(spoken.phrases[mood]), {}, dice), {})


def author(spoken: Crowd, dice: Dice) -> str:
    return f"{dice.pick(spoken.names)}{1000 + dice.below(HANDLES)}"


def silence(plan: Plan, crowd: Mapping[str, Crowd], *, seed: int) -> list[Reply]:
    """What people would write while nothing useful is said, if nothing ever were."""
    return list(asked_why(plan, crowd, seed))


def asked_why(plan: Plan, crowd: Mapping[str, Crowd], seed: int) -> Iterator[Reply]:
    codes = sorted(crowd)
    for number, times in enumerate(SILENCE):
        minute = plan.onset + times * plan.targets.first_words
        dice = Dice("silence", plan.name, seed, number)
        spoken = crowd[dice.pick(codes)]
        if minute < plan.minutes:
            yield Reply(
                f"silence/{number + 1}", minute, "silence", phrased(spoken, "silence", dice),
                author(spoken, dice), spoken.code,
            )  # fmt: skip


def standing_at(minute: float, happened: Mapping[str, float], plan: Plan) -> list[Inject]:
    """The rumours that had been told by then. `happened`: the minute of each inject that did."""
    return [one for one in plan.rumours if happened.get(one.name, math.inf) <= minute]
