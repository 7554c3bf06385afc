"""What a sample says of everybody: estimates with their intervals, from weights by raking.

How weights are found stands in kit.raking. The interval is that of the calibrated mean: only what
the margins leave unexplained is uncertain (Deville and Särndal, 1992). People are put into a fixed
order first: the same answers give the same figures bit by bit, in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commonground.kit.raking import Floats, Ints, design_effect

LEAST_CELL = 10  # people: of fewer nothing is told, for they could be known
LEVEL = 0.975  # of an interval that holds the truth 95 times in 100


@dataclass(frozen=True)
class Estimate:
    """A weighed mean with its 95 % interval. None where fewer than ten people answered."""

    people: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    design_effect: float | None = None


def estimate(answers: Floats, weight: Floats, traits: Ints) -> Estimate:
    """The mean of answers (P), nan where somebody passed, and how sure it is.

    traits (P x D) are those that the weights were raked by.
    """
    from scipy.special import stdtrit  # half a second of every start, and seldom needed

    said = np.isfinite(answers)
    people = int(said.sum())
    if people < LEAST_CELL:
        return Estimate(people)
    # One order for whatever order they came in, so that sums round the same way.
    order = np.lexsort((answers[said], weight[said], *traits[said].T))
    y, w, t = answers[said][order], weight[said][order], traits[said][order]
    mean = float((w * y).sum() / w.sum())
    left, known = unexplained(y, w, t)
    spread = float(((w * left) ** 2).sum()) * people / (people - 1) / float(w.sum()) ** 2
    half = float(stdtrit(max(people - known, 1), LEVEL)) * float(np.sqrt(spread))
    return Estimate(people, mean, mean - half, mean + half, design_effect(w))


def unexplained(y: Floats, w: Floats, traits: Ints) -> tuple[Floats, int]:
    """What the traits leave of each answer, and how many numbers they explain it by."""
    columns = [np.ones(len(y))]
    for column in traits.T:
        columns += [(column == value).astype(np.float64) for value in np.unique(column)[1:]]
    table = np.column_stack(columns)
    root = np.sqrt(w)
    slope, _, rank, _ = np.linalg.lstsq(table * root[:, None], y * root, rcond=None)
    return y - table @ slope, int(rank)


def by_group(
    answers: Floats, weight: Floats, traits: Ints, groups: Sequence[int]
) -> dict[int, Estimate]:
    """An estimate for each group. A group of fewer than ten is not told, nor one that answered
    with one voice: what its mean says, it says of each of them. Nor are as many others, the
    smallest first, as it takes: the whole without what is told must not say what is hidden."""
    which = np.asarray(groups)
    told = {
        int(g): estimate(answers[which == g], weight[which == g], traits[which == g])
        for g in np.unique(which)
    }
    alike = {g for g in told if one_voice(answers[which == g])}
    return hide_more({g: Estimate(e.people) if g in alike else e for g, e in told.items()})


def one_voice(answers: Floats) -> bool:
    said = answers[np.isfinite(answers)]
    return bool(said.size) and bool((said == said[0]).all())


def hide_more(told: Mapping[int, Estimate]) -> dict[int, Estimate]:
    """Hide on until what is hidden is at least two groups and ten people, or nothing is told."""
    out = dict(told)
    while is_led_back_to(out):
        shown = [g for g, one in out.items() if one.mean is not None]
        if not shown:
            break
        least = min(shown, key=lambda g: (out[g].people, g))
        out[least] = Estimate(out[least].people)
    return out


def is_led_back_to(told: Mapping[int, Estimate]) -> bool:
    hidden = [one.people for one in told.values() if one.mean is None and one.people]
    return bool(hidden) and (len(hidden) < 2 or sum(hidden) < LEAST_CELL)
