"""The words the compiled screen knows by number: signs of harm and help, and stop words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.hashing import in_order, word_number
from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.tables import Table, table
from commonground.hear.engine.tokens import Beginnings
from commonground.spot.engine import naming
from commonground.spot.engine.signs import ANY, Signs

STOP = 0x100  # beside the kind in a word's value
NO_KIND = 0xFF
MOST_KINDS = 62


def term_number(term: str) -> int:
    """The number of one of the detector's terms: a word, a pair, a kind's talk, a topic."""
    words = term.split(" ")
    if len(words) == 1 or naming.stands_for_others(term):
        return word_number(term)
    return in_order([word_number(word) for word in words])


@dataclass(frozen=True)
class Lexicon:
    """Made of the detector's signs, so that both gate alike.

    `beginnings` and `known` give the place of a kind in `kinds`; `known` also says `STOP`.
    """

    kinds: tuple[str, ...]
    beginnings: Beginnings
    known: Table

    @cached_property
    def talk(self) -> NDArray[np.uint64]:
        """The numbers of "talk of ..." by kind; zero for the kind that is not counted itself."""
        return np.array(
            [0 if kind == ANY else word_number(naming.TALK_OF + kind) for kind in self.kinds],
            np.uint64,
        )


def lexicon(signs: Signs) -> Lexicon:
    kinds = tuple(sorted({*signs.whole.values(), *signs.beginnings.values()}))
    if len(kinds) > MOST_KINDS:
        raise ValueError(f"at most {MOST_KINDS} kinds of signs, not {len(kinds)}")
    place = {kind: n for n, kind in enumerate(kinds)}
    known = {word_number(word): place[kind] for word, kind in signs.whole.items()}
    for word in STOPWORDS:
        number = word_number(word)
        known[number] = known.get(number, NO_KIND) | STOP
    beginnings = Beginnings({text: place[kind] for text, kind in signs.beginnings.items()})
    return Lexicon(kinds, beginnings, table(known))


def topic_numbers(names: Sequence[str]) -> NDArray[np.uint64]:
    return np.array([word_number(naming.TOPIC + name) for name in names], np.uint64)
