"""What earlier moments say about this one: an interval, or nothing."""

from hypothesis import given as supposing, strategies as st

from commonground.spot.engine.attention import FEWEST_MOMENTS, still_ahead

CURVES = st.lists(
    st.lists(st.tuples(st.floats(0, 3e5), st.integers(0, 1000)), max_size=12), max_size=20
)


def halving(first: int) -> list[tuple[float, int]]:
    """Half of what is left is said in each hour."""
    return [(hour * 3600.0, first >> hour) for hour in range(10)]


def test_moments_that_halve_each_hour_leave_half_of_it_after_the_first():
    low, high = still_ahead(0.0, [halving(512 * n) for n in range(1, FEWEST_MOMENTS + 1)])
    assert 0.49 < low <= high < 0.51


def test_nothing_is_concluded_from_few():
    assert still_ahead(0.0, [halving(512)] * (FEWEST_MOMENTS - 1)) is None


def test_moments_that_were_over_by_then_say_nothing():
    assert still_ahead(11 * 3600.0, [halving(512)] * 50) is None


@supposing(st.floats(0, 3e5), st.floats(0, 3e5), CURVES)
def test_it_is_a_share_and_fewer_tell_as_a_moment_grows_old(age, more, past):
    now, later = still_ahead(age, past), still_ahead(age + more, past)
    if now:
        assert 0 <= now[0] <= now[1] <= 1
    if later:
        assert now is not None
