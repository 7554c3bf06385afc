"""How near a post comes to what a desk must hear of, judged by what is usual here.

Nothing is fixed in advance but a share: of the talk in each language, the most alarming
part is let through. So it works for any embedder, and for a language nobody thought of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Vectors
from commonground.hear.engine.embedding import Embedder

STARTER = Path(__file__).parent / "starter" / "agenda.toml"
# Of everyday talk one post in seven comes nearest to trouble without being about any; a
# stricter screen would lose posts of real events sooner than it would lose chatter.
SHARE = 0.15
SURE_SHARE = 0.03  # so near that it is counted as talk of that kind
FEWEST_HEARD = 300  # posts before anything is known to be usual
OWN_HALF = 50.0  # posts of a language after which its own usual counts for half
MEMORY = 20_000.0  # posts; older ones fade
BINS = 400
LOWEST, HIGHEST = -1.0, 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """Whether a post is among the most alarming, and what it is most surely about ("" if not)."""

    alarming: bool
    kind: str = ""


@dataclass(slots=True)
class Usual:
    """What the screen has seen in one language: each phrase's mean, and how scores fall."""

    phrases: int
    heard: float = 0.0
    mean: NDArray[np.float64] = field(init=False)
    bins: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.mean = np.zeros(self.phrases)
        self.bins = np.zeros(BINS)

    def learn(self, near: NDArray[np.float32]) -> None:
        if not len(near):
            return
        keep = max(0.0, 1 - len(near) / MEMORY)
        self.bins *= keep
        self.heard = self.heard * keep + len(near)
        self.mean += (near.mean(axis=0) - self.mean) * min(1.0, len(near) / self.heard)
        np.add.at(self.bins, places((near - self.mean).max(axis=1)), 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a post is judged by: the usual nearness of each phrase, and two scores."""

    mean: NDArray[np.float64]
    sure: float
    alarming: float


def bar(own: Usual | None, everything: Usual) -> Bar:
    """A language's own usual, the more the more of it was heard; before that everybody's.

    It passes over by degrees: a bar that fell all at once would look like a surge.
    """
    if everything.heard < FEWEST_HEARD:
        return Bar(everything.mean, HIGHEST * 2, HIGHEST * 2)
    known = own.heard / (own.heard + OWN_HALF) if own else 0.0
    mean, bins = everything.mean, shares(everything.bins)
    if own and known:
        mean = known * own.mean + (1 - known) * mean
        bins = known * shares(own.bins) + (1 - known) * bins
    return Bar(mean, above(bins, SURE_SHARE), above(bins, SHARE))


def shares(bins: NDArray[np.float64]) -> NDArray[np.float64]:
    return bins / max(float(bins.sum()), 1.0)


def above(bins: NDArray[np.float64], share: float) -> float:
    """The score that so large a share of posts reaches."""
    from_top = np.cumsum(bins[::-1])
    place = BINS - int(np.searchsorted(from_top, share * from_top[-1])) - 1
    return LOWEST + (place + 1) * (HIGHEST - LOWEST) / BINS


def places(scores: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    where = (scores - LOWEST) / (HIGHEST - LOWEST) * BINS
    return np.clip(where.astype(np.int64), 0, BINS - 1)


class Screen:
    """`agenda`: kind -> language -> a phrase of it."""

    def __init__(self, embedder: Embedder, agenda: Mapping[str, Mapping[str, str]]) -> None:
        listed = [(kind, lang, t) for kind, by in agenda.items() for lang, t in by.items()]
        self.kinds = [kind for kind, _, _ in listed]
        self.languages = np.array([lang for _, lang, _ in listed])
        self.phrases = embedder.embed([text for _, _, text in listed])
        self.everything = Usual(len(listed))
        self.by_language: dict[str, Usual] = {}

    @classmethod
    def starter(cls, embedder: Embedder) -> Screen:
        return cls(embedder, tomllib.loads(STARTER.read_text(encoding="utf-8")))

    @property
    def knows(self) -> bool:
        """Whether it has heard enough to judge by."""
        return self.everything.heard >= FEWEST_HEARD

    def near(self, vectors: Vectors, languages: Sequence[str]) -> list[Near]:
        """Judge these posts, then learn from them all."""
        nearness = self.nearness(vectors)
        found = self.judge(nearness, languages)
        self.learn(nearness, languages)
        return found

    def nearness(self, vectors: Vectors) -> Vectors:
        """How near each post comes to each phrase, one row a post."""
        return vectors @ self.phrases.T

    def judge(self, near: Vectors, languages: Sequence[str]) -> list[Near]:
        """Judge the posts of one slice: one answer a row."""
        bars = {lang: bar(self.by_language.get(lang), self.everything) for lang in set(languages)}
        return [self.judged(row, bars[lang]) for row, lang in zip(near, languages, strict=True)]

    def learn(self, near: Vectors, languages: Sequence[str]) -> None:
        if not len(near):
            return
        self.everything.learn(near)
        for lang in sorted(set(languages) - {""}):
            chosen = [n for n, other in enumerate(languages) if other == lang]
            self.by_language.setdefault(lang, Usual(len(self.kinds))).learn(near[chosen])

    def judged(self, row: NDArray[np.float32], by: Bar) -> Near:
        centred = row - by.mean
        best = int(centred.argmax())
        score = float(centred[best])
        return Near(score >= by.alarming, self.kinds[best] if score >= by.sure else "")
