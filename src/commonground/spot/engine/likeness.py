"""Whether posts that share a word speak of one thing, or of many that sound alike.

"Crash" is said of trains, of markets and of phones. Posts about one event resemble each other
as only few pairs of alarming posts do by chance; how few is learnt from the stream itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Vectors
from commonground.hear.engine.embedding import Embedder, unit
from commonground.hear.engine.heard import Told
from commonground.spot.engine.screen import BINS, HIGHEST, LOWEST, places

BY_CHANCE = 0.05  # the share of chance pairs so alike that a group need be no more so
FEWEST_PAIRS = 300  # before chance is known
BESIDE = 4  # each post is compared with so many before it
MOST_COMPARED = 12  # posts of a group, the newest; more would say the same
MEMORY = 20_000.0

type Rows = NDArray[np.float64]


@dataclass(slots=True)
class Middle:
    """What all posts of a language have in common; older ones fade."""

    size: int
    heard: float = 0.0
    mean: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.mean = np.zeros(self.size)

    def learn(self, vectors: Vectors) -> None:
        self.heard = self.heard * max(0.0, 1 - len(vectors) / MEMORY) + len(vectors)
        self.mean += (vectors.mean(axis=0) - self.mean) * min(1.0, len(vectors) / self.heard)


class Likeness:
    """Learns how alike posts are by chance, and says how a group stands against that.

    Posts are compared within their language: two that say the same in two languages look less
    alike than two that say different things in one.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.everything = Middle(embedder.size)
        self.by_language: dict[str, Middle] = {}
        self.bins: NDArray[np.float64] = np.zeros(BINS)
        self.lately: deque[NDArray[np.float32]] = deque(maxlen=BESIDE)

    def learn(self, vectors: Vectors, languages: Sequence[str], alarming: Sequence[bool]) -> None:
        """The posts of one slice: all for the middle, the alarming ones for chance pairs."""
        if not len(vectors):
            return
        self.everything.learn(vectors)
        for lang in sorted(set(languages) - {""}):
            rows = [n for n, other in enumerate(languages) if other == lang]
            self.by_language.setdefault(lang, Middle(self.embedder.size)).learn(vectors[rows])
        self.bins *= max(0.0, 1 - sum(alarming) / MEMORY)
        for vector, counts in zip(self.centred(vectors, languages), alarming, strict=True):
            if counts:
                self.pair(vector)

    def pair(self, vector: NDArray[np.float32]) -> None:
        if self.lately:
            np.add.at(self.bins, places(np.stack(self.lately) @ vector), 1.0)
        self.lately.append(vector)

    def centred(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Without what all talk here has in common, such as its language."""
        middles = np.stack([self.middle(lang) for lang in languages])
        return unit((vectors - middles).astype(np.float32))

    def middle(self, language: str) -> NDArray[np.float64]:
        known = self.by_language.get(language)
        return known.mean if known and known.heard >= FEWEST_PAIRS else self.everything.mean

    @property
    def rare(self) -> float:
        """How alike only few pairs are by chance; 0 while that is not known."""
        total = float(self.bins.sum())
        if total < FEWEST_PAIRS:
            return 0.0
        from_top = np.cumsum(self.bins[::-1])
        place = BINS - int(np.searchsorted(from_top, BY_CHANCE * total)) - 1
        return max(0.0, LOWEST + (place + 1) * (HIGHEST - LOWEST) / BINS)

    def of(self, posts: Mapping[str, Rows]) -> float:
        """From 0, no more alike than chance, to 1, as alike as few are; 1 while unknown."""
        rare = self.rare
        if not rare:
            return 1.0
        pairs = total = 0.0
        for rows in posts.values():
            count, together = len(rows), rows.sum(axis=0)
            total += float(together @ together) - float((rows * rows).sum())
            pairs += count * (count - 1)
        return round(min(1.0, max(0.0, total / pairs / rare)), 4) if pairs else 1.0

    def between(self, mine: Mapping[str, Rows], theirs: Mapping[str, Rows]) -> float:
        """How alike the posts of two groups are to each other: 1 as few pairs are by chance.

        1 too while chance is not known; 0 where of one nothing is remembered.
        """
        rare = self.rare
        if not mine or not theirs:
            return 0.0
        if not rare:
            return 1.0
        shared = sorted(mine.keys() & theirs.keys())
        if not shared:
            return self.across(mine, theirs)
        sizes = [len(mine[lang]) for lang in shared]
        near = [float(mine[lang].mean(axis=0) @ theirs[lang].mean(axis=0)) for lang in shared]
        mean = sum(size * one for size, one in zip(sizes, near, strict=True)) / sum(sizes)
        return round(max(0.0, mean / rare), 4)

    def across(self, mine: Mapping[str, Rows], theirs: Mapping[str, Rows]) -> float:
        """The same where no language is common to both."""
        mean = np.vstack([*mine.values()]).mean(axis=0) @ np.vstack([*theirs.values()]).mean(axis=0)
        return round(max(0.0, float(mean) / self.rare), 4)

    def rows(self, posts: Sequence[Told]) -> dict[str, Rows]:
        """The newest posts, centred, by language."""
        if not posts:
            return {}
        newest = posts[-MOST_COMPARED:]
        languages = [post.lang for post in newest]
        vectors = self.embedder.embed([post.text for post in newest])
        centred = self.centred(vectors, languages).astype(np.float64)
        return {
            lang: centred[[n for n, other in enumerate(languages) if other == lang]]
            for lang in dict.fromkeys(languages)
        }
