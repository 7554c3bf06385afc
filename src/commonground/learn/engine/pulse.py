"""What a round of the pulse comes to: each score weighed, with its interval, and by trait.

A score is what somebody agrees to, from 1 (not at all) to 5 (fully), shown from 0 to 100. Only
sums leave this module, and only those of ten people and more: see weighting.by_group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from commonground.kit.raking import Floats, Ints, Weights, weighed
from commonground.learn.engine.weighting import LEAST_CELL, Estimate, by_group, estimate

SCORES = ("safety", "fairness", "respect", "voice")  # of Blockwise surveys, in their order
LEAST, BEST = 1, 5
AGREE = 4  # and above
FAR = 0.02  # of a margin: further off, the crowd is not as mixed as the place
DIGITS = 2


@dataclass(frozen=True)
class Round:
    """answers (P x 4): 1 to 5, nan where somebody passed. traits (P x D): class, -1 untold.
    shares: by trait, the share of each class among everybody who lives there."""

    answers: Floats
    traits: Ints
    shares: Sequence[Sequence[float]]


def told(held: Round) -> dict[str, Any]:
    """The figures of a round asked with codes, as plain numbers rounded to hundredths.

    people. Where they are ten and more also: effective and design_effect (Kish), off (points by
    which the furthest margin is missed), settled, trimmed, absent, mixed (whether the weighed
    crowd is as mixed as the place), and by score `score` (0 to 100) and `agree` (per cent), each
    with people, mean, low, high and design_effect, and `groups`: by trait and class the same, None
    where fewer than ten people answered or where the others would tell of so few.
    """
    people = len(held.answers)
    if people < LEAST_CELL:
        return {"people": 0, "few": True}
    found = weighed(held.traits, held.shares)
    return {
        "people": people, "few": False, "effective": rounded(found.effective),
        "design_effect": rounded(found.design_effect), "off": rounded(100 * found.off),
        "settled": found.settled, "trimmed": found.trimmed,
        "absent": [list(a) for a in found.absent],
        "mixed": found.settled and found.off <= FAR and not any(found.absent),
        "scores": {
            name: score(held.answers[:, at], found, held) for at, name in enumerate(SCORES)
        },
    }  # fmt: skip


def score(answers: Floats, found: Weights, held: Round) -> dict[str, Any]:
    hundred = (answers - LEAST) * (100 / (BEST - LEAST))
    agree = np.where(np.isfinite(answers), 100.0 * (answers >= AGREE), np.nan)
    whole = estimate(hundred, found.weight, held.traits)
    return {
        "score": row(whole), "agree": row(estimate(agree, found.weight, held.traits)),
        "passed": passed(len(answers) - whole.people),
        "groups": [
            by_class(hundred, found.weight, held, at) for at in range(held.traits.shape[1])
        ],
    }  # fmt: skip


def by_class(answers: Floats, weight: Floats, held: Round, at: int) -> list[dict[str, Any] | None]:
    """By class of one trait. Those who did not tell theirs are a group too: without them the whole
    would say what is hidden. It is never told."""
    column = held.traits[:, at]
    of = by_group(answers, weight, held.traits, column.tolist())
    return [row(of.get(n, Estimate(0))) for n in range(len(held.shares[at]))]


def row(one: Estimate) -> dict[str, Any] | None:
    if one.mean is None or one.low is None or one.high is None:
        return None
    return {
        "people": one.people, "mean": rounded(one.mean),
        "low": rounded(max(0.0, one.low)), "high": rounded(min(100.0, one.high)),
        "design_effect": rounded(one.design_effect or 1.0),
    }  # fmt: skip


def passed(many: int) -> int | None:
    """How many left it out; None for a few: it is nobody's business who."""
    return many if many == 0 or many >= LEAST_CELL else None


def open_to_anyone(answers: Floats) -> dict[str, Any]:
    """The same without proof of who answered: bare means, no interval, for there is no sample that
    one could speak of. One person may have sent many."""
    people = len(answers)
    if people < LEAST_CELL:
        return {"people": 0, "few": True}
    return {
        "people": people, "few": False,
        "scores": {name: bare(answers[:, at]) for at, name in enumerate(SCORES)},
    }  # fmt: skip


def bare(answers: Floats) -> dict[str, Any] | None:
    said = answers[np.isfinite(answers)]
    if len(said) < LEAST_CELL:
        return None
    mean = float(np.sort(said).sum()) / len(said)
    return {"people": len(said), "mean": rounded((mean - LEAST) * 100 / (BEST - LEAST))}


def rounded(number: float) -> float:
    return round(float(number), DIGITS)
