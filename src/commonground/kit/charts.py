"""Curves as SVG paths. A page colours them, and shows the same numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

WIDTH, HEIGHT = 720.0, 190.0


@dataclass(frozen=True, slots=True)
class Point:
    """What was counted in a stretch of time, and what that stretch usually holds."""

    at: datetime
    count: float
    usual: float = 0.0


@dataclass(frozen=True)
class Curve:
    """Points, drawn. The highest count or usual touches the top; zero is the bottom."""

    points: Sequence[Point]

    @cached_property
    def top(self) -> float:
        return max([1.0, *(p.count for p in self.points), *(p.usual for p in self.points)])

    @cached_property
    def now(self) -> str:
        """The line of what was counted."""
        return self.line([p.count for p in self.points])

    @cached_property
    def area(self) -> str:
        return self.closed(self.now)

    @cached_property
    def usual(self) -> str:
        """The field below what is usual."""
        return self.closed(self.line([p.usual for p in self.points]))

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]

    def line(self, values: Sequence[float]) -> str:
        """SVG path data, evenly spaced; a lone value becomes a level line."""
        values = list(values) * 2 if len(values) == 1 else values
        if not values:
            return ""
        step = WIDTH / (len(values) - 1)
        spots = [f"{i * step:.1f} {HEIGHT * (1 - v / self.top):.1f}" for i, v in enumerate(values)]
        return "M" + " L".join(spots)

    def closed(self, line: str) -> str:
        return f"{line} L{WIDTH:.0f} {HEIGHT:.0f} L0 {HEIGHT:.0f}Z" if line else ""


@dataclass(frozen=True, slots=True)
class Range:
    """A share with its interval, both between 0 and 1, as percentages of a bar's length."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def spot(self) -> float:
        return round(100 * min(max(self.value, 0.0), 1.0), 1)

    @property
    def known(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def start(self) -> float:
        return round(100 * max(self.low or 0.0, 0.0), 1)

    @property
    def length(self) -> float:
        return round(100 * min(self.high or 0.0, 1.0) - self.start, 1)
