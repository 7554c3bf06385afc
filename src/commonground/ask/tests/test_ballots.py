"""The store: the last vote wins, and neither order nor names can move anything."""

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from commonground.ask.engine import hashing, passes, plain, storing
from commonground.ask.engine.ballots import gathered
from commonground.ask.engine.compiled import COMPILED

VOTES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 5), st.sampled_from([-1, 0, 1])), min_size=1
)

CALM = settings(max_examples=60, deadline=None)  # the first call compiles


def table(ballots):
    """Every vote under its names."""
    rows = ballots.voters[ballots.rows]
    return {
        (int(r), int(c)): int(v)
        for r, c, v in zip(rows, ballots.statements[ballots.columns], ballots.votes, strict=True)
    }


@CALM
@given(VOTES)
def test_the_last_vote_wins(votes):
    assert table(gathered(*zip(*votes, strict=True))) == {(r, c): v for r, c, v in votes}


@CALM
@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_in_which_votes_came_leaves_no_trace(votes, chance):
    once = list({(r, c): (r, c, v) for r, c, v in votes}.values())
    shuffled = chance.sample(once, len(once))
    one, other = (gathered(*zip(*v, strict=True)) for v in (once, shuffled))
    for name in ("voters", "statements", "starts", "columns", "votes"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@CALM
@given(VOTES, st.permutations(range(7)), st.permutations(range(6)))
def test_names_do_not_decide_who_comes_first(votes, voters, statements):
    once = list({(r, c): (r, c, v) for r, c, v in votes}.values())
    renamed = [(voters[r], statements[c], v) for r, c, v in once]
    one, other = (gathered(*zip(*v, strict=True)) for v in (once, renamed))
    marks = hashing.marks_of(one.starts, one.columns, one.votes, len(one.statements))
    assume(all(len(set(mark.tolist())) == len(mark) for mark in marks))  # twins may change places
    assert np.array_equal(one.starts, other.starts)
    assert np.array_equal(one.columns, other.columns)
    assert np.array_equal(one.votes, other.votes)


@CALM
@given(VOTES, st.data())
def test_voters_taken_alone_are_as_if_the_others_had_never_come(votes, data):
    ballots = gathered(*zip(*votes, strict=True))
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=7, max_size=7)))
    rest = ballots.of(kept[ballots.voters])
    assert table(rest) == {(r, c): v for (r, c), v in table(ballots).items() if kept[r]}


def test_a_vote_of_seven_is_refused():
    with pytest.raises(ValueError, match="A vote is 1"):
        gathered([1], [1], [7])


def test_statements_left_out_take_their_votes_along():
    left = gathered([1, 1, 2], [10, 11, 11], [1, -1, 1]).without([11])
    assert table(left) == {(1, 10): 1}


def test_copies_of_one_ballot_do_not_lie_side_by_side():
    marks = hashing.spread(np.array([5, 5, 5, 9], np.uint64))
    assert len(set(marks.tolist())) == 4


@pytest.mark.skipif(not COMPILED, reason="NOT TESTED: numba is absent, all loops are plain")
@CALM
@given(VOTES)
def test_compiled_and_plain_stores_are_the_same(votes):
    row, column, vote = (np.array(x) for x in zip(*votes, strict=True))
    found = []
    for way in (storing, plain):
        starts, c, v = np.zeros(8, np.int64), np.empty(len(row), np.uint16), vote.astype(np.int8)
        way.by_row(row, column, vote.astype(np.int8), np.empty(0, np.uint32), starts, c, v)
        left = way.last_only(starts, c, v, 6)
        c, v = c[:left].copy(), v[:left].copy()
        rows, number = np.arange(7)[::-1].copy(), np.arange(6)[::-1].copy()
        new = np.zeros_like(starts), np.empty_like(c), np.empty_like(v)
        way.rearrange(starts, c, v, rows, number, *new)
        marks, sums = hashing.mixed(np.arange(18)).reshape(6, 3), np.zeros(7, np.uint64)
        way.add_to_rows(starts, c, v, marks, sums)
        down = np.zeros(6, np.uint64)
        way.add_to_columns(starts, c, v, hashing.mixed(np.arange(21)).reshape(7, 3), down)
        least = np.full((7, 4), np.iinfo(np.uint32).max, np.uint32)
        way.least_pass(starts, c, v, marks, hashing.mixed(np.arange(4)), least)
        at = np.arange(0, left + 1, 2)
        more = np.arange(len(at)).astype(np.uint16), np.ones(len(at), np.int8)
        put = np.empty(left + len(at), np.uint16), np.empty(left + len(at), np.int8)
        way.insert(c, v, at, *more, *put)
        some = np.array([5, 0, 3])
        ends = np.concatenate(([0], np.cumsum(np.diff(starts)[some])))
        few = np.empty(ends[-1], np.uint16), np.empty(ends[-1], np.int8)
        way.pick(starts, c, v, some, ends, *few)
        found.append([starts, c, v, *new, sums, down, least, *put, *few])
    assert all(np.array_equal(a, b) for a, b in zip(*found, strict=True))


@pytest.mark.skipif(not COMPILED, reason="NOT TESTED: numba is absent, all loops are plain")
@pytest.mark.parametrize("voters", [storing.FEW + 1, 70_001])
@pytest.mark.parametrize("statements", [200, 20_000, 70_000])
@pytest.mark.parametrize("room", [np.uint32, np.uint64])
def test_many_voters_and_statements_are_sorted_in_turns_and_come_out_the_same(
    voters, statements, room
):
    rng = np.random.default_rng(3)
    row, column = rng.integers(0, voters, 90_000), rng.integers(0, statements, 90_000)
    vote, found = rng.integers(-1, 2, 90_000).astype(np.int8), []
    assert len(passes.room_to_sort(90_000, voters, statements)) == 90_000
    rows, number = rng.permutation(voters), rng.permutation(statements)
    for way, keys in ((storing, np.empty(90_000, room)), (plain, np.empty(0, room))):
        starts, c, v = np.zeros(voters + 1, np.int64), np.empty(90_000, np.uint32), vote.copy()
        way.by_row(row, column, vote, keys, starts, c, v)
        sorted_ = starts.copy(), c.copy(), v.copy()
        left = way.last_only(starts, c, v, statements)
        c, v = c[:left].copy(), v[:left].copy()
        new = np.zeros_like(starts), np.empty_like(c), np.empty_like(v)
        way.rearrange(starts, c, v, rows, number, *new)
        found.append([*sorted_, *new])
    assert all(np.array_equal(a, b) for a, b in zip(*found, strict=True))
