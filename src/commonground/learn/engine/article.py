"""An article as a reader meets it: headline, lead, body; and its sentences with their places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import regex

# A full stop ends a sentence unless it follows an initial, a title or a time (6 p.m.), or stands
# inside a number. Quotes that close after it belong to it.
SENTENCE = regex.compile(
    r"(?:[^.!?…\n]"
    r"|(?<=\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Ste|Sgt|Cst|Const|Insp|Det|No|Mme|Mlle|av|boul))\."
    r"|(?<=\d)\.(?=\d)|(?<=\w)\.(?=\w)|(?<=\b[ap]\.m)\.(?=\s+\p{Ll}|,))+"
    r"[.!?…]*[\"”’»]*"
)
LONGEST = 60_000  # characters: longer is no news article, and a book would hold a worker


class Place(StrEnum):
    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Sentence:
    """start and end are places in `Article.whole`, in code points."""

    start: int
    end: int
    text: str
    place: Place


@dataclass(frozen=True)
class Article:
    """text: paragraphs, one a line. The first of them is the lead."""

    headline: str
    text: str

    @cached_property
    def whole(self) -> str:
        """What offsets count in: the headline, a line break, the text."""
        return f"{self.headline}\n{self.text}"[:LONGEST]

    @cached_property
    def sentences(self) -> list[Sentence]:
        found, at, lead = [], 0, True
        for number, line in enumerate(self.whole.split("\n")):
            place = Place.HEADLINE if number == 0 else Place.LEAD if lead else Place.BODY
            if number and line.strip():
                lead = False
            found += in_line(line, at, place)
            at += len(line) + 1
        return found


def in_line(line: str, at: int, place: Place) -> list[Sentence]:
    """The sentences of one paragraph, without the blanks around them."""
    found = []
    for match in SENTENCE.finditer(line):
        said = match.group()
        text = said.strip()
        if any(letter.isalnum() for letter in text):
            start = at + match.start() + len(said) - len(said.lstrip())
            found.append(Sentence(start, start + len(text), text, place))
    return found
