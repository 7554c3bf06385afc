"""The objective of Community Notes: never a higher loss than a long descent reaches."""

import numpy as np

from commonground.ask.engine.notes import PULL, PULL_FACTOR, begun, notes_of, summed, sweep
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
    sums = summed(votes.only(votes.votes != 0))
    point = begun(sums)
    for _ in range(1000):
        point, _, loss = sweep(sums, point)
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
