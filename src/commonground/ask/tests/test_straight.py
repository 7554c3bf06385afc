"""Ballots of one answer: a crowd of them is found, a camp that means it is not."""

import numpy as np

from commonground.ask.engine.straight import straight
from commonground.ask.tests.given import named, opinions


def camps(voters, other_agrees, seed=0):
    """Six in ten agree with all they see; the rest with hardly anything."""
    rng = np.random.default_rng(seed)
    side = np.arange(voters) < 0.6 * voters
    votes = np.where(side[:, None] | (rng.random((voters, 30)) < other_agrees), 1, -1)
    seen = rng.random((voters, 30)) < 0.75
    rows, columns = np.nonzero(seen)
    return named(rows, columns, votes[rows, columns]), side


def test_a_camp_that_agrees_with_everything_is_not_taken_out_bit_by_bit():
    for voters, other_agrees in ((1000, 0.10), (300, 0.15), (100, 0.2)):
        ballots, side = camps(voters, other_agrees)
        found = straight(ballots)
        assert found[side[ballots.voters]].mean() < 0.5


def test_a_small_crowd_does_not_make_itself_look_usual():
    rows, columns, votes, _ = opinions(400, 40, 2, seed=3)
    crowd = np.repeat(np.arange(400, 430), 40), np.tile(np.arange(40), 30), np.full(1200, -1)
    ballots = named(*(np.concatenate(x) for x in zip((rows, columns, votes), crowd, strict=True)))
    found = straight(ballots)
    alone = straight(named(rows, columns, votes))
    assert found[ballots.voters >= 400].all()
    assert found[ballots.voters < 400].sum() >= alone.sum()
