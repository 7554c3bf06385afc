"""The objective of Community Notes: never a higher loss than a long descent reaches."""

import numpy as np

from commonground.ask.engine import descent
from commonground.ask.engine.notes import PULL, PULL_FACTOR, notes_of, parted
from commonground.ask.tests.given import ballots, named


def loss_of(ballots, middle, note, own):
    """The objective, written out vote by vote."""
    said = ballots.votes != 0
    u, n = ballots.rows[said], ballots.columns[said]
    y = (ballots.votes[said] > 0).astype(float)
    left = y - middle - own[u, 0] - note[n, 0] - own[u, 1] * note[n, 1]
    pulls = PULL_FACTOR * ((own[:, 1] ** 2).mean() + (note[:, 1] ** 2).mean())
    pulls += PULL * ((own[:, 0] ** 2).mean() + (note[:, 0] ** 2).mean() + middle**2)
    return (left**2).mean() + pulls


def test_the_loss_is_the_objective_of_what_was_found():
    votes, _ = ballots(80, 20, 2, seed=1)
    found = notes_of(votes)
    assert np.isclose(found.loss, loss_of(votes, found.middle, found.note, found.own))


def test_extrapolating_ends_no_higher_than_a_thousand_plain_sweeps():
    votes, _ = ballots(80, 20, 2, seed=2)
    table = parted(votes)
    many = votes.shape[1]
    n = np.bincount(table[2], minlength=many).astype(float)
    agreed = np.bincount(votes.columns[votes.votes > 0], minlength=many).astype(float)
    own = np.zeros((votes.shape[0], 2))
    point = descent.begun(*table, n, agreed, np.random.default_rng(7).standard_normal(many))
    for _ in range(1000):
        point, loss = descent.sweep(*table, n, agreed, point, PULL, PULL_FACTOR, own)
    found = notes_of(votes)
    assert found.loss <= loss + 1e-6
    assert found.sweeps < 100


def test_a_statement_both_sides_take_outranks_one_that_more_take_on_one_side():
    rng = np.random.default_rng(0)
    side = np.arange(300) < 200
    votes = np.where(side[:, None], 1, -1) * np.where(rng.random((300, 12)) < 0.9, 1, -1)
    votes[:, 0] = np.where(rng.random(300) < 0.7, 1, -1)  # both sides, and fewer in all
    votes[:, 1] = np.where(side | (rng.random(300) < 0.3), 1, -1)  # nearly one side only
    rows, columns = np.nonzero(np.ones_like(votes))
    table = named(rows, columns, votes[rows, columns])
    bridge = notes_of(table).bridge[np.argsort(table.statements)]
    assert (votes[:, 1] == 1).sum() > (votes[:, 0] == 1).sum()
    assert bridge[0] > bridge[1]


def test_where_everybody_passed_nothing_is_found():
    found = notes_of(named(np.arange(3), np.arange(3), np.zeros(3, np.int8)))
    assert (found.loss, found.sweeps) == (0.0, 0)
    assert found.bridge.shape == (3,)
