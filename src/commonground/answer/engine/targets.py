"""When an answer is due, in an agency's office hours. Times in, times out; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

LONGEST = 400  # days that are walked: an office that never opens must not hang us


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there: on which days (Monday is 0), from when, until when, by which clocks.

    An office that closes before it opens is open over midnight. One without days never closes.
    """

    days: frozenset[int]
    opens: time
    closes: time
    zone: tzinfo

    def shift(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when somebody is there who came on this day. By real time: the night
        in which clocks change is an hour longer or shorter."""
        if day.weekday() not in self.days:
            return None
        last = day if self.closes > self.opens else day + timedelta(days=1)
        start = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
        return start, datetime.combine(last, self.closes, self.zone).astimezone(UTC)

    def shifts(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Those that are not over at a time, in their order."""
        first = since.astimezone(self.zone).date() - timedelta(days=1)
        for n in range(LONGEST):
            found = self.shift(first + timedelta(days=n))
            if found and found[1] > since:
                yield max(found[0], since.astimezone(UTC)), found[1]


def due(at: datetime, minutes: int, hours: Hours | None) -> datetime:
    """When so many minutes of somebody's time have passed since `at`."""
    left = timedelta(minutes=minutes)
    if hours is None or not hours.days:
        return at + left
    for start, end in hours.shifts(at):
        if end - start >= left:
            return start + left
        left -= end - start
    return at + timedelta(days=LONGEST)


def spent(start: datetime, end: datetime, hours: Hours | None) -> timedelta:
    """How much of the time between two moments somebody was there."""
    if end <= start:
        return timedelta()
    if hours is None or not hours.days:
        return end - start
    total = timedelta()
    for opened, closed in hours.shifts(start):
        if opened >= end:
            break
        total += min(closed, end) - opened
    return total


@dataclass(frozen=True, slots=True)
class Summary:
    """How long answers took. `left_out` were not answered, so that they have no time: a mean
    without them is better than the truth, and says so."""

    answered: int
    left_out: int
    mean: timedelta | None
    median: timedelta | None
    in_time: int


def summary(times: Sequence[tuple[timedelta, bool]], left_out: int) -> Summary:
    """Of each answer how long it took, and whether it was in time."""
    took = sorted(time for time, _ in times)
    if not took:
        return Summary(0, left_out, None, None, 0)
    middle = len(took) // 2
    median = took[middle] if len(took) % 2 else (took[middle - 1] + took[middle]) / 2
    mean = sum(took, timedelta()) / len(took)
    return Summary(len(took), left_out, mean, median, sum(1 for _, kept in times if kept))
