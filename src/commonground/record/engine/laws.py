"""Until when a request for records must be answered, by the law it was made under."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

DAY = timedelta(days=1)
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Law:
    """One row of laws.toml."""

    code: str
    name: str
    days: int
    counts: str
    extension: int  # at most; 0: the law names no number
    reasons: Sequence[str]
    source: str
    holidays: Sequence[str]

    def due(self, received: date, more: int = 0) -> date:
        """The last day for an answer; `more`: days of extension, counted as the law counts."""
        return after(received, self.days + more, self)


@cache
def laws() -> Mapping[str, Law]:
    told = tomllib.loads((Path(__file__).parent / "laws.toml").read_text(encoding="utf-8"))
    return {code: Law(code, **row) for code, row in told.items()}


def after(first: date, days: int, law: Law) -> date:
    """So many days after that day; the day itself never counts."""
    if law.counts == "calendar":
        return first + days * DAY
    at = first
    while days > 0:
        at += DAY
        days -= is_working(at, law)
    return at


def left(now: date, due: date, law: Law) -> int:
    """How many days are left, counted as the law counts; below zero once it is overdue."""
    if law.counts == "calendar":
        return (due - now).days
    first, last = sorted((now, due))
    between = sum(is_working(first + n * DAY, law) for n in range(1, (last - first).days + 1))
    return between if due >= now else -between


def is_working(day: date, law: Law) -> bool:
    return day.weekday() not in WEEKEND and day not in holidays(law.code, day.year)


@cache
def holidays(code: str, year: int) -> frozenset[date]:
    """The holidays of a year. Those of the next are among them: one may be kept in this."""
    found: set[date] = set()
    for rule in laws()[code].holidays:
        for y in (year, year + 1):
            found.add(kept(rule, y, found))
    return frozenset(found)


def kept(rule: str, year: int, taken: set[date]) -> date:
    """The day on which a holiday is kept."""
    how, _, plain = rule.partition(" ")
    if how == "moved":
        day = named(plain, year)
        while day.weekday() in WEEKEND or day in taken:
            day += DAY
        return day
    if how == "around":
        day = named(plain, year)
        return day + {5: -DAY, 6: DAY}.get(day.weekday(), 0 * DAY)
    return named(rule, year)


def named(rule: str, year: int) -> date:
    if rule.startswith("easter"):
        return easter(year) + int(rule.removeprefix("easter")) * DAY
    if " " in rule:
        nth, weekday, month = map(int, rule.split())
        return nth_of(year, month, weekday, nth)
    month, day = map(int, rule.split("-"))
    return date(year, month, day)


def nth_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * DAY
    last = date(year, month, monthrange(year, month)[1])
    return last - ((last.weekday() - weekday) % 7) * DAY


def easter(year: int) -> date:
    """Easter Sunday (Gregorian), by the method of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
