"""Which posts that wait to go out would sound wrong while people talk about a moment.

It marks, and quotes the words it means; whether a post is held is for a person to decide.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.words import fold, words
from commonground.say.engine.coach.lists import Pattern, any_of

CHEER = Path(__file__).with_name("cheer.toml")
JOY = "🎉🎊🥳😀😃😄😁😆😂🤣😊😍🤩😎🥰😜🎈🎂🍰🧁🎆🎇✨💃🕺🎶🎵🙌👏🍩☕🐶"
SHOUTS = re.compile(r"!\s*!")  # one exclamation mark is politeness, two in a row are not
APOSTROPHES = str.maketrans("’'", "  ")
SHORTEST = 4  # letters of a word that can be shared: shorter ones are shared by chance


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a post may have to wait: the cheerful words, and the moment's words, it says."""

    cheerful: Sequence[str] = ()
    shared: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.cheerful or self.shared)


def clash(text: str, terms: Iterable[str]) -> Clash:
    """What in a post clashes with a moment of these terms."""
    return Clash(cheerful(text), shared(text, terms))


def cheerful(text: str) -> list[str]:
    """The words that make it cheerful; none where it speaks of harm, danger or a cancellation."""
    folded = fold(text).translate(APOSTROPHES)
    if any(pattern.search(folded) for pattern in listed("sober")):
        return []
    said = [found.group() for pattern in listed("cheerful") for found in pattern.finditer(folded)]
    signs = [sign for sign in text if sign in JOY]
    shouts = [found.group() for found in SHOUTS.finditer(text)]
    return list(dict.fromkeys([*said, *signs, *shouts]))


def shared(text: str, terms: Iterable[str]) -> list[str]:
    """The moment's words a post says too, wherever a reader would put the two together."""
    said = set(words(text))
    telling = dict.fromkeys(w for term in terms for w in words(term))
    return [w for w in telling if len(w) >= SHORTEST and w in said and w not in STOPWORDS]


@cache
def listed(name: str) -> list[Pattern]:
    lists = tomllib.loads(CHEER.read_text(encoding="utf-8"))[name]
    return [any_of(entries.splitlines()) for entries in lists.values()]
