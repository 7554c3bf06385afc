"""Fits the receptiveness model: one ridge regression, whose every weight can be read.

Given texts and how receptive raters who disagree found them, it gives weights; the same
texts always give the same weights. `./run bench coach` runs it with cross-validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.say.engine.coach.features import counted, phrases, rarities, standard, weighed
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.receptiveness import Feature, Model

Array = NDArray[np.float64]
SHRINKAGE = 5.0  # how strongly weights are pulled to nothing (ridge)
SCALE = 0.08  # of a standardised feature against a phrase: few and dense against many and sparse
LEAST_TEXTS = 3  # a phrase in fewer texts is chance


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model sees of one text."""

    counted: Mapping[str, float]
    phrases: Mapping[str, int]


def see(text: str, language: str = "en") -> Seen:
    reading = Reading(text, language)
    return Seen(counted(reading), phrases(reading))


def fit(
    texts: Sequence[Seen],
    ratings: Array,
    *,
    with_phrases: bool = True,
    shrinkage: float = SHRINKAGE,
) -> Model:
    """Weights that best tell `ratings` (n numbers, any unit) from n texts, shrunk."""
    names = list(texts[0].counted)
    table = np.array([[t.counted[n] for n in names] for t in texts])
    means, deviations = table.mean(axis=0), table.std(axis=0)
    idf = rarities([t.phrases for t in texts], LEAST_TEXTS) if with_phrases else {}
    blank = Model(
        intercept=float(ratings.mean()),
        features={
            n: Feature(0.0, float(m), float(d))
            for n, m, d in zip(names, means, deviations, strict=True)
        },
        phrases={},
        idf=idf,
    )
    wide = rows(texts, blank)
    middle = wide.mean(axis=0)
    wide -= middle
    # As many equations as texts, not as phrases: the dual form of ridge.
    inner = wide @ wide.T + shrinkage * np.eye(len(texts))
    weights = wide.T @ np.linalg.solve(inner, ratings - ratings.mean())
    return named(weights, blank, middle)


def rows(texts: Sequence[Seen], model: Model) -> Array:
    """One row a text: standardised features times SCALE, then weighted phrases."""
    names, order = list(model.features), {p: i for i, p in enumerate(model.idf)}
    wide = np.zeros((len(texts), len(names) + len(order)))
    for row, seen in zip(wide, texts, strict=True):
        for at, name in enumerate(names):
            of = model.features[name]
            row[at] = SCALE * standard(seen.counted[name], of.mean, of.deviation)
        for phrase, value in weighed(seen.phrases, model.idf).items():
            row[len(names) + order[phrase]] = value
    return wide


def named(weights: Array, model: Model, middle: Array) -> Model:
    """The weights by name; the intercept gives the middle text the middle rating."""
    names = list(model.features)
    features = {
        n: Feature(float(w) * SCALE, model.features[n].mean, model.features[n].deviation)
        for n, w in zip(names, weights, strict=False)
    }
    by_phrase = dict(zip(model.idf, map(float, weights[len(names) :]), strict=True))
    intercept = model.intercept - float(middle @ weights)
    return Model(intercept, features, by_phrase, model.idf)
