"""A whole network's lines, many at once: which posts a topic asks for, and marks of all.

A pure function of its arguments, so any number of processes may share the blocks, and what they
give is the same.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from commonground.hear.engine.columns import Languages, columns
from commonground.hear.engine.heard import Heard, mark_of
from commonground.hear.engine.phrasebook import Phrasebook
from commonground.hear.engine.tokens import tokenise

BLANK = "no text"


@dataclass(frozen=True, slots=True)
class Block:
    """What one source said in a while. `latest`: seconds of UTC; what claims to be later is
    passed over."""

    lines: Sequence[bytes]
    latest: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a block gave. `marks`: of every post, in order; `posts`: those a topic asks for, each
    with its place among the marks and its topics. Authors are raw here.
    """

    marks: list[bytes]
    posts: list[tuple[int, Heard, tuple[str, ...]]]
    deletions: list[Heard]
    skipped: Counter[str]


def asked_for(block: Block, book: Phrasebook) -> Asked:
    """Read a block. Never raises, whatever the bytes are."""
    languages = Languages(book.languages)
    read = columns(b"\n".join(block.lines), latest=block.latest, languages=languages)
    said = tokenise(read.texts)
    topics = book.topics_of(said, read.lang, near=False)
    there = np.flatnonzero(~said.blank)
    place = np.cumsum(~said.blank) - 1
    wanted = np.flatnonzero(topics.any(axis=1) & ~said.blank).tolist()
    blank = int(said.blank.sum())
    return Asked(
        [mark_of(read.id_of(n)) for n in there.tolist()],
        [(int(place[n]), read.heard(n), book.named(topics[n])) for n in wanted],
        read.deletions,
        read.skipped + Counter({BLANK: blank} if blank else {}),
    )


def asked_for_by(block: Block, book: bytes) -> Asked:
    """The same for another process, to which the phrases come as bytes."""
    return asked_for(block, unpacked(book))


@lru_cache(maxsize=8)
def unpacked(book: bytes) -> Phrasebook:
    held: Phrasebook = pickle.loads(book)  # noqa: S301 - from ourselves
    return held
