"""On which days something comes again, and at what instant on the agency's own clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

WEEK = 7
DECEMBER = 12


class Repeats(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH_DATE = "date"  # the 31st; in shorter months their last day
    MONTH_WEEKDAY = "weekday"  # the second Tuesday; the fifth is the last one
    MONTH_LAST = "last"  # the last Friday
    YEAR = "year"  # 29 February is the 28th where there is none


@dataclass(frozen=True, slots=True)
class Rhythm:
    """From a first day to a last one, every so many days, weeks, months or years."""

    repeats: Repeats
    since: date
    until: date
    every: int = 1
    weekdays: frozenset[int] = frozenset()  # of weeks: 0 is Monday; empty: that of the first day

    def days(self) -> Iterator[date]:
        """Each day, in order. The first is the first that fits, on or after `since`."""
        for day in self.fitting():
            if day > self.until:
                return
            if day >= self.since:
                yield day

    def between(self, since: date, until: date) -> list[date]:
        """Those of a stretch of time, both ends with it."""
        return [day for day in self.days() if since <= day <= until]

    def fitting(self) -> Iterator[date]:
        if self.repeats is Repeats.DAY:
            return steps(self.since, self.every)
        if self.repeats is Repeats.WEEK:
            return self.of_weeks()
        return self.of_months()

    def of_weeks(self) -> Iterator[date]:
        monday = self.since - timedelta(days=self.since.weekday())
        chosen = sorted(self.weekdays or {self.since.weekday()})
        for week in steps(monday, WEEK * self.every):
            yield from (week + timedelta(days=number) for number in chosen)

    def of_months(self) -> Iterator[date]:
        apart = self.every * (DECEMBER if self.repeats is Repeats.YEAR else 1)
        for n in count(step=apart):
            year, month = divmod(self.since.month - 1 + n, DECEMBER)
            if self.since.year + year > self.until.year:
                return
            yield self.day_in(self.since.year + year, month + 1)

    def day_in(self, year: int, month: int) -> date:
        last = last_of(year, month)
        if self.repeats in (Repeats.MONTH_DATE, Repeats.YEAR):
            return last.replace(day=min(self.since.day, last.day))
        back = (last.weekday() - self.since.weekday()) % WEEK
        last_one = last - timedelta(days=back)
        if self.repeats is Repeats.MONTH_LAST:
            return last_one
        first_one = last_one.day % WEEK or WEEK
        nth = first_one + WEEK * ((self.since.day - 1) // WEEK)
        return last.replace(day=min(nth, last_one.day))


def steps(since: date, apart: int) -> Iterator[date]:
    try:
        for n in count(step=apart):
            yield since + timedelta(days=n)
    except OverflowError:  # the calendar has an end
        return


def last_of(year: int, month: int) -> date:
    following = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    return following - timedelta(days=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of the place show this time on this day.

    An hour that comes twice, when clocks go back, is the first of the two. One that is left
    out, when they go forward, is as long after midnight as it would have been: 02:30 is then
    shown as 03:30.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def is_shown(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks of the place show this time on this day at all."""
    shown = instant(day, at, zone).astimezone(zone)
    return shown.replace(tzinfo=None) == datetime.combine(day, at)
