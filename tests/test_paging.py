"""Pages of long lists: each row once, in order, whatever the mark says."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given as where, strategies as any_

from commonground.kit.paging import by_number, by_time, read_mark
from commonground.record.actions import THE_DESK, witness
from commonground.record.models import Entry
from commonground.spot.models import Moment
from tests import given


@pytest.mark.django_db
def test_walking_by_time_meets_every_row_once_even_among_equal_times():
    agency, now = given.an_agency(), timezone.now()
    moments = [
        given.a_moment(agency=agency, why=f"term {n}", opened_at=now - timedelta(minutes=n // 3))
        for n in range(10)
    ]
    seen, before = [], ""
    while True:
        page = by_time(Moment.objects.all(), "opened_at", before, size=4)
        seen += page.rows
        before = page.older
        if not before:
            break
    assert len(seen) == len(set(seen)) == 10 == len(moments)
    assert [m.opened_at for m in seen] == sorted((m.opened_at for m in seen), reverse=True)


@pytest.mark.django_db
def test_walking_by_number_ends():
    for n in range(5):
        witness("add", f"thing {n}", by=THE_DESK)
    first = by_number(Entry.objects.all(), "", size=3)
    second = by_number(Entry.objects.all(), first.older, size=3)
    assert [e.number for e in (*first.rows, *second.rows)] == [5, 4, 3, 2, 1]
    assert first.first
    assert not second.first
    assert second.older == ""


@where(any_.text())
def test_a_mark_that_is_not_ours_is_no_mark(text):
    mark = read_mark(text, Moment)
    assert mark is None or mark[0].tzinfo


@pytest.mark.parametrize("mark", ["2026-13-40T00:00:00+00:00~1", "2026-01-01T00:00:00~x", "~", ""])
def test_broken_marks_are_no_marks(mark):
    assert read_mark(mark, Moment) is None


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["-1", "٣", "9" * 40, "x"])
def test_a_broken_number_shows_the_newest(before):
    witness("add", "thing", by=THE_DESK)
    assert by_number(Entry.objects.all(), before).first
