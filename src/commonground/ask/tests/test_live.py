"""Votes one at a time come to what a batch of them gives."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from commonground.ask.engine.ballots import gathered
from commonground.ask.engine.chart import places
from commonground.ask.engine.finding import found
from commonground.ask.engine.live import Live
from commonground.ask.engine.mixture import mixture_of
from commonground.ask.engine.warm import held
from commonground.ask.tests.given import groups_by_name, named, opinions


def table(ballots):
    """Every vote under its names."""
    rows, names = ballots.voters[ballots.rows], ballots.statements[ballots.columns]
    return {(int(r), int(c)): int(v) for r, c, v in zip(rows, names, ballots.votes, strict=True)}


def mixture_of_two(live):
    places_ = places(live.ballots, live.style, live.chart)
    return mixture_of(live.ballots, live.style, places_, 2)


def begun(part, *, seed=3):
    rows, columns, votes, _ = opinions(90, 15, 2, seed=seed)
    first = np.arange(len(rows)) < part * len(rows)
    rest = zip(rows[~first].tolist(), columns[~first].tolist(), votes[~first].tolist(), strict=True)
    return (
        Live(gathered(rows[first], columns[first], votes[first])),
        list(rest),
        named(rows, columns, votes),
    )


def test_settled_votes_are_what_a_batch_gives():
    live, rest, whole = begun(0.8)
    for vote in rest:
        live.vote(*vote)
    one, other = live.settle(), found(whole)
    for name in ("voters", "statements", "columns", "votes"):
        assert np.array_equal(getattr(one.ballots, name), getattr(other.ballots, name))
    assert np.array_equal(one.member, other.member)
    assert np.array_equal(one.bridge, other.bridge)


def test_a_refresh_gives_nearly_the_groups_of_a_batch():
    live, rest, _ = begun(0.9)
    live.settle()
    for vote in rest:
        live.vote(*vote)
    group = live.refresh().member.argmax(axis=1)[np.argsort(live.ballots.voters)]
    again = groups_by_name(live.settle())
    assert (group == again).mean() > 0.95


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 95), st.integers(0, 17), st.sampled_from([-1, 0, 1])),
            min_size=1, max_size=30,
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_refreshing_again_and_again_loses_and_invents_nothing(rounds):
    live, _, whole = begun(1.0)
    live.learn(mixture_of_two(live))
    votes = table(whole)
    for more in rounds:
        for voter, statement, value in more:
            live.vote(voter, statement, value)
            votes[voter, statement] = value
        live.refresh()
    assert table(live.ballots) == votes
    mixture, style = live.mixture, live.style
    assert mixture.member.shape[0] == len(live.ballots.voters)
    assert mixture.member.sum(axis=1) == pytest.approx(1.0)
    n, total = held(live.ballots, style, mixture.member)  # from all votes, not from what moved
    assert n == pytest.approx(live.warm.n, abs=1e-6)
    assert total == pytest.approx(live.warm.total, abs=1e-6)
    assert style.mean == pytest.approx(total.sum(axis=1) / n.sum(axis=1), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.sampled_from([-1, 0, 1])), min_size=1))
def test_a_vote_moves_somebody_to_where_all_their_votes_put_them(changes):
    live, _, _ = begun(1.0)
    live.learn(live.settle().mixture)
    for statement, value in changes:
        live.vote(0, statement, value)
    moved, place = live.member(0), live.place(0)
    fresh = live.people.pop(0)
    straight = live.standing(0)
    for statement, value in dict(changes).items():
        live.vote(0, statement, value)
    assert live.people[0].votes == fresh.votes
    assert straight is live.people[0]
    assert live.member(0) == pytest.approx(moved, abs=1e-6)
    assert live.place(0) == pytest.approx(place, abs=1e-6)


def test_somebody_new_with_one_vote_has_a_share_and_a_place():
    live, _, _ = begun(1.0)
    live.settle()
    live.vote(12345, 0, 1)
    assert sum(live.member(12345)) == pytest.approx(1.0)
    assert np.isfinite(live.place(12345)).all()


def test_a_vote_of_seven_is_refused_before_anything_moves():
    live, _, _ = begun(1.0)
    with pytest.raises(ValueError, match="A vote is 1"):
        live.vote(0, 0, 7)
    assert not any(live.since)
