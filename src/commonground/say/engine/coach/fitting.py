"""Fits the receptiveness model: one ridge regression, whose every weight can be read.

Given texts and how receptive raters who disagree found them, it gives weights; the same
texts always give the same weights. `./run bench coach` runs it with cross-validation.

A word's weight comes from where the word stands in a space of word vectors (the package
wordllama, whose vectors derive from the embeddings of Llama 2), so that words of the same
meaning weigh about the same. The product reads the weights only, never the vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from commonground.say.engine.coach.features import FIRST, groups, rarities, standard, weighed
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.receptiveness import (
    Feature,
    Model,
    Phrases,
    Seen,
    longer,
    see as seen_of,
)

Array = NDArray[np.float64]
SHRINKAGE = 8.0  # how strongly weights are pulled to nothing (ridge)
SCALE = 0.08  # of a standardised feature against a phrase: few and dense against many and sparse
HALF = 0.5**0.5  # of a feature's weight: for first sentences, and for long texts
OF_OPENINGS = 0.3**0.5  # of a phrase's weight: for the phrases of openings
OF_WORDS = 0.4**0.5  # of a phrase's weight: for words
OF_PAIRS = 0.2**0.5  # of a phrase's weight: for what two features show together
LEAST_TEXTS = 3  # a phrase in fewer texts is chance
SHORT_FORMS = (
    "don't", "can't", "isn't", "doesn't", "it's", "i'm", "i've", "you're", "they're", "that's",
    "?", "!", ",", ".",
)  # fmt: skip


def see(text: str, language: str = "en") -> Seen:
    return seen_of(Reading(text, language))


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the table mean, known before any weight is."""

    features: Mapping[str, Feature]
    of_pairs: float  # brings the columns of pairs of features to the size of the others
    phrases: Mapping[str, float]
    opening: Mapping[str, float]
    words: Mapping[str, Array]
    of_words: float  # brings the columns of words to the size of the others


def fit(
    texts: Sequence[Seen],
    ratings: Array,
    *,
    with_phrases: bool = True,
    shrinkage: float = SHRINKAGE,
) -> Model:
    """Weights that best tell `ratings` (n numbers, any unit) from n texts, shrunk.

    Without phrases, and without words: what another language can borrow.
    """
    columns = columns_of(texts, with_phrases=with_phrases)
    wide = rows(texts, columns)
    middle = wide.mean(axis=0)
    wide -= middle
    # As many equations as texts, not as phrases: the dual form of ridge.
    inner = wide @ wide.T + shrinkage * np.eye(len(texts))
    weights = wide.T @ np.linalg.solve(inner, ratings - ratings.mean())
    return named(weights, columns, float(ratings.mean() - middle @ weights))


def columns_of(texts: Sequence[Seen], *, with_phrases: bool) -> Columns:
    names = list(texts[0].counted)
    table = np.array([[t.counted[n] for n in names] for t in texts])
    features = {
        n: Feature(0.0, float(m), float(d))
        for n, m, d in zip(names, table.mean(axis=0), table.std(axis=0), strict=True)
    }
    if not with_phrases:
        return Columns(features, 0.0, {}, {}, {}, 0.0)
    bare = Columns(features, 1.0, {}, {}, {}, 0.0)
    pairs = np.array([together(measured(t, bare), bare) for t in texts])
    among = float(((pairs - pairs.mean(axis=0)) ** 2).sum() / len(texts))
    known = vectors()
    table = np.array([place(t.words, known) for t in texts])
    spread = float(((table - table.mean(axis=0)) ** 2).sum() / len(texts))
    return Columns(
        features,
        OF_PAIRS / among**0.5,
        rarities([t.phrases for t in texts], LEAST_TEXTS),
        rarities([t.opening for t in texts], LEAST_TEXTS),
        known,
        OF_WORDS / spread**0.5,
    )


def rows(texts: Sequence[Seen], columns: Columns) -> Array:
    return np.array([row(seen, columns) for seen in texts])


