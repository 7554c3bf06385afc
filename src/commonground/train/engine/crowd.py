"""The people of a city: who writes next, and how they write."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from commonground.hear.engine.dice import Dice, Weighted
from commonground.train.engine.scenario import Persona, Scenario

# A rank drawn as size x fraction^HABIT: a few write a lot, most write once in days.
HABIT = 2.6
# News makes people write who seldom do: when something happens, ranks are drawn flatter.
HABIT_WHEN_IT_MATTERS = 1.3
# Some people post in a second language now and then.
OTHER_LANGUAGE = 0.03


@dataclass(frozen=True, slots=True)
class Voice:
    """One made-up person."""

    author: str
    persona: Persona
    language: str
    lower: bool
    bare: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everyone who may write, drawn by language or by what they like to talk about."""

    by_language: dict[str, Weighted[Persona]]
    by_topic: dict[str, Weighted[Persona]]
    languages: dict[str, Weighted[str]]

    def about_topic(self, topic: str, dice: Dice) -> Voice:
        persona = self.by_topic[topic].draw(dice)
        return voice(persona, self.languages[persona.name].draw(dice), HABIT, dice)

    def in_language(self, language: str, dice: Dice) -> Voice:
        persona = self.by_language[language].draw(dice)
        return voice(persona, language, HABIT_WHEN_IT_MATTERS, dice)


def crowd_of(scenario: Scenario) -> Crowd:
    people = scenario.personas
    return Crowd(
        by_language={
            code: Weighted([(p, p.weight * p.languages.get(code, 0)) for p in people])
            for code in scenario.spoken
        },
        by_topic={
            topic.name: Weighted([(p, p.weight * p.likes.get(topic.name, 1)) for p in people])
            for topic in scenario.topics
        },
        languages={p.name: Weighted(list(p.languages.items())) for p in people},
    )


def voice(persona: Persona, language: str, habit: float, dice: Dice) -> Voice:
    """Somebody of this group who speaks this language, always with the same ways."""
    size = max(1, persona.size * persona.languages[language] / sum(persona.languages.values()))
    rank = int(size * dice.fraction() ** habit)
    name = blake2b(f"{persona.name}/{language}/{rank}".encode(), digest_size=6).hexdigest()
    ways = Dice("ways", name)
    return Voice(name, persona, language, ways.chance(persona.lower), ways.chance(persona.bare))


def other_language(spoken: str, languages: Sequence[str], dice: Dice) -> str:
    """Mostly the language they always write in, sometimes another one of the city's."""
    return dice.pick(languages) if dice.chance(OTHER_LANGUAGE) else spoken


def in_their_way(
    text: str, who: Voice, emoji: Sequence[str], tags: Sequence[str], dice: Dice
) -> str:
    """The same words as this person would type them."""
    if who.lower:
        text = text.lower()
    elif text:
        text = text[0].upper() + text[1:]
    if who.bare:
        text = without_marks(text).rstrip(".")
    if tags and dice.chance(who.persona.tags):
        text = f"{text} {dice.pick(tags)}"
    if emoji and dice.chance(who.persona.emoji):
        text = f"{text} {dice.pick(emoji)}"
    return text


def without_marks(text: str) -> str:
    """Letters only, as typed in a hurry: no accents, no opening marks."""
    plain = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c not in "¿¡")
    return unicodedata.normalize("NFC", kept)
