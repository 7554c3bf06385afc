"""The clock of each law, held against days that people worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from commonground.record.engine.laws import easter, holidays, is_working, laws, left
from commonground.record.templatetags.withheld import GROUNDS


@pytest.mark.parametrize(("code", "received", "due"), [
    # 17 March is St Patrick’s; 3 April 2026 Good Friday, 6 April Easter Monday.
    ("gb-foia", date(2026, 3, 9), date(2026, 4, 9)),
    # Christmas of 2026: 25 (Fri), 26 kept on 28, New Year, 2 January kept on 4.
    ("gb-foia", date(2026, 12, 14), date(2027, 1, 15)),
    # Four weeks; 4 May 2026 is the May holiday.
    ("ie-foi", date(2026, 4, 20), date(2026, 5, 19)),
    ("ca-atia", date(2026, 1, 31), date(2026, 3, 2)),
    ("ca-on", date(2026, 11, 29), date(2026, 12, 29)),
    ("ca-qc", date(2026, 2, 28), date(2026, 3, 20)),
    # Thanksgiving is 26 November 2026; Veterans Day Wednesday 11.
    ("us-foia", date(2026, 11, 2), date(2026, 12, 2)),
    # 4 July 2026 is a Saturday, kept on Friday 3; Juneteenth a Friday.
    ("us-foia", date(2026, 6, 15), date(2026, 7, 15)),
    ("eu", date(2026, 12, 14), date(2027, 1, 6)),
])  # fmt: skip
def test_the_last_day(code, received, due):
    assert laws()[code].due(received) == due


def test_a_request_that_came_on_a_holiday_begins_the_day_after():
    law = laws()["gb-foia"]
    assert law.due(date(2026, 4, 3)) == law.due(date(2026, 4, 6))


@pytest.mark.parametrize(("year", "day"), [
    (1961, date(1961, 4, 2)), (2000, date(2000, 4, 23)), (2024, date(2024, 3, 31)),
    (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25)),
])  # fmt: skip
def test_easter(year, day):
    assert easter(year) == day


def test_a_holiday_of_the_next_year_may_be_kept_in_this():
    assert date(2021, 12, 31) in holidays("us-foia", 2021)  # 1 January 2022 was a Saturday


DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))


@given(code=st.sampled_from(sorted(laws())), received=DAYS, more=st.integers(0, 30))
def test_the_last_day_is_never_one_on_which_nobody_works_and_the_count_comes_back(
    code, received, more
):
    law = laws()[code]
    due = law.due(received, more)
    assert due > received
    assert left(received, due, law) == law.days + more
    assert left(due + timedelta(days=40), due, law) < 0
    assert law.counts == "calendar" or is_working(due, law)


@pytest.mark.parametrize("code", sorted(laws()))
def test_every_law_names_its_source_and_grounds_we_have_words_for(code):
    law = laws()[code]
    assert len(law.source) > 40
    assert law.counts in ("working", "calendar")
    assert set(law.reasons) <= set(GROUNDS)
