"""What is counted: the telling words of a post, and neighbouring pairs of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from commonground.hear.engine.stopwords import STOPWORDS

LONGEST_WORD = 40
MOST_WORDS = 60  # of one post: a wall of text must not outvote sixty short ones


def telling(words: Sequence[str]) -> list[str]:
    """The words that can carry a moment, in order."""
    return [w for w in words if w not in STOPWORDS and tells(w)][:MOST_WORDS]


def tells(word: str) -> bool:
    if len(word) > LONGEST_WORD:
        return False
    return len(word) >= (3 if word.isascii() else 2)


def terms_of(words: Sequence[str]) -> list[str]:
    """Single words and neighbouring pairs, each once, in order of appearance.

    Pairs stand over left-out words: "bombing of the station" holds "bombing station".
    """
    told = telling(words)
    pairs = [f"{a} {b}" for a, b in pairwise(told) if a != b]
    return list(dict.fromkeys([*told, *pairs]))
