"""Words made comparable: without accents, by their stems, and by what they mean."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

WORDS = Path(__file__).parent / "words"
WORD = regex.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
# In French a short word leans on the next one: l'eau, qu'on, d'ici.
LEANING = regex.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'")
WITHOUT_MEANING = """
a an the and or but if of to in on at by for from with as is are was were be been being it
its this that these those there they them their he she his her him we our us you your i my
me not no do does did have has had will would can could may might must should than then so
who which what when while up out over into about after any all some more most only also just
too very such other said say says people person somebody someone anybody anyone whoever one
ones another every each please get got go going between through until since within even am p
m let both same whose le la les des du de un une et ou mais si au aux en dans sur pour par
avec sans que qui ne pas ni ce cet cette ces il elle ils elles nous vous je tu leur leurs
son sa ses mon ma mes nos notre vos votre est sont etait etaient ete etre avoir ait ont
avait avaient plus moins comme dont y se lui eux deja encore bien tres aussi meme autre
autres quand celui celle ceux toute tous toutes avant apres jusque vers dit disent faire
fait
"""
SMALL = frozenset(WITHOUT_MEANING.split())
ENDINGS = (
    "issements", "issement", "ements", "ement", "ations", "ation", "iez", "ions", "aient",
    "antes", "eront", "ent", "ant", "ante", "ees", "ers", "ing", "ies", "ait", "ons", "era",
    "ee", "es", "er", "ed", "ez", "ir", "ly", "s", "e", "x",
)  # fmt: skip
LEAST_STEM = 3
MEANT = 0.85  # of a word met again: another word for the same


def folded(text: str) -> str:
    """Lower case, without accents, straight quotes. Not as long as the text: for comparing only."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("œ", "oe"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            cut = word.removesuffix(ending)
            # stopped and stop, running and run
            return cut[:-1] if len(cut) > LEAST_STEM and cut[-1] == cut[-2] else cut
    return word


@cache
def concepts() -> dict[str, frozenset[str]]:
    """By stem, the names of what it may mean."""
    with (WORDS / "concepts.toml").open("rb") as file:
        lines = tomllib.load(file)
    held: dict[str, set[str]] = {}
    for name, words in lines.items():
        for word in words.split():
            held.setdefault(stem(word), set()).add(name)
    return {word: frozenset(names) for word, names in held.items()}


@dataclass(frozen=True, slots=True)
class Word:
    stem: str
    means: frozenset[str]


def words_of(text: str) -> list[Word]:
    """The words that carry meaning, in their order."""
    plain = LEANING.sub("", folded(text))
    found = (word.removesuffix("'s") for word in WORD.findall(plain))
    return [
        Word(root := stem(word), concepts().get(root, frozenset()))
        for word in found
        if word not in SMALL and len(word) > 1 and not word.isdigit()
    ]


def met(word: Word, others: Iterable[Word]) -> float:
    """How well a word is met among others: 1 the same, less for another word for it, or 0."""
    best = 0.0
    for other in others:
        if word.stem == other.stem:
            return 1.0
        if word.means & other.means:
            best = MEANT
    return best
