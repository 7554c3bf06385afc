"""Phrases as a person lists them, found in posts as people write them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.words import words

BETWEEN = re.compile(r"[,;،、]")
# What stands before a word without a space and changes nothing of what it tells.
ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)")
ARTICLE = re.compile(r"^[وف]?[بك]?ال(?=\w{3})|^[وف]?لل(?=\w{3})")  # "the" and the like in Arabic
SHORTEST = 2
KEY = 2  # letters by which a phrase's first word is looked up
WHOLE_COUNTS = 1.0  # a phrase of one word
LONGER_COUNTS = 1.6  # a phrase of more: hardly anybody says it about anything else


@dataclass(frozen=True, slots=True)
class Phrase:
    words: tuple[str, ...]  # a star at the end of one stands for any ending

    @property
    def counts(self) -> float:
        return WHOLE_COUNTS if len(self.words) == 1 else LONGER_COUNTS

    def stands_at(self, said: Sequence[str], start: int) -> bool:
        place = said[start : start + len(self.words)]
        return len(place) == len(self.words) and all(map(matches, self.words, place))


class Phrases:
    """What one resource lists, in all its languages together."""

    def __init__(self, listed: Iterable[str]) -> None:
        self.words: set[str] = set()  # worth a whole count each
        self.parts: set[str] = set()  # stand only within a phrase
        self.by_key: dict[str, list[Phrase]] = defaultdict(list)
        for text in listed:
            self.read(text)

    def read(self, text: str) -> None:
        if not BETWEEN.search(text):
            self.words.update(telling(said_in(text)))
            return
        for told in BETWEEN.split(text):
            parts = tuple(starred(told))
            if parts and len(parts[0]) >= SHORTEST:
                self.by_key[parts[0].rstrip("*")[:KEY]].append(Phrase(parts))
                if len(parts) > 1:
                    self.parts.update(telling(part.rstrip("*") for part in parts))

    def found_in(self, said: Sequence[str]) -> set[Phrase]:
        return {
            phrase
            for start, word in enumerate(said)
            for phrase in self.by_key.get(word[:KEY], ())
            if phrase.stands_at(said, start)
        }


def matches(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def starred(text: str) -> Iterator[str]:
    """The words of a phrase, each with its star if it has one."""
    for part in text.split():
        *most, last = said_in(part) or [""]
        yield from most
        if last:
            yield f"{last}*" if part.endswith("*") else last


def said_in(text: str) -> list[str]:
    """The words of a text in order, without what only leans on them."""
    return [bare(word) for word in words(text)]


def bare(word: str) -> str:
    if word.isascii():
        return ELIDED.sub("", word) if "'" in word else word
    return ARTICLE.sub("", ELIDED.sub("", word))


def telling(said: Iterable[str]) -> list[str]:
    return [w for w in said if len(w) > 2 and w not in STOPWORDS]
