"""What speaks for and against: a message beside an article, as a row of numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from commonground.learn.engine.article import Article, Place, Sentence
from commonground.learn.engine.facts import Agreement, Fact, agreement, facts_of
from commonground.learn.engine.wording import WORDS, Word, folded, met, words_of

FEW_WORDS = 4
CLAUSE = regex.compile(r"[:;,.?!]\s|\s(?:and|or|et|ou)\s")

NAMES = (
    "best", "best_literal", "window", "whole", "clause_most", "clause_least", "focus", "headline",
    "facts", "no_facts", "otherwise", "denied", "advised", "private", "official", "ahead", "rival",
    "best_squared", "denied_best", "advised_best", "private_best", "otherwise_best", "facts_best",
)  # fmt: skip


@cache
def frames() -> dict[str, regex.Pattern[str]]:
    with (WORDS / "frames.toml").open("rb") as file:
        rows = tomllib.load(file)
    return {name: regex.compile("|".join(parts)) for name, parts in rows.items()}


@dataclass(frozen=True)
class Read:
    """A sentence, made ready to be compared."""

    sentence: Sentence
    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    frames: frozenset[str]


def read(article: Article) -> list[Read]:
    return [
        Read(s, tuple(words_of(s.text)), tuple(facts_of(s.text)), framed(s.text))
        for s in article.sentences
    ]


def framed(text: str) -> frozenset[str]:
    plain = folded(text)
    return frozenset(name for name, pattern in frames().items() if pattern.search(plain))


@dataclass(frozen=True)
class Message:
    words: tuple[Word, ...]
    clauses: tuple[tuple[Word, ...], ...]
    facts: tuple[Fact, ...]
    frames: frozenset[str]


def message_of(text: str) -> Message:
    clauses = (tuple(words_of(part)) for part in CLAUSE.split(text))
    return Message(
        tuple(dict.fromkeys(words_of(text))), tuple(c for c in clauses if c),
        tuple(facts_of(text)), framed(text),
    )  # fmt: skip


def cover(words: Sequence[Word], others: Sequence[Word]) -> float:
    """The share of words that are met."""
    return sum(met(word, others) for word in words) / len(words) if words else 0.0


@dataclass(frozen=True)
class Seen:
    """signs: a number for each of NAMES. best: the sentence that meets the message best."""

    signs: NDArray[np.float64]
    best: Read | None
    facts: Agreement


def seen(message: Message, sentences: Sequence[Read], others: Sequence[Message] = ()) -> Seen:
    """A message beside an article. others: the messages it stands among; a sentence that speaks
    of one of them should not count for it as well."""
    if not sentences or not message.words:
        return Seen(np.zeros(len(NAMES)), None, Agreement(0, 0, ()))
    best, near = most(message, sentences)
    window = [word for one in near for word in one.words]
    facts = agreed(message, best, near)
    covered = cover(message.words, best.words)
    parts = [cover(clause, window) for clause in message.clauses]
    denied = float("denied" in best.frames and "denied" not in message.frames)
    advised, private = (float(name in best.frames) for name in ("advice", "private"))
    otherwise = float(bool(facts.otherwise))
    rival = max((fit(other, best) for other in others), default=0.0)
    row = (
        covered, literal(message, best), cover(message.words, window),
        cover(message.words, [w for one in sentences for w in one.words]),
        max(parts), min(parts), focus(message, best), headline(message, sentences),
        facts.share if message.facts else 0.5, float(not message.facts), otherwise,
        denied, advised, private, float(any("official" in one.frames for one in near)),
        fit(message, best) - rival, rival,
        covered**2, denied * covered, advised * covered, private * covered,
        otherwise * covered, facts.share * covered,
    )  # fmt: skip
    return Seen(np.array(row), best, facts)


def agreed(message: Message, best: Read, near: Sequence[Read]) -> Agreement:
    """Facts may stand beside the sentence; a wrong one counts in the sentence only."""
    wide = agreement(message.facts, [fact for one in near for fact in one.facts])
    narrow = agreement(message.facts, best.facts)
    return Agreement(wide.said, wide.of, narrow.otherwise if wide.said < wide.of else ())


def literal(message: Message, one: Read) -> float:
    stems = {word.stem for word in one.words}
    return sum(word.stem in stems for word in message.words) / len(message.words)


def focus(message: Message, one: Read) -> float:
    """The share of a sentence that the message meets. A headline of one word proves little."""
    return sum(met(w, message.words) for w in one.words) / max(len(one.words), FEW_WORDS)


def fit(message: Message, one: Read) -> float:
    """How well a sentence and a message meet, both ways."""
    return (cover(message.words, one.words) + focus(message, one)) / 2


def most(message: Message, sentences: Sequence[Read]) -> tuple[Read, list[Read]]:
    """The sentence that meets the message best, and with its neighbour what meets it better."""
    at = max(range(len(sentences)), key=lambda n: (worth(message, sentences[n]), -n))
    near = [sentences[at]]
    beside = [sentences[n] for n in (at - 1, at + 1) if 0 <= n < len(sentences)]
    beside = [one for one in beside if one.sentence.place is not Place.HEADLINE]
    if beside:
        words = near[0].words
        other = max(beside, key=lambda one: cover(message.words, words + one.words))
        if cover(message.words, words + other.words) > cover(message.words, words):
            near.append(other)
    return sentences[at], near


def worth(message: Message, one: Read) -> float:
    """Which sentence to judge by: what it covers first; then facts, advice, and not a headline,
    which is short and seldom says what to do."""
    facts = agreement(message.facts, one.facts).share if message.facts else 0.0
    head = one.sentence.place is Place.HEADLINE
    return (
        cover(message.words, one.words) + 0.2 * facts + 0.2 * focus(message, one)
        + 0.1 * ("advice" in one.frames) - 0.15 * head
    )  # fmt: skip


def headline(message: Message, sentences: Sequence[Read]) -> float:
    first = sentences[0]
    return cover(message.words, first.words) if first.sentence.place is Place.HEADLINE else 0.0
