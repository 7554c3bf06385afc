"""On which days something comes again, against another's calendar, and on clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given as over, strategies as st

from commonground.say.engine.rhythm import Repeats, Rhythm, instant, is_shown

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
ROUND = st.sampled_from([0, 1, 40, 366, 1500])


def theirs(rhythm, freq, **by):
    """The same days by the recurrence rules of RFC 5545, as another library reads them."""
    first, last = (datetime.combine(d, time()) for d in (rhythm.since, rhythm.until))
    rule = rrule.rrule(freq, dtstart=first, until=last, interval=rhythm.every, **by)
    return [at.date() for at in rule]


@over(DAYS, ROUND, st.integers(1, 52))
def test_days_are_as_others_count_them(since, span, every):
    rhythm = Rhythm(Repeats.DAY, since, since + timedelta(days=span), every)
    assert [*rhythm.days()] == theirs(rhythm, rrule.DAILY)


@over(DAYS, ROUND, st.integers(1, 9), st.frozensets(st.integers(0, 6)))
def test_weeks_are_as_others_count_them(since, span, every, weekdays):
    rhythm = Rhythm(Repeats.WEEK, since, since + timedelta(days=span), every, weekdays)
    chosen = sorted(weekdays or {since.weekday()})
    assert [*rhythm.days()] == theirs(rhythm, rrule.WEEKLY, byweekday=chosen)


@over(DAYS, ROUND, st.integers(1, 14))
def test_a_month_without_the_date_has_it_on_its_last_day(since, span, every):
    rhythm = Rhythm(Repeats.MONTH_DATE, since, since + timedelta(days=span), every)
    dates = [*range(min(since.day, 28), since.day + 1)]
    found = theirs(rhythm, rrule.MONTHLY, bymonthday=dates, bysetpos=-1)
    # Their interval may begin with a month whose day has passed; ours begins with the first day.
    assert [*rhythm.days()] == found


@over(DAYS, ROUND, st.integers(1, 14))
def test_the_last_weekday_is_as_others_count_it(since, span, every):
    rhythm = Rhythm(Repeats.MONTH_LAST, since, since + timedelta(days=span), every)
    last = rrule.weekday(since.weekday())(-1)
    assert [*rhythm.days()] == theirs(rhythm, rrule.MONTHLY, byweekday=last)


@over(DAYS, ROUND, st.integers(1, 14))
def test_the_second_tuesday_is_as_others_count_it_and_the_fifth_is_the_last(since, span, every):
    rhythm = Rhythm(Repeats.MONTH_WEEKDAY, since, since + timedelta(days=span), every)
    nth = (since.day - 1) // 7 + 1
    day = rrule.weekday(since.weekday())(nth if nth < 5 else -1)
    assert [*rhythm.days()] == theirs(rhythm, rrule.MONTHLY, byweekday=day)


def test_a_leap_day_is_kept_every_year():
    rhythm = Rhythm(Repeats.YEAR, date(2024, 2, 29), date(2029, 1, 1))
    assert [d.isoformat() for d in rhythm.days()] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


def test_the_31st_in_shorter_months():
    rhythm = Rhythm(Repeats.MONTH_DATE, date(2028, 1, 31), date(2028, 6, 30))
    assert [d.day for d in rhythm.days()] == [31, 29, 31, 30, 31, 30]


@over(DAYS, st.sampled_from(Repeats), st.integers(1, 52), st.frozensets(st.integers(0, 6)))
def test_days_come_in_order_within_the_ends_and_never_twice(since, repeats, every, weekdays):
    days = [*Rhythm(repeats, since, since + timedelta(days=366), every, weekdays).days()]
    assert all(earlier < later for earlier, later in pairwise(days))
    assert all(since <= day <= since + timedelta(days=366) for day in days)


def test_days_end_where_the_calendar_does():
    assert [*Rhythm(Repeats.DAY, date(9999, 12, 30), date.max).days()] == [
        date(9999, 12, 30), date.max,
    ]  # fmt: skip


ZONES = ["America/New_York", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)
def test_sixteen_oclock_is_sixteen_oclock_all_year(zone):
    every_day = Rhythm(Repeats.DAY, date(2026, 1, 1), date(2026, 12, 31)).days()
    shown = [instant(day, time(16), zone).astimezone(zone) for day in every_day]
    assert {at.hour for at in shown} == {16}
    assert len({at.utcoffset() for at in shown}) == 2  # summer and winter


def test_an_hour_that_is_left_out_is_an_hour_later_and_one_that_comes_twice_is_the_first():
    zone = ZoneInfo("America/New_York")
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    assert instant(spring, time(2, 30), zone) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30
    assert not is_shown(spring, time(2, 30), zone)
    assert instant(autumn, time(1, 30), zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert is_shown(autumn, time(1, 30), zone)


@over(DAYS, st.times(), st.sampled_from(ZONES))
def test_later_days_are_later_instants(day, at, name):
    zone = ZoneInfo(name)
    after = instant(day + timedelta(days=1), at, zone) - instant(day, at, zone)
    assert timedelta(hours=22) <= after <= timedelta(hours=26)
