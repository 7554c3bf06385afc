"""What a round comes to, and what of it is never told."""

from __future__ import annotations

import json

import numpy as np

from commonground.learn.engine.pulse import SCORES, Round, open_to_anyone, told
from commonground.learn.engine.trend import HEIGHT, drawn, line

HALVES = [[0.5, 0.5]]


def a_round(young: int, old: int, seed: int = 1) -> Round:
    """The young agree less; 3 in 10 of those asked twice as often are old."""
    chance = np.random.default_rng(seed)
    traits = np.repeat([[0], [1]], [young, old], axis=0)
    answers = np.clip(np.round(chance.normal(3 + traits, 0.8, (young + old, 4))), 1, 5)
    return Round(answers, traits, HALVES)


def test_it_weighs_as_the_place_is_made_up():
    held = a_round(30, 70)
    figures = told(held)
    young, old = (held.answers[held.traits[:, 0] == g, 0].mean() for g in (0, 1))
    wanted = ((young + old) / 2 - 1) * 25
    score = figures["scores"]["safety"]["score"]
    assert score["mean"] == round(wanted, 2)
    assert score["low"] < wanted < score["high"]
    assert figures["effective"] == round(100**2 / (30 * (5 / 3) ** 2 + 70 * (5 / 7) ** 2), 2)
    assert figures["mixed"]
    assert list(figures["scores"]) == list(SCORES)


def test_the_same_answers_in_another_order_give_the_same_figures_bit_by_bit():
    held = a_round(30, 70)
    order = np.random.default_rng(3).permutation(100)
    turned = Round(held.answers[order], held.traits[order], HALVES)
    assert json.dumps(told(held)) == json.dumps(told(turned))


def test_of_fewer_than_ten_nothing_is_told():
    assert told(a_round(4, 5)) == {"people": 0, "few": True}
    assert open_to_anyone(np.ones((9, 4))) == {"people": 0, "few": True}


def test_a_small_group_is_not_told_nor_what_would_tell_it():
    figures = told(a_round(9, 70))
    assert figures["scores"]["voice"]["groups"] == [[None, None]]
    assert figures["scores"]["voice"]["score"]["people"] == 79


def test_those_who_did_not_tell_their_trait_are_a_group_that_could_be_led_back_to():
    """Five did not say. Everybody less the two groups would be these five."""
    held = a_round(40, 60)
    held.traits[:5] = -1
    (groups,) = told(held)["scores"]["respect"]["groups"]
    assert groups[0] is None
    assert groups[1]["people"] == 60


def test_how_many_passed_is_told_only_of_many():
    held = a_round(40, 60)
    held.answers[:3, 0] = np.nan
    held.answers[:20, 1] = np.nan
    scores = told(held)["scores"]
    assert scores["safety"]["passed"] is None
    assert scores["fairness"]["passed"] == 20
    assert scores["respect"]["passed"] == 0


def test_a_crowd_that_cannot_be_made_as_mixed_as_the_place_is_said_to_be_none():
    figures = told(a_round(12, 800))
    assert not figures["mixed"]
    assert figures["off"] > 2
    nobody = told(Round(a_round(0, 50).answers, np.ones((50, 1), np.int64), HALVES))
    assert nobody["absent"] == [[0]]
    assert not nobody["mixed"]


def test_open_answers_have_no_interval():
    figures = open_to_anyone(np.full((12, 4), 4.0))
    assert figures["scores"]["safety"] == {"people": 12, "mean": 75.0}


def test_rounds_are_drawn_from_zero_to_a_hundred():
    dots = drawn([("a", 0, 0, 10), ("b", 100, 90, 100), ("c", 50, 40, 60)])
    assert [d.y for d in dots] == [HEIGHT, 0, HEIGHT / 2]
    assert dots[0].x < dots[1].x < dots[2].x
    assert line(dots).startswith("M40.0 200.0 L")
    assert len(drawn([("a", 50, 40, 60)])) == 1
    assert line([]) == ""
