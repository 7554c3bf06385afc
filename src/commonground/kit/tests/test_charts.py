"""Curves stay inside their frame and end where the last count is."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given as where, strategies as any_

from commonground.kit.charts import HEIGHT, WIDTH, Curve, Point

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def points(counts):
    return [Point(NOON + timedelta(hours=n), c, usual=1) for n, c in enumerate(counts)]


@where(any_.lists(any_.integers(0, 10_000), min_size=1))
def test_a_curve_stays_inside_its_frame(counts):
    curve = Curve(points(counts))
    for x, y in re.findall(r"([\d.]+) ([\d.]+)", curve.now + curve.usual):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT


def test_the_highest_count_touches_the_top_and_nothing_lies_on_the_bottom():
    assert Curve(points([0, 4])).now == "M0.0 190.0 L720.0 0.0"


def test_a_lone_count_is_a_level_line():
    assert Curve(points([2])).now == "M0.0 0.0 L720.0 0.0"


def test_no_counts_draw_nothing():
    assert Curve([]).now == Curve([]).area == ""
