"""When an answer is due, in office hours, over nights, weekends and the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from commonground.answer.engine.targets import Hours, due, spent, summary

EDMONTON = ZoneInfo("America/Edmonton")
OFFICE = Hours(frozenset(range(5)), time(8), time(18), EDMONTON)
NIGHT = Hours(frozenset(range(7)), time(22), time(6), EDMONTON)


def at(text: str, zone: ZoneInfo = EDMONTON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("said", "minutes", "expected"),
    [
        ("2026-11-25 09:00", 60, "2026-11-25 10:00"),  # a Wednesday
        ("2026-11-25 17:30", 60, "2026-11-26 08:30"),
        ("2026-11-27 17:30", 60, "2026-11-30 08:30"),  # over a weekend
        ("2026-11-28 12:00", 60, "2026-11-30 09:00"),  # on a Saturday
        ("2026-11-25 03:00", 60, "2026-11-25 09:00"),
        ("2026-11-25 08:00", 600, "2026-11-25 18:00"),  # the whole day, to its last minute
        ("2026-11-25 08:00", 601, "2026-11-26 08:01"),
    ],
)
def test_an_answer_is_due_in_office_hours(said, minutes, expected):
    assert due(at(said), minutes, OFFICE) == at(expected)


def test_an_office_open_over_midnight():
    assert due(at("2026-11-25 23:30"), 60, NIGHT) == at("2026-11-26 00:30")
    assert due(at("2026-11-26 02:00"), 60, NIGHT) == at("2026-11-26 03:00")
    assert due(at("2026-11-26 05:30"), 60, NIGHT) == at("2026-11-26 22:30")


def test_the_night_in_which_clocks_change_has_its_real_length():
    began = at("2026-10-31 22:00")  # clocks go back at two
    assert due(began, 9 * 60, NIGHT) == at("2026-11-01 06:00")
    assert spent(began, at("2026-11-01 06:00"), NIGHT) == timedelta(hours=9)


def test_without_office_hours_the_clock_counts():
    assert due(at("2026-11-28 12:00"), 90, None) == at("2026-11-28 13:30")


def test_an_office_that_is_hardly_ever_there_does_not_hang_us():
    never = Hours(frozenset({0}), time(8), time(8, 1), EDMONTON)
    assert due(at("2026-11-25 09:00"), 10_000, never) > at("2027-11-25 09:00")


minutes = st.integers(1, 5_000)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, minutes, st.sampled_from([OFFICE, NIGHT]))
def test_what_is_due_after_so_many_minutes_has_taken_so_many(said, many, hours):
    assert spent(said, due(said, many, hours), hours) == timedelta(minutes=many)


@given(moments, minutes, minutes, st.sampled_from([OFFICE, NIGHT, None]))
def test_more_time_is_never_due_earlier(said, some, more, hours):
    assert due(said, some + more, hours) > due(said, some, hours)


def test_a_summary_says_how_many_are_left_out():
    quick, slow = timedelta(minutes=10), timedelta(minutes=50)
    told = summary([(quick, True), (slow, False), (quick, True)], 4)
    assert (told.answered, told.left_out, told.in_time) == (3, 4, 2)
    assert told.median == quick
    assert told.mean == timedelta(minutes=70) / 3
    assert summary([], 2).mean is None
