"""Fits the weights of the triage to written messages, and measures them.

One logistic regression a kind, with a ridge, over signs, pairs of signs, words and pieces of words.
The same messages always give the same weights. `./run bench triage` runs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from commonground.answer.engine.triage.kinds import KINDS, URGENT, Kind
from commonground.answer.engine.triage.model import Model, family_of, values_of
from commonground.answer.engine.triage.reading import Message
from commonground.answer.engine.triage.suite import Case

type Array = NDArray[np.float64]
LEAST = 2  # messages a feature must be in
KEPT = 6000  # features that ship
RIDGE = 0.5
AT_MOST = 6.0  # times as much as a message that is not of a kind, one that is may weigh
ROUNDS = 150
RECALL = 0.95  # asked of urgent kinds


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind: how many messages are of it, how many were found, how many wrongly proposed."""

    wanted: int
    right: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        proposed = self.right + self.wrong
        return self.right / proposed if proposed else 1.0


def rarities_of(messages: Sequence[Message]) -> dict[str, float]:
    """Every feature that enough messages have; of words and pieces, the rarer the more."""
    counted = Counter(name for message in messages for name, _ in message.features())
    total = len(messages)
    return {
        name: float(np.log((1 + total) / (1 + n)) + 1) if of_words(name) else 1.0
        for name, n in sorted(counted.items())
        if n >= LEAST
    }


def of_words(name: str) -> bool:
    return family_of(name) in ("word", "piece")


def table(messages: Iterable[Message], rarities: dict[str, float]) -> sparse.csr_matrix:
    places = {name: n for n, name in enumerate(rarities)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    count = 0
    for count, message in enumerate(messages, 1):
        for name, value in values_of(message, rarities):
            rows.append(count - 1)
            columns.append(places[name])
            values.append(value)
    return sparse.csr_matrix((values, (rows, columns)), shape=(count, len(places)))


def fit(messages: Sequence[Message], kinds: Sequence[frozenset[Kind]]) -> Model:
    """Weights for every kind, of the features that tell most; lines are drawn by `drawn`."""
    whole = rarities_of(messages)
    tell = np.abs(np.array(weighed(messages, kinds, whole))[:, :-1]).max(axis=0)
    best = set(np.argsort(-tell, kind="stable")[:KEPT].tolist())
    rarities = {name: value for n, (name, value) in enumerate(whole.items()) if n in best}
    found = weighed(messages, kinds, rarities)
    rows = np.round(np.array([w[:-1] for w in found]).T, 2)
    return Model(
        {name: tuple(map(float, row)) for name, row in zip(rarities, rows, strict=True)},
        {name: round(value, 2) for name, value in rarities.items()},
        tuple(round(float(w[-1]), 2) for w in found),
        (0.0,) * len(KINDS), (0.0,) * len(KINDS),
    )  # fmt: skip


def weighed(
    messages: Sequence[Message], kinds: Sequence[frozenset[Kind]], rarities: dict[str, float]
) -> list[Array]:
    known = table(messages, rarities)
    return [weights(known, is_of(kinds, kind)) for kind in KINDS]


def is_of(kinds: Sequence[frozenset[Kind]], kind: Kind) -> Array:
    return np.array([float(kind in own) for own in kinds])


def weights(known: sparse.csr_matrix, wanted: Array, ridge: float = RIDGE) -> Array:
    """Of each column, and last the intercept (d + 1 numbers)."""
    ours = max(wanted.sum(), 1.0)
    count = np.where(wanted > 0, min((len(wanted) - ours) / ours, AT_MOST), 1.0)

    def cost(w: Array) -> tuple[float, Array]:
        said = known @ w[:-1] + w[-1]
        miss = (1 / (1 + np.exp(-said)) - wanted) * count
        loss = (count * (np.logaddexp(0, said) - wanted * said)).sum() + ridge / 2 * w[:-1] @ w[:-1]
        return float(loss), np.append(known.T @ miss + ridge * w[:-1], miss.sum())

    start = np.zeros(known.shape[1] + 1)
    done: Any = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return np.asarray(done.x)


def scores(model: Model, messages: Iterable[Message]) -> Array:
    """One row a message, one column a kind, in logits."""
    rows = [dict(values_of(message, model.rarities)) for message in messages]
    return np.array([[model.score(row, n) for n in range(len(KINDS))] for row in rows])


def cross_validated(cases: Sequence[Case], folds: int = 5, seed: int = 1) -> Array:
    """The scores of each message by weights that have not seen it."""
    messages, kinds = laid_out(cases)
    part = np.random.default_rng(seed).permutation(len(cases)) % folds
    found = np.zeros((len(cases), len(KINDS)))
    for fold in range(folds):
        known, held = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        model = fit([messages[i] for i in known], [kinds[i] for i in known])
        found[held] = scores(model, (messages[i] for i in held))
    return found


def laid_out(cases: Sequence[Case]) -> tuple[list[Message], list[frozenset[Kind]]]:
    return [Message(c.text, c.language) for c in cases], [c.kinds for c in cases]


def drawn(found: Array, kinds: Sequence[frozenset[Kind]]) -> tuple[float, ...]:
    """Where each kind's line is: for urgent kinds so that hardly one is overlooked, for the others
    where precision and recall together (F1) are best."""
    return tuple(
        round(line(found[:, n], is_of(kinds, kind), urgent=kind in URGENT), 3)
        for n, kind in enumerate(KINDS)
    )


def surely(found: Array, kinds: Sequence[frozenset[Kind]]) -> tuple[float, ...]:
    """From where on each kind is likely: where precision and recall together (F1) are best."""
    return tuple(
        round(line(found[:, n], is_of(kinds, kind), urgent=False), 3)
        for n, kind in enumerate(KINDS)
    )


def line(score: Array, wanted: Array, *, urgent: bool) -> float:
    order = np.argsort(-score)
    right = np.cumsum(wanted[order])
    recall, precision = right / wanted.sum(), right / np.arange(1, len(order) + 1)
    best = (
        np.argmax(recall >= RECALL)
        if urgent
        else np.argmax(2 * recall * precision / np.maximum(recall + precision, 1e-9))
    )
    return float(score[order[best]])


def figures(
    found: Array, lines: Sequence[float], kinds: Sequence[frozenset[Kind]]
) -> dict[Kind, Figures]:
    told = {}
    for n, kind in enumerate(KINDS):
        proposed, wanted = found[:, n] >= lines[n], is_of(kinds, kind) > 0
        told[kind] = Figures(
            int(wanted.sum()), int((proposed & wanted).sum()), int((proposed & ~wanted).sum())
        )
    return told
