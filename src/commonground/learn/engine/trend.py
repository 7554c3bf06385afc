"""Rounds of a pulse side by side, as an SVG drawing: means as dots, intervals as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 200.0
RIM = 40.0  # left for the scale, and half of it on the right


@dataclass(frozen=True, slots=True)
class Dot:
    """One round: where it stands, from pixels of the drawing. `label` stands below it."""

    label: str
    x: float
    y: float
    low: float
    high: float


def drawn(rounds: Sequence[tuple[str, float, float, float]]) -> list[Dot]:
    """rounds: label, mean, low, high, all of the scale 0 to 100. The oldest stands left; a lone
    one in the middle. Top is 100: a scale that ended sooner would make small steps look large."""
    room = WIDTH - 1.5 * RIM
    step = room / max(len(rounds) - 1, 1)
    first = RIM if len(rounds) > 1 else RIM + room / 2
    return [
        Dot(label, round(first + at * step, 1), *(round(height(v), 1) for v in (mean, low, high)))
        for at, (label, mean, low, high) in enumerate(rounds)
    ]


def height(value: float) -> float:
    return HEIGHT * (1 - min(max(value, 0.0), 100.0) / 100)


def line(dots: Sequence[Dot]) -> str:
    """SVG path data through the means."""
    return "M" + " L".join(f"{d.x:.1f} {d.y:.1f}" for d in dots) if dots else ""
