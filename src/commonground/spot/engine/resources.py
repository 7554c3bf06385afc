"""Which vetted help fits a moment: by the words people used, and by pieces of those words.

Whole words carry it in the languages the library is written in; hashed pieces of four
letters carry endings, spellings and near languages ("explosión", "explosion", "explosao").
A single post is not enough to go by; ten are.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, log1p, sqrt
from pathlib import Path
from zlib import crc32

from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.words import words

STARTER = Path(__file__).parent / "starter" / "resources.toml"
NAME_COUNTS = 2.0  # a word of the name against one of the words people use
ABOUT_COUNTS = 0.5
PIECE = 4  # letters
PIECES_KEPT = 1 << 16
PIECES_COUNT = 6.0  # what full likeness of pieces is worth, in words
ENOUGH = 4.0  # evidence at which a match is as good as certain: score 0.63
LEAST_SCORE = 0.35  # below this we say nothing rather than something
MOST = 3


@dataclass(frozen=True, slots=True)
class Help:
    """A resource as the matcher needs it. `key` is whatever the caller knows it by."""

    key: str
    name: str
    about: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # language -> what people say


@dataclass(frozen=True, slots=True)
class Fit:
    help: Help
    score: float  # 0 to 1; comparable between resources of one library, not a chance


class Library:
    def __init__(self, helps: Iterable[Help]) -> None:
        self.helps = list(helps)
        self.words = [vocabulary(h) for h in self.helps]
        held = Counter(word for vocab in self.words for word in vocab)
        many = max(2, len(self.helps))
        # A word in every resource tells nothing; a word in one tells most.
        self.telling = {word: log(1 + many / n) / log(1 + many) for word, n in held.items()}
        self.pieces = [pieces_of(vocab) for vocab in self.words]

    @classmethod
    def starter(cls) -> Library:
        listed = tomllib.loads(STARTER.read_text(encoding="utf-8"))["resource"]
        return cls(
            Help(r["kind"], r["name"], r["about"], {k: r[k] for k in ("en", "fr", "es") if k in r})
            for r in listed
        )

    def fits(self, texts: Sequence[str], *, most: int = MOST) -> list[Fit]:
        """The best few for these posts, best first; none when nothing fits well enough."""
        said = Counter(w for text in texts for w in set(telling(words(text))))
        pieces = pieces_of(said)
        scored = [Fit(h, self.score(n, said, pieces)) for n, h in enumerate(self.helps)]
        good = [fit for fit in scored if fit.score >= LEAST_SCORE]
        return sorted(good, key=lambda fit: (-fit.score, fit.help.name))[:most]

    def score(self, n: int, said: Mapping[str, int], pieces: Mapping[int, float]) -> float:
        vocab = self.words[n]
        by_word = sum(
            log1p(count) * self.telling[word] * vocab[word]
            for word, count in said.items()
            if word in vocab
        )
        by_piece = likeness(pieces, self.pieces[n]) * PIECES_COUNT
        return round(1 - exp(-(by_word + by_piece) / ENOUGH), 3)


def vocabulary(helps: Help) -> dict[str, float]:
    vocab = dict.fromkeys(telling(words(helps.about)), ABOUT_COUNTS)
    for said in helps.words.values():
        vocab |= dict.fromkeys(telling(words(said)), 1.0)
    return vocab | dict.fromkeys(telling(words(helps.name)), NAME_COUNTS)


def telling(said: Iterable[str]) -> list[str]:
    return [w for w in said if len(w) > 2 and w not in STOPWORDS]


def pieces_of(weights: Mapping[str, float] | Mapping[str, int]) -> dict[int, float]:
    """Pieces of the words, each by how often it stands there."""
    found: Counter[int] = Counter()
    for word in weights:
        padded = f"_{word}_"
        for start in range(max(1, len(padded) - PIECE + 1)):
            piece = padded[start : start + PIECE].encode("utf-8", "replace")
            found[crc32(piece) % PIECES_KEPT] += 1
    return {piece: sqrt(count) for piece, count in found.items()}


def likeness(a: Mapping[int, float], b: Mapping[int, float]) -> float:
    """Cosine of the angle between two bags of pieces."""
    small, large = (a, b) if len(a) < len(b) else (b, a)
    inner = sum(weight * large.get(piece, 0.0) for piece, weight in small.items())
    length = sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return inner / length if length else 0.0
