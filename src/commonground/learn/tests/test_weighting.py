"""Estimates and intervals: by hand, and on simulated pulses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from commonground.kit.raking import weighed
from commonground.learn.engine.weighting import LEAST_CELL, Estimate, by_group, estimate

RUNS = 2000
OF_PLACE = [[0.3, 0.45, 0.25], [0.5, 0.5], [0.4, 0.3, 0.2, 0.1]]  # age, settled, district


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(20, 120))
def test_recomputing_is_equal_bit_by_bit_in_whatever_order(seed: int, people: int) -> None:
    chance = np.random.default_rng(seed)
    traits = np.column_stack([chance.integers(-1, len(m), people) for m in OF_PLACE])
    answers = chance.integers(1, 6, people).astype(float)
    answers[chance.random(people) < 0.1] = np.nan
    order = chance.permutation(people)
    one, other = weighed(traits, OF_PLACE), weighed(traits[order], OF_PLACE)
    assert (one.weight[order] == other.weight).all()
    assert estimate(answers, one.weight, traits) == estimate(
        answers[order], other.weight, traits[order]
    )


def test_without_traits_it_is_the_interval_of_the_books() -> None:
    answers = np.arange(1.0, 21.0)
    told = estimate(answers, np.ones(20), np.zeros((20, 0), np.int64))
    half = 2.0930240544 * answers.std(ddof=1) / np.sqrt(20)  # Student's t with 19 degrees
    assert (told.mean, told.design_effect) == (10.5, 1.0)
    assert told.high == pytest.approx(10.5 + half)


def test_few_are_not_told() -> None:
    few = estimate(np.full(LEAST_CELL - 1, 3.0), np.ones(9), np.zeros((9, 0), np.int64))
    assert few == Estimate(9)


def test_what_is_hidden_is_not_what_the_others_leave() -> None:
    groups = [0] * 9 + [1] * 12 + [2] * 30
    answers = np.arange(51.0) % 4
    told = by_group(answers, np.ones(51), np.zeros((51, 0), np.int64), groups)
    assert [told[g].mean is None for g in range(3)] == [True, True, False]
    assert [told[g].people for g in range(3)] == [9, 12, 30]


def test_two_hidden_need_no_third() -> None:
    groups = [0] * 9 + [3] * 4 + [1] * 12 + [2] * 30
    told = by_group(np.arange(55.0) % 4, np.ones(55), np.zeros((55, 0), np.int64), groups)
    assert told[1].mean is not None


def test_two_hidden_of_few_people_take_a_third_with_them() -> None:
    """4 and 3 are 7: the whole without the others would be a mean of seven people."""
    groups = [0] * 4 + [3] * 3 + [1] * 12 + [2] * 30
    told = by_group(np.arange(49.0) % 4, np.ones(49), np.zeros((49, 0), np.int64), groups)
    assert [told[g].mean is None for g in range(4)] == [True, True, False, True]


def test_a_group_that_answers_with_one_voice_is_not_told() -> None:
    """Its mean would be what each of them said."""
    answers = np.concatenate([np.full(20, 5.0), np.arange(30.0) % 5, np.arange(40.0) % 5])
    told = by_group(
        answers, np.ones(90), np.zeros((90, 0), np.int64), [0] * 20 + [1] * 30 + [2] * 40
    )
    assert [told[g].mean is None for g in range(3)] == [True, True, False]


def pulse(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """The answers of those who took part. Young newcomers of far districts answer least, and
    trust least: unweighed, the mean is too high."""
    people = 6000
    traits = np.column_stack([chance.choice(len(m), people, p=m) for m in OF_PLACE])
    leaning = 3.0 + 0.5 * (traits[:, 0] - 1) + 0.4 * traits[:, 1] - 0.25 * traits[:, 2]
    answers = np.clip(np.round(leaning + chance.normal(0, 0.9, people)), 1, 5)
    wish = np.exp(0.45 * traits[:, 0] + 0.4 * traits[:, 1] - 0.3 * traits[:, 2])
    took = chance.random(people) < 350 * wish / wish.sum()
    return traits[took], answers[took], float(answers.mean())


def test_simulated_pulses_cover_the_truth_as_often_as_they_say() -> None:
    chance = np.random.default_rng(20260101)
    weighted = bare = 0
    for _ in range(RUNS):
        traits, answers, truth = pulse(chance)
        told = estimate(answers, weighed(traits, OF_PLACE).weight, traits)
        assert told.low is not None
        assert told.high is not None
        weighted += told.low <= truth <= told.high
        plain = estimate(answers, np.ones(len(answers)), traits[:, :0])
        assert plain.low is not None
        assert plain.high is not None
        bare += plain.low <= truth <= plain.high
    assert 0.93 <= weighted / RUNS <= 0.97
    # The test can fail: the bare mean of the same pulses misses.
    assert bare / RUNS < 0.6
