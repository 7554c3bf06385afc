"""The fair experiment: the draw, its power, and whether its intervals and tests keep their word."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from commonground.learn.engine.effects import Kind, commitment, drawn, effect, power, smallest

RUNS = 2000
UNITS = [f"area {n}" for n in range(14)]


@given(st.text(min_size=1, max_size=20), st.integers(6, 40), st.sampled_from(list(Kind)))
def test_the_draw_splits_in_halves_and_is_the_same_for_anybody(seed, many, kind):
    units = [f"u{n}" for n in range(many)]
    ways = drawn(seed, units, kind)
    assert ways == drawn(seed, units, kind)
    assert sum(ways) == many // 2
    if kind == Kind.PAIRS:
        assert all(sum(ways[at : at + 2]) == 1 for at in range(0, many - 1, 2))


def test_every_unit_gets_the_other_way_in_half_of_all_draws():
    ways = np.array([drawn(str(n), UNITS, Kind.APART) for n in range(RUNS)])
    assert np.abs(ways.mean(axis=0) - 0.5).max() < 0.05


def test_what_is_shown_before_fits_one_seed():
    assert commitment("a") == hashlib.sha256(b"a").hexdigest() != commitment("b")


def test_by_hand():
    # 1, 2, 3 against 4, 6, 8: 4 apart; the variance of the difference is 1/3 + 4/3.
    found = effect(np.array([1.0, 2, 3, 4, 6, 8]), [0, 0, 0, 1, 1, 1], Kind.APART)
    assert (found.one, found.other, found.difference) == (2, 6, 4)
    freedom = (5 / 3) ** 2 / ((1 / 3) ** 2 / 2 + (4 / 3) ** 2 / 2)  # 2.94
    assert freedom == pytest.approx(2.9412, abs=1e-4)
    # Student's t at 97.5 % with 2.9412 degrees of freedom is 3.2187 (R: qt).
    assert found.high - found.difference == pytest.approx(3.2187 * np.sqrt(5 / 3), rel=2e-3)
    assert found.by_chance == pytest.approx(2 / 20)  # this draw and its mirror, of twenty


def test_pairs_by_hand():
    y = np.array([1.0, 3, 5, 4, 2, 6, 7, 9])
    found = effect(y, [0, 1, 1, 0, 0, 1, 0, 1], Kind.PAIRS)
    apart = np.array([2.0, 1, 4, 2])
    assert found.difference == pytest.approx(apart.mean())
    half = 3.182446 * apart.std(ddof=1) / 2  # Student's t with 3 degrees
    assert found.high == pytest.approx(apart.mean() + half, rel=1e-6)
    assert found.by_chance == pytest.approx(2 / 16)


def test_a_unit_without_an_outcome_is_left_out_with_its_pair_and_said():
    y = np.array([1.0, 3, np.nan, 4, 2, 6, 7, 9])
    found = effect(y, [0, 1] * 4, Kind.PAIRS)
    assert (found.units, found.left_out) == (6, 2)
    assert effect(y, [0, 1] * 4, Kind.APART).left_out == 1


def test_of_too_few_units_nothing_is_told():
    assert effect(np.ones(5), [0, 1, 0, 1, 0], Kind.APART).difference is None
    assert np.isnan(power(np.ones(4), 1.0, Kind.APART))


def a_world(chance, kind, true):
    """Outcomes of units that differ, and change with the seasons; the other way adds `true`, more
    in some units than in others."""
    n = 20
    season = 3 * np.sin(np.arange(n) / 3) if kind == Kind.PAIRS else 0
    y = 20 + season + chance.gamma(2.0, 2.0, n)
    ways = drawn(str(chance.integers(1 << 62)), [str(u) for u in range(n)], kind)
    return y + np.asarray(ways) * (true + (chance.normal(0, 0.5, n) if true else 0)), ways


@pytest.mark.parametrize("kind", list(Kind))
def test_intervals_hold_the_truth_as_often_as_they_say(kind):
    chance = np.random.default_rng(20260301)
    held = 0
    for _ in range(RUNS):
        y, ways = a_world(chance, kind, 2.0)
        found = effect(y, ways, kind)
        held += found.low <= 2.0 <= found.high
    assert 0.93 <= held / RUNS <= 0.97


@pytest.mark.parametrize("kind", list(Kind))
def test_where_there_is_no_difference_one_is_found_in_five_of_a_hundred(kind):
    chance = np.random.default_rng(20260302)
    n = 12  # few enough that every draw is tried
    found = 0
    for _ in range(RUNS):
        y = chance.gamma(2.0, 2.0, n)
        ways = drawn(str(chance.integers(1 << 62)), [str(u) for u in range(n)], kind)
        found += effect(y, ways, kind).by_chance <= 0.05
    # Five in a hundred and never more, but for the chance of 2,000 runs (a standard error of 0.5).
    assert 0.025 <= found / RUNS <= 0.06


@pytest.mark.parametrize("kind", list(Kind))
def test_power_is_what_simulation_finds(kind):
    chance = np.random.default_rng(20260303)
    n, true = 24, 3.0
    found, told = 0, []
    for _ in range(RUNS // 2):
        before, y = chance.normal(0, 2.5, n), chance.normal(0, 2.5, n)
        ways = drawn(str(chance.integers(1 << 62)), [str(u) for u in range(n)], kind)
        one = effect(y + true * np.asarray(ways), ways, kind)
        found += one.low > 0
        told.append(power(before, true, kind))
    assert np.mean(told) == pytest.approx(found / (RUNS // 2), abs=0.04)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_the_smallest_difference_that_is_found_is_found_as_often_as_wanted(seed):
    usual = np.random.default_rng(seed).normal(0, 2, 16)
    assert power(usual, smallest(usual, Kind.APART), Kind.APART) == pytest.approx(0.8, abs=1e-6)
