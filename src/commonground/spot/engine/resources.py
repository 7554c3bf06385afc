"""Which vetted help fits a moment: by the words and phrases people use, and by their sense.

A resource lists what people say who need it. A whole phrase found in a post tells most, its
single words little; hashed pieces of four letters carry endings, spellings and near languages
("explosión", "explosion", "explosao"); and the sense of the posts against the sense of the
resource carries what nobody listed. Everyday talk competes with every resource: a striker on
fire needs no firefighters. A single post is not enough to go by; ten are.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, log, log1p
from pathlib import Path
from typing import Any

from commonground.hear.engine.embedding import Embedder, best_embedder
from commonground.spot.engine.phrases import Phrases, said_in, telling
from commonground.spot.engine.tongues import Tongue

STARTER = Path(__file__).parent / "starter"
NAME_COUNTS = 1.0  # a word of the name against a word people use
ABOUT_COUNTS = 0.25
PART_COUNTS = 0.25  # a word that stands only within a phrase
# What full likeness of spellings and of sense are worth, in words. These and the least score
# were chosen on the suite `help_develop`.
PIECES_COUNT = 10.0
SENSE_COUNTS = 12.0
ENOUGH = 4.0  # evidence at which a match is as good as certain: score 0.63
# Below this we say nothing rather than something: of develop moments that need none, three in four
# are then offered none even when the list of everyday talk lacks what they are about.
LEAST_SCORE = 0.48
MOST = 3
# Posts of everyday talk are set aside where as many others stand beside them; where fewer do, it
# is everyday talk with a stray word in it. Chosen on `help_develop`, mixed with everyday talk.
LEAST_APART = 6
LEAST_SHARE_APART = 1 / 3
ENGLISH = "en"  # the language names and descriptions of the starter library are in


@dataclass(frozen=True, slots=True)
class Help:
    """A resource as the matcher needs it. `key` is whatever the caller knows it by.

    `words` holds phrases between commas, with a star for any ending; a text without commas is
    words one by one.
    """

    key: str
    name: str
    about: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # language -> what people say


@dataclass(frozen=True, slots=True)
class Fit:
    help: Help
    score: float  # 0 to 1; comparable between resources of one library, not a chance


class Library:
    def __init__(self, helps: Iterable[Help], embedder: Embedder | None = None) -> None:
        offered = list(helps)
        self.offered = len(offered)
        self.helps = [*offered, *everyday()] if offered else []
        self.given = embedder
        self.phrases = [Phrases(h.words.values()) for h in self.helps]
        self.words = [vocabulary(*pair) for pair in zip(self.helps, self.phrases, strict=True)]
        held = Counter(word for vocab in self.words for word in vocab)
        many = max(2, len(self.helps))
        # A word in every resource tells nothing; a word in one tells most.
        self.telling = {word: log(1 + many / n) / log(1 + many) for word, n in held.items()}

    @classmethod
    def starter(cls) -> Library:
        listed = table("resources")["resource"]
        return cls(
            Help(r["kind"], r["name"], r["about"], {k: v for k, v in r.items() if len(k) == 2})
            for r in listed
        )

    def fits(self, texts: Sequence[str], *, most: int = MOST) -> list[Fit]:
        """The best few for these posts, best first; none when nothing fits well enough."""
        if not self.helps:
            return []
        posts = [(text, said_in(text)) for text in texts]
        kept = [(text, said) for text, said in posts if not self.is_everyday(said)]
        enough = len(kept) >= max(LEAST_APART, LEAST_SHARE_APART * len(posts))
        return self.fits_of(kept if enough else posts)[:most]

    def fits_of(self, posts: Sequence[tuple[str, Sequence[str]]]) -> list[Fit]:
        """All that fit posts, each given as its text and its words."""
        counts = Counter(word for _, post in posts for word in set(telling(post)))
        if not counts:
            return []
        found = self.evidence([text for text, _ in posts], [said for _, said in posts], counts)
        everyday = max(found[self.offered :])
        scored = [
            Fit(one, score(told))
            for one, told in zip(self.helps[: self.offered], found, strict=False)
            if told > everyday
        ]
        good = [fit for fit in scored if fit.score >= LEAST_SCORE]
        return sorted(good, key=lambda fit: (-fit.score, fit.help.name))

    def is_everyday(self, post: Sequence[str]) -> bool:
        """Whether a post by itself speaks of everyday talk more than of any help.

        What becomes hot beside a moment comes along with it: a match on the evening of a video.
        Set aside, it takes nothing from those who ask for help; where they are fewer than a
        third, it is taken for everyday talk with a stray word in it, and may.
        """
        said = Counter(set(telling(post)))
        told = [self.by_word(n, said) + self.by_phrase(n, [post]) for n in range(len(self.helps))]
        return max(told[self.offered :]) > max(told[: self.offered])

    def evidence(
        self, texts: Sequence[str], posts: Sequence[Sequence[str]], said: Mapping[str, int]
    ) -> list[float]:
        """What speaks for each resource, everyday talk last, in words."""
        mean = self.embedder.embed(list(texts)).mean(axis=0)
        tongue = max(self.tongues, key=lambda t: t.fits(mean, said))
        return [
            self.by_word(n, said) + self.by_phrase(n, posts)
            + spelling * PIECES_COUNT + sense * SENSE_COUNTS
            for n, (spelling, sense) in enumerate(
                zip(tongue.spellings(said), tongue.senses(mean), strict=True)
            )
        ]  # fmt: skip

    def by_word(self, n: int, said: Mapping[str, int]) -> float:
        vocab = self.words[n]
        return sum(
            log1p(count) * self.telling[word] * vocab[word]
            for word, count in said.items()
            if word in vocab
        )

    def by_phrase(self, n: int, posts: Sequence[Sequence[str]]) -> float:
        """The more posts hold a phrase, the less each more of them adds."""
        found = Counter(phrase for post in posts for phrase in self.phrases[n].found_in(post))
        return sum(log1p(count) * phrase.counts for phrase, count in found.items())

    @property
    def embedder(self) -> Embedder:
        return self.given or best_embedder()

    @cached_property
    def tongues(self) -> list[Tongue]:
        """The library in each of its languages; what is not translated stands as it is."""
        languages = sorted({code for h in self.helps for code in h.words}) or [ENGLISH]
        return [self.tongue(code) for code in languages]

    def tongue(self, code: str) -> Tongue:
        told = [in_language(h, code) for h in self.helps]
        return Tongue(told, [telling(said_in(text)) for text in told], self.embedder)


def in_language(helps: Help, code: str) -> str:
    """All a resource says in a language, its name and description where they are in it."""
    said = helps.words.get(code, "")
    if code == ENGLISH or not said:
        said = f"{helps.name}. {helps.about} {said}"
    return said.replace("*", "")


def everyday() -> list[Help]:
    return [Help("", kind, "", words) for kind, words in table("everyday").items()]


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((STARTER / f"{name}.toml").read_text(encoding="utf-8"))


def score(evidence: float) -> float:
    return round(1 - exp(-evidence / ENOUGH), 3)


def vocabulary(helps: Help, phrases: Phrases) -> dict[str, float]:
    """What each word of a resource is worth by itself."""
    vocab = dict.fromkeys(telling(said_in(helps.about)), ABOUT_COUNTS)
    vocab |= dict.fromkeys(phrases.parts, PART_COUNTS)
    vocab |= dict.fromkeys(phrases.words, 1.0)
    return dict.fromkeys(telling(said_in(helps.name)), NAME_COUNTS) | vocab
