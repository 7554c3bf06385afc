"""The map's directions are those of the whole table, also where it has hardly any."""

import numpy as np
import pytest

from commonground.ask.engine.chart import chart_of
from commonground.ask.engine.style import Style
from commonground.ask.tests.given import named

CHANCE = np.random.default_rng(0)
SCRIPTS = CHANCE.choice([-1, 1], (3, 50))
CAMPS = np.where(np.arange(15)[:, None] < 8, 1, -1) * np.where(CHANCE.random((15, 45)) < 0.8, 1, -1)
TABLES = {
    "three scripts": SCRIPTS[CHANCE.integers(0, 3, 200)],
    "two small camps": CAMPS,
    "two people": CHANCE.choice([-1, 1], (2, 50)),
    "five people": CHANCE.choice([-1, 0, 1], (5, 45)),
    "fewer statements than are taken one by one": CHANCE.choice([-1, 0, 1], (30, 12)),
    "more people than statements": CHANCE.choice([-1, 0, 1], (90, 60)),
}


@pytest.mark.parametrize("name", TABLES)
def test_axes_and_their_strengths_are_those_of_the_dense_table(name):
    votes = TABLES[name]
    rows, columns = np.nonzero(np.ones_like(votes))
    ballots = named(rows, columns, votes[rows, columns])
    people, many = ballots.shape
    dense = np.zeros((people, many))
    dense[ballots.rows, ballots.columns] = ballots.votes
    mean = dense.mean(axis=0)
    plain = Style(mean, np.zeros(many), np.ones(many), np.zeros(people), np.ones(people))
    chart = chart_of(ballots, plain, exact=1e-4)
    values, vectors = np.linalg.eigh((dense - mean).T @ (dense - mean))
    assert chart.strength[:2] == pytest.approx(values[::-1][:2], rel=1e-3, abs=1e-6)
    assert abs(chart.axes[:, 0] @ vectors[:, -1]) == pytest.approx(1.0, abs=1e-3)
    assert chart.axes.T @ chart.axes == pytest.approx(np.eye(chart.axes.shape[1]), abs=1e-8)