def row(seen: Seen, columns: Columns) -> Array:
    """Features, features by length, pairs, phrases, phrases of the opening, words."""
    z = measured(seen, columns)
    parts = [
        [SCALE * (HALF if n.startswith(FIRST) else 1.0) * v for n, v in z.items()],
        [SCALE * HALF * longer(z[n], z["words"]) for n in by_length(columns)],
        together(z, columns),
        spread_out(weighed(seen.phrases, columns.phrases), columns.phrases),
        OF_OPENINGS * spread_out(weighed(seen.opening, columns.opening), columns.opening),
    ]
    if columns.words:
        parts.append(columns.of_words * place(seen.words, columns.words))
    return np.concatenate([np.asarray(p, dtype=float) for p in parts])


def by_length(columns: Columns) -> list[str]:
    return [n for n in columns.features if not n.startswith(FIRST)]


def measured(seen: Seen, columns: Columns) -> dict[str, float]:
    return {n: standard(seen.counted[n], f.mean, f.deviation) for n, f in columns.features.items()}


def pairs_of(columns: Columns) -> list[tuple[str, str]]:
    """Every two features, and each with itself; not those of the first sentence."""
    if not columns.of_pairs:
        return []
    return list(combinations_with_replacement(by_length(columns), 2))


def root(one: str, other: str) -> float:
    """Two different ones stand for both orders."""
    return 1.0 if one == other else 2**0.5


def together(z: Mapping[str, float], columns: Columns) -> Array:
    """The products of features: as in a polynomial of the second degree."""
    scaled = [columns.of_pairs * root(a, b) * z[a] * z[b] for a, b in pairs_of(columns)]
    return np.array(scaled, dtype=float)


def spread_out(values: Mapping[str, float], order: Mapping[str, float]) -> Array:
    return np.array([values.get(p, 0.0) for p in order])


def place(shares: Mapping[str, float], known: Mapping[str, Array]) -> Array:
    """The middle of a text's words in the space of vectors."""
    said = [share * known[w] for w, share in shares.items() if w in known]
    return np.sum(said, axis=0) if said else np.zeros_like(next(iter(known.values())))


def named(weights: Array, columns: Columns, intercept: float) -> Model:
    """The weights by name. What the columns were scaled by is in the weights now."""
    names, long, pairs = list(columns.features), by_length(columns), pairs_of(columns)
    sizes = [len(names), len(long), len(pairs), len(columns.phrases), len(columns.opening)]
    own, by, both, common, first, in_space = np.split(weights, np.cumsum(sizes))
    scaled = [SCALE * (HALF if n.startswith(FIRST) else 1.0) for n in names]
    return Model(
        intercept,
        {
            n: Feature(float(w * k), columns.features[n].mean, columns.features[n].deviation)
            for n, w, k in zip(names, own, scaled, strict=True)
        },
        {n: float(w) * SCALE * HALF for n, w in zip(long, by, strict=True)},
        {p: float(w) * columns.of_pairs * root(*p) for p, w in zip(pairs, both, strict=True)},
        Phrases(dict(zip(columns.phrases, map(float, common), strict=True)), columns.phrases),
        Phrases(
            {p: float(w) * OF_OPENINGS for p, w in zip(columns.opening, first, strict=True)},
            columns.opening,
        ),
        {w: float(v @ in_space) * columns.of_words for w, v in columns.words.items()},
    )


@cache
def vectors() -> dict[str, Array]:
    """Every whole word of the package's vocabulary, and its vector."""
    import wordllama

    home = Path(wordllama.__file__).parent
    whole: Any = wordllama.WordLlama.load(cache_dir=home, disable_download=True)
    tokens: dict[str, int] = whole.tokenizer.get_vocab()
    begins = {t[1:]: i for t, i in tokens.items() if regex.fullmatch("\u2581[a-z]+", t)}
    found = {w: np.asarray(whole.embedding[begins[w]], dtype=float) for w in sorted(begins)}
    for form in SHORT_FORMS:
        pieces = whole.tokenizer.encode(form, add_special_tokens=False).ids
        found[form] = np.asarray(whole.embedding[pieces], dtype=float).sum(axis=0)
    return {w: v for w, v in found.items() if w not in groups()}
