"""The weeks of a calendar, by the ISO count: Monday first, named 2026-W10."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

NAME = re.compile(r"(\d{4})-W(\d{2})")
DAYS = 7
FIRST_YEAR, LAST_YEAR = 2000, 2999  # beyond them a year is a slip, and arithmetic ends


@dataclass(frozen=True, slots=True)
class Week:
    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def named(cls, typed: str) -> Week | None:
        """The week of that name; none where there is no such week."""
        found = NAME.fullmatch(typed)
        if found and not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            return None
        try:
            return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1)) if found else None
        except ValueError:
            return None

    @property
    def name(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=n) for n in range(DAYS)]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    def other(self, weeks: int) -> Week | None:
        """So many weeks later, or earlier; none where dates end."""
        try:
            return Week(self.monday + timedelta(days=DAYS * weeks))
        except OverflowError:
            return None
