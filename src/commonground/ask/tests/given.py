"""Small worlds to vote in."""

import numpy as np

from commonground.ask.engine.ballots import arranged


def opinions(voters=300, statements=40, groups=2, *, style=0.0, seen=0.8, apart=2.0, seed=0):
    """Votes of people in groups that lean apart; who is in which group. groups=1: none at all."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, voters)
    lean = rng.normal(0, apart if groups > 1 else 0.0, (groups, statements))
    everybody = rng.normal(0.4, 1.0, statements)
    own = rng.normal(0, style, (voters, 1))
    chance = 1 / (1 + np.exp(-(everybody + lean[group] + own)))
    votes = np.where(rng.random(chance.shape) < chance, 1, -1)
    votes[rng.random(chance.shape) < 0.1] = 0
    rows, columns = np.nonzero(rng.random(chance.shape) < seen)
    return rows, columns, votes[rows, columns], group


def ballots(*args, **how):
    rows, columns, votes, group = opinions(*args, **how)
    return named(rows, columns, votes), group


def named(rows, columns, votes):
    return arranged(
        np.arange(rows.max() + 1), np.arange(columns.max() + 1),
        rows, columns, np.asarray(votes, np.int8),
    )  # fmt: skip


def groups_by_name(finding):
    """Who is in which group, in the order of voters' names."""
    return finding.group[np.argsort(finding.ballots.voters)]


def with_crowd(rows, columns, votes, crowd):
    """The same votes and those of a crowd besides (n x S, 2 where they say nothing)."""
    more_rows, more_columns = np.nonzero(crowd != 2)
    return (
        np.concatenate([rows, rows.max() + 1 + more_rows]),
        np.concatenate([columns, more_columns]),
        np.concatenate([votes, crowd[more_rows, more_columns]]),
    )
