"""Message pull-through: which of our key messages an article carried, and the sentence that shows
it.

0 absent: a reader does not learn it here, even if the article is on the same subject.
1 touched: a part of it, or with a wrong figure, or only in the mouth of somebody private.
2 carried: a reader of this article alone knows what the message asks or says, in whatever words.

It compares words, their stems and what they mean (words/concepts.toml), hard facts (facts.py) and
how a sentence is meant (words/frames.toml), and adds up weights that can be read
(words/weights.json). It knows English and French, and nothing of the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from commonground.learn.engine.article import Article
from commonground.learn.engine.judging import shipped
from commonground.learn.engine.signs import Seen, message_of, read, seen

SURE = 0.6  # below this chance of its own answer it says so: a person should look


class Carried(IntEnum):
    ABSENT = 0
    TOUCHED = 1
    CARRIED = 2


@dataclass(frozen=True)
class Found:
    """chances: how likely each answer is. where, quote, start and end: the sentence that was
    judged by, with its place in `article.whole` in code points; none where the message is absent.
    otherwise: facts that the sentence has of the same kind, with another value."""

    message: str
    carried: Carried
    chances: tuple[float, float, float]
    where: str
    quote: str
    start: int | None
    end: int | None
    otherwise: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return max(self.chances) >= SURE

    def as_dict(self) -> dict[str, Any]:
        return {
            "message": self.message, "carried": int(self.carried),
            "answer": self.carried.name.lower() if self.sure else "uncertain",
            "chances": [round(chance, 3) for chance in self.chances],
            "where": self.where, "quote": self.quote, "start": self.start, "end": self.end,
            "otherwise": list(self.otherwise),
        }  # fmt: skip


def pulled_through(messages: Sequence[str], article: Article) -> list[Found]:
    """For each message, in their order, what the article did with it."""
    if not messages:
        return []
    sentences = read(article)
    ready = [message_of(text) for text in messages]
    rows = [seen(one, sentences, [m for m in ready if m is not one]) for one in ready]
    chances = shipped().chances(np.array([row.signs for row in rows]))
    return [found(*pair) for pair in zip(messages, rows, chances.tolist(), strict=True)]


def found(message: str, row: Seen, chances: Sequence[float]) -> Found:
    if row.best is None:
        return Found(message, Carried.ABSENT, (1.0, 0.0, 0.0), "", "", None, None, ())
    carried = Carried(int(np.argmax(chances)))
    likely = (chances[0], chances[1], chances[2])
    # Where it may be absent or not, the sentence in doubt is what a person wants to see.
    if carried is Carried.ABSENT and max(chances) >= SURE:
        return Found(message, carried, likely, "", "", None, None, ())
    said = row.best.sentence
    other = tuple(f"{fact.kind} {fact.value}" for fact in row.facts.otherwise)
    return Found(
        message, carried, likely, said.place.value, said.text, said.start, said.end, other
    )  # fmt: skip
