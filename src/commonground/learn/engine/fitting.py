"""Learns the weights from the labelled set, and says how good they are on incidents never seen.

Logistic regression with three answers, drawn to zero by a ridge: small, and each weight can be
read. Deterministic: the same set gives the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commonground.learn.engine.judging import Model
from commonground.learn.engine.labelled import Pair
from commonground.learn.engine.signs import NAMES, message_of, read, seen

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

RIDGE = 12.0  # of 1, 3, 6, 12, 25 the first beyond which little is gained
STEPS = 400
FOLDS = 7
SEED = 8
ANSWERS = 3


def laid_out(pairs: Sequence[Pair]) -> tuple[Floats, Ints]:
    """Signs (N x signs) and labels (N)."""
    ready = {id(pair.article): read(pair.article) for pair in pairs}
    told = {text: message_of(text) for pair in pairs for text in pair.messages}
    rows = [
        seen(told[p.message], ready[id(p.article)], [told[m] for m in p.messages if m != p.message])
        for p in pairs
    ]
    return np.array([row.signs for row in rows]), np.array([p.carried for p in pairs])


def fit(signs: Floats, labels: Ints, ridge: float = RIDGE) -> Model:
    """Newton's method on the ridged likelihood; every class weighs the same."""
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    table = np.column_stack([np.ones(len(signs)), (signs - middle) / spread])
    wanted = np.eye(ANSWERS)[labels]
    rarity = (len(labels) / (ANSWERS * np.maximum(wanted.sum(axis=0), 1)))[labels]
    many = table.shape[1]
    pull = np.full(many, ridge)
    pull[0] = 1e-3
    weights = np.zeros((many, ANSWERS))
    for _ in range(STEPS):
        chance = softmax(table @ weights)
        slope = table.T @ (rarity[:, None] * (chance - wanted)) + pull[:, None] * weights
        step = np.linalg.solve(curve(table, chance, rarity, pull), slope.T.ravel())
        weights = weights - step.reshape(ANSWERS, many).T
        if np.abs(step).max() < 1e-10:
            break
    return Model(dict(zip(NAMES, zip(middle, spread, strict=True), strict=True)), weights)


def curve(table: Floats, chance: Floats, rarity: Floats, pull: Floats) -> Floats:
    many = table.shape[1]
    out = np.zeros((ANSWERS * many, ANSWERS * many))
    for a in range(ANSWERS):
        for b in range(ANSWERS):
            share = rarity * chance[:, a] * ((a == b) - chance[:, b])
            block = table.T @ (share[:, None] * table) + (a == b) * np.diag(pull)
            out[a * many : (a + 1) * many, b * many : (b + 1) * many] = block
    return out


def softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Floats = raised / raised.sum(axis=1, keepdims=True)
    return out


def folds(pairs: Sequence[Pair], many: int = FOLDS, seed: int = SEED) -> Ints:
    """A fold for each pair: an incident, in both languages if it has a twin, lies in one only."""
    names = sorted({story(p) for p in pairs})
    order = np.random.default_rng(seed).permutation(len(names))
    place = {names[at]: n % many for n, at in enumerate(order)}
    return np.array([place[story(p)] for p in pairs])


def story(pair: Pair) -> str:
    return TWINS.get(pair.incident, pair.incident)


# Written twice, in English and in French: what is learnt of one is learnt of the other.
TWINS = {
    "collision-route-138": "crash-on-county-road-12",
    "violence-conjugale": "partner-violence-in-marlow",
    "faux-petit-fils": "grandparent-scam",
    "crue-de-la-riviere": "flood-on-river-street",
    "feu-de-foret": "brook-canyon-fire",
    "verglas": "storm-over-lake-edna",
    "cambriolages": "thefts-from-cars",
    "fuite-de-gaz": "gas-leak-on-quay-street",
    "disparition-de-lea": "missing-girl",
    "canicule": "heat-in-the-valley",
}


def cross_validated(pairs: Sequence[Pair], seed: int = SEED) -> Floats:
    """For each pair, the chances of the three answers by a model that saw nothing of its
    incident."""
    signs, labels = laid_out(pairs)
    fold = folds(pairs, seed=seed)
    out = np.zeros((len(pairs), ANSWERS))
    for held in range(FOLDS):
        model = fit(signs[fold != held], labels[fold != held])
        out[fold == held] = model.chances(signs[fold == held])
    return out


def confusion(labels: Ints, answers: Ints) -> Ints:
    """Rows are the truth, columns the answer."""
    out = np.zeros((ANSWERS, ANSWERS), np.int64)
    np.add.at(out, (labels, answers), 1)
    return out


def macro_f1(table: Ints) -> float:
    hits = np.diag(table).astype(float)
    return float(np.mean(2 * hits / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)))
