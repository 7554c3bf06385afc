"""Weights: against another package, by hand, and where they cannot be found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from commonground.kit.raking import Unweighable, design_effect, weighed


def test_it_equals_another_package_on_its_own_example() -> None:
    """ipfn scales a table to its margins. Each cell stands for as many people as it counts."""
    told = json.loads((Path(__file__).parent / "ipfn.json").read_text())
    seed, wanted = np.array(told["seed"]), np.array(told["result"])
    traits = np.array([at for at, n in np.ndenumerate(seed) for _ in range(int(n))])
    got = np.zeros(seed.shape)
    weight = weighed(traits, told["margins"], most=np.inf).weight
    np.add.at(got, tuple(traits.T), weight)
    np.testing.assert_allclose(got * wanted.sum() / got.sum(), wanted, rtol=0, atol=1e-9)


def test_what_each_counts_before_is_what_many_would_count() -> None:
    """The same example with one person a cell, counting as many: base weights are heard."""
    told = json.loads((Path(__file__).parent / "ipfn.json").read_text())
    seed, wanted = np.array(told["seed"]), np.array(told["result"])
    traits = np.array(list(np.ndindex(*seed.shape)))
    weight = weighed(traits, told["margins"], seed.ravel(), most=np.inf).weight
    np.testing.assert_allclose(
        weight * wanted.sum() / weight.sum(), wanted.ravel(), rtol=0, atol=1e-9
    )


def test_by_hand_one_margin() -> None:
    # 3 of 4 are young where half should be: 2/3 each, and the old one counts twice.
    weight = weighed(np.array([[0], [0], [0], [1]]), [[1, 1]])
    np.testing.assert_allclose(weight.weight, [2 / 3, 2 / 3, 2 / 3, 2])
    assert weight.design_effect == pytest.approx(4 * (3 * 4 / 9 + 4) / 16)
    assert weight.effective == pytest.approx(3)


def test_nobody_speaks_for_a_street() -> None:
    traits = np.array([[0]] * 99 + [[1]])
    cut = weighed(traits, [[1, 1]])
    assert cut.weight.max() <= 5.0 * (1 + 1e-9)
    assert cut.weight.mean() == pytest.approx(1)
    assert cut.trimmed == 1
    assert cut.off > 0.4
    assert weighed(traits, [[1, 1]], most=np.inf).weight.max() == pytest.approx(50)


def test_who_did_not_tell_keeps_their_share() -> None:
    traits = np.array([[0], [0], [1], [-1]])
    weight = weighed(traits, [[1, 1]]).weight
    assert weight[3] == pytest.approx(1)
    assert weight[:2].sum() == pytest.approx(weight[2])


def test_a_class_of_nobody_is_named() -> None:
    assert weighed(np.array([[0], [0], [1]]), [[1, 1, 1]]).absent == ((2,),)


@pytest.mark.parametrize(
    ("traits", "margins"),
    [([[0]], [[0, 1]]), ([[2]], [[1, 1]]), ([[0]], []), ([[0]], [[np.nan, 1]]), ([[-2]], [[1]])],
)
def test_margins_that_are_none_are_refused(traits: list[list[int]], margins: list) -> None:
    with pytest.raises(Unweighable):
        weighed(np.array(traits), margins)


def test_design_effect_is_kish() -> None:
    assert design_effect(np.array([1.0, 1.0, 2.0])) == pytest.approx(3 * 6 / 16)


def test_margins_that_contradict_each_other_among_these_people_are_said_not_to_settle() -> None:
    """Who is of the one class is of the other: no weights make one half and the other a third."""
    traits = np.array([[0, 0]] * 30 + [[1, 1]] * 30)
    found = weighed(traits, [[1, 1], [1, 2]])
    assert not found.settled
    assert found.off > 0.1
    assert weighed(traits, [[1, 1], [1, 1]]).settled
    assert weighed(traits[:40], [[1, 2], [1, 2]]).settled


def test_what_is_trimmed_has_settled_first() -> None:
    found = weighed(np.array([[0]] * 99 + [[1]]), [[1, 1]])
    assert found.settled
    assert found.trimmed
    assert found.off
