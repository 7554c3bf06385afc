"""Phrases with gaps, and the words that fill them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonground.hear.engine.dice import Dice

TOKENS = re.compile(r"([\[\]|]|\{[^{}]*\})")
RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
# Deeper than any phrase a person can follow: word lists that call each other in a circle.
TOO_DEEP = 12


class PhraseWrong(ValueError):
    """A phrase that cannot be read, or that asks for words nobody wrote."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`{soup}`: any of the words listed under that name."""

    words: str


@dataclass(frozen=True, slots=True)
class Number:
    """`{5..20}`: a whole number, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Either:
    """`[late|early]`: one of these."""

    phrases: tuple[Phrase, ...]


type Part = str | Gap | Number | Either
type Phrase = tuple[Part, ...]
type Words = Mapping[str, Sequence[Phrase]]


def phrase(text: str) -> Phrase:
    """Read one phrase. Raises PhraseWrong where a bracket has no partner."""
    tokens = [t for t in TOKENS.split(text) if t]
    parts = list(read_parts(tokens, text))
    if tokens:
        raise PhraseWrong(f"a bracket or bar too many: {text}")
    return tuple(parts)


def read_parts(tokens: list[str], whole: str) -> Iterator[Part]:
    """Take parts from the front of the tokens, up to a bar, a closing bracket or the end."""
    while tokens and tokens[0] not in ("|", "]"):
        piece = tokens.pop(0)
        if piece == "[":
            yield read_either(tokens, whole)
        elif piece.startswith("{"):
            yield read_gap(piece)
        else:
            yield piece


def read_either(tokens: list[str], whole: str) -> Either:
    phrases = []
    while True:
        phrases.append(tuple(read_parts(tokens, whole)))
        if not tokens:
            raise PhraseWrong(f"a bracket never closed: {whole}")
        if tokens.pop(0) == "]":
            return Either(tuple(phrases))


def read_gap(piece: str) -> Part:
    if ends := RANGE.fullmatch(piece):
        return Number(int(ends[1]), int(ends[2]))
    return Gap(piece[1:-1])


def say(spoken: Phrase, words: Words, dice: Dice) -> str:
    """The phrase with every gap filled by chance."""
    return "".join([say_part(part, words, dice) for part in spoken])


def say_part(part: Part, words: Words, dice: Dice) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Gap):
        return say(dice.pick(words[part.words]), words, dice)
    if isinstance(part, Either):
        return say(dice.pick(part.phrases), words, dice)
    return str(part.low + dice.below(part.high - part.low + 1))


DOUBLE_STOP = re.compile(r"([?!.])\.(?=\s|$)")
NEW_SENTENCE = re.compile(r"(?<=[.?!] )(?!https?:)[^\W\d_]")


def tidy(text: str, joins: Mapping[str, str]) -> str:
    """Join words as the language does, end each sentence once and begin it with a capital."""
    for apart, together in joins.items():
        text = re.sub(rf"\b{re.escape(apart)}", together, text)
    text = DOUBLE_STOP.sub(r"\1", text)
    return NEW_SENTENCE.sub(lambda letter: letter[0].upper(), text)


def check(spoken: Phrase, words: Words, depth: int = 0) -> None:
    """Refuse a phrase that could not be said: a gap nobody filled, or lists in a circle."""
    if depth > TOO_DEEP:
        raise PhraseWrong("word lists that call each other in a circle")
    for part in spoken:
        for deeper in below(part, words):
            check(deeper, words, depth + 1)


def below(part: Part, words: Words) -> Sequence[Phrase]:
    """What a part may lead to."""
    if isinstance(part, Either):
        return part.phrases
    if isinstance(part, Gap):
        if not words.get(part.words):
            raise PhraseWrong(f"no words are listed under {{{part.words}}}")
        return words[part.words]
    return ()
