"""From outcomes to figures, each with how far it may be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 1000
INNER = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One event laid into the background once, and what the detector made of it.

    Times in seconds. `delay` runs from the event's first post; None if it was not found.
    `label_fits` and `help_fits` are None where the truth says nothing to compare with.
    """

    event: str
    slow: bool
    language: str
    seed: int
    delay: float | None
    posts_seen: int = 0
    label: str = ""
    why: str = ""
    label_fits: bool | None = None
    help: tuple[str, ...] = ()
    help_fits: bool | None = None
    more_moments: int = 0  # the same event opened as a further moment


type Figure = Callable[[Sequence[Outcome]], float | None]


def recall(outcomes: Sequence[Outcome], within: float = 6 * 3600.0) -> float | None:
    """The share of outcomes found within so many seconds; None of nothing."""
    found = [o.delay is not None and o.delay <= within for o in outcomes]
    return sum(found) / len(found) if found else None


def median_delay(outcomes: Sequence[Outcome]) -> float | None:
    """The middle delay in minutes; what was missed counts as later than all that was found.

    None where the middle itself was missed.
    """
    delays = sorted(float("inf") if o.delay is None else o.delay for o in outcomes)
    if not delays:
        return None
    middle = (delays[(len(delays) - 1) // 2] + delays[len(delays) // 2]) / 2
    return round(middle / 60, 2) if middle != float("inf") else None


def label_match(outcomes: Sequence[Outcome]) -> float | None:
    return share([o.label_fits for o in outcomes])


def help_match(outcomes: Sequence[Outcome]) -> float | None:
    return share([o.help_fits for o in outcomes])


def share(answers: Sequence[bool | None]) -> float | None:
    known = [a for a in answers if a is not None]
    return sum(known) / len(known) if known else None


def more_moments(outcomes: Sequence[Outcome]) -> float | None:
    found = [o.more_moments for o in outcomes if o.delay is not None]
    return sum(found) / len(found) if found else None


def interval(
    figure: Figure, outcomes: Sequence[Outcome], *, seed: int = 1
) -> tuple[float | None, float | None]:
    """The middle 95 % of the figure when the *events* are drawn again with replacement.

    Injections of one event are not independent of each other, so events are what is drawn
    (the cluster bootstrap; Efron and Tibshirani 1993). Fewer than two events: no interval.
    """
    by_event: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_event.setdefault(outcome.event, []).append(outcome)
    groups = list(by_event.values())
    if len(groups) < 2:
        return None, None
    dice = np.random.default_rng(seed)
    drawn = dice.integers(0, len(groups), size=(DRAWS, len(groups)))
    values = [figure([o for g in row for o in groups[g]]) for row in drawn]
    worst = float("inf")
    ordered = sorted(worst if v is None else v for v in values)
    ends = [ordered[int(q * (DRAWS - 1))] for q in INNER]
    return (ends[0] if ends[0] != worst else None, ends[1] if ends[1] != worst else None)


FIGURES: Mapping[str, Figure] = {
    "recall": recall,
    "median_delay_minutes": median_delay,
    "label_match": label_match,
    "resource_match": help_match,
    "further_moments": more_moments,
}


def measured(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Every figure of these outcomes with its interval, ready for JSON."""
    told: dict[str, object] = {
        "events": len({o.event for o in outcomes}),
        "injections": len(outcomes),
    }
    for name, figure in FIGURES.items():
        low, high = interval(figure, outcomes)
        told[name] = {"is": rounded(figure(outcomes)), "from": rounded(low), "to": rounded(high)}
    return told


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
