"""What of a text the receptiveness model sees: marks of style, never what it is about.

Kinds, each of which can be pointed at: how often the text uses each of the published features
(Yeomans et al. 2020), and whether its first sentence does; its form (length, questions,
capitals); short phrases, anywhere and in its opening, in which every word that is not on those
lists stands as "_", so that no topic is learned; and single words, but no name of a group of
people.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import regex

from commonground.say.engine.coach.lists import Pattern, any_of
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.remarks import WORDS

TOKEN = regex.compile(r"\w+(?:'\w+)?|[?!.,]")
STOP = regex.compile(r"(?<=[.!?])\s+")
ELISION = regex.compile(r"\b(?:dont|cant|im|wont|isnt|thats|doesnt|youre|ive|didnt)\b")
WORD = regex.compile(r"[\p{L}']+|[?!.,]")
OPENING = 8  # words and stops, from which the phrases of an opening are made
FIRST = "first "  # before the name of a feature: that the first sentence shows it
CUT = 3.0  # a count further from the middle than this many deviations says nothing more


@cache
def markers(language: str) -> dict[str, Pattern]:
    """The published features, each as one pattern over lower-case folded text."""
    kept = listed(language).items()
    return {name: any_of(text.splitlines(), 0) for name, text in kept if name != "small"}


@cache
def listed(language: str) -> dict[str, str]:
    source = WORDS / f"receptiveness_{language}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def vocabulary(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words that phrases may keep: whole ones, and beginnings, the longest first."""
    words = " ".join(listed(language).values()).replace("^", "").split()
    beginnings = sorted({w[:-1] for w in words if w.endswith("*")}, key=lambda w: (-len(w), w))
    return frozenset(w for w in words if not w.endswith("*")), tuple(beginnings)


def lowered(reading: Reading) -> str:
    """Folding and lower-casing keep every place: no folded letter grows when lowered."""
    return reading.plain.text.lower()


def counted(reading: Reading) -> dict[str, float]:
    """Each published feature's log(1 + uses), then the form of the text."""
    text = lowered(reading)
    first, known = STOP.split(text.strip(), maxsplit=1)[0], markers(reading.language)
    uses = {name: math.log1p(len(p.findall(text))) for name, p in known.items()}
    begins = {FIRST + name: float(p.search(first) is not None) for name, p in known.items()}
    return {**uses, **form(reading.plain.text), **begins}


def form(text: str) -> dict[str, float]:
    """Length, questions, care taken. `text` is folded; its case counts."""
    words = text.split()
    n = max(len(words), 1)
    sentences = [s for s in STOP.split(text) if s.strip()]
    lower = text.lower()
    return {
        "words": math.log1p(len(words)),
        "sentences": math.log1p(len(sentences)),
        "words_per_sentence": len(words) / max(len(sentences), 1),
        "small_i": float(bool(regex.search(r"(?<!\w)i(?!\w)", text))),
        "capitals": float(len(regex.findall(r"\b[A-Z]{3,}\b", text))),
        "starts_with_a_capital": float(text[:1].isupper()),
        "ends_with_a_stop": float(text.rstrip()[-1:] in (".", "!", "?")),
        "no_apostrophe": float(len(ELISION.findall(lower))),
        "apostrophes": float(len(regex.findall(r"\w'\w", text))),
        "commas": float(text.count(",")),
        "asks": float("?" in text),
        "ends_asking": float(text.rstrip().endswith("?")),
        "exclamations": float(text.count("!")),
        "quotes": float(text.count('"')),
        "no_space": float(len(regex.findall(r"[.!?][A-Za-z]", text))),
        "word_length": sum(map(len, words)) / n,
        "variety": len(set(lower.split())) / n**0.5,
        "long_words": len(regex.findall(r"\b\w{9,}\b", text)) / n,
    }


def phrases(reading: Reading) -> dict[str, int]:
    """One and two words in a row, without topics; how often each is used."""
    tokens = style(reading)
    return Counter([*tokens, *in_a_row(tokens, 2)])


def opening(reading: Reading) -> dict[str, int]:
    """One to three words in a row among the first."""
    tokens = style(reading)[:OPENING]
    return Counter([*tokens, *in_a_row(tokens, 2), *in_a_row(tokens, 3)])


def style(reading: Reading) -> list[str]:
    return ["^", *(styled(t, reading.language) for t in TOKEN.findall(lowered(reading)))]


def in_a_row(tokens: Sequence[str], many: int) -> list[str]:
    return [" ".join(t) for t in zip(*(tokens[i:] for i in range(many)), strict=False)]


def words(reading: Reading) -> dict[str, float]:
    """Each word's share of the text; those that name a group of people say nothing."""
    said = WORD.findall(lowered(reading))
    shares = {word: n / (len(said) + 1) for word, n in Counter(said).items()}
    return {word: share for word, share in shares.items() if word not in groups()}


@cache
def groups() -> frozenset[str]:
    """Names of groups of people. What is said of them in the rated texts must teach nothing."""
    return frozenset(listed_words("groups.txt"))


def listed_words(name: str) -> list[str]:
    kept = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [word for line in kept if not line.startswith("#") for word in line.split()]


@cache
def styled(word: str, language: str) -> str:
    """The word itself, the beginning it has, or "_"."""
    whole, beginnings = vocabulary(language)
    if word in whole or word in "?!.,":
        return word
    return next((f"{b}*" for b in beginnings if word.startswith(b)), "_")


def weighed(found: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """(1 + log uses) x rarity, scaled to length 1: the usual weighting of words in texts."""
    raw = {p: (1 + math.log(n)) * idf[p] for p, n in found.items() if p in idf}
    length = math.sqrt(sum(v * v for v in raw.values())) or 1.0
    return {p: v / length for p, v in raw.items()}


def standard(value: float, mean: float, deviation: float) -> float:
    return max(-CUT, min(CUT, (value - mean) / deviation)) if deviation else 0.0


def rarities(texts: Sequence[Mapping[str, int]], least: int) -> dict[str, float]:
    """For each phrase of at least `least` texts, log of how few have it."""
    seen: dict[str, int] = {}
    for found in texts:
        for phrase in found:
            seen[phrase] = seen.get(phrase, 0) + 1
    n = len(texts)
    return {p: math.log((1 + n) / (1 + k)) + 1 for p, k in sorted(seen.items()) if k >= least}
