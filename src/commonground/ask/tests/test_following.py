"""The picture anybody may see: of ten people and more, the same after a restart."""

import json

import numpy as np
import pytest
from hypothesis import given as generated, settings, strategies as st

from commonground.ask import queries, tasks
from commonground.ask.engine.following import ACROSS, Following, here, settled
from commonground.ask.engine.likeness import nearly_same, receptions, take
from commonground.ask.engine.pace import Pace
from commonground.ask.models import Picture
from commonground.ask.tests.given import opinions
from commonground.ask.tests.world import a_ballot, a_question, cast, drawn, many_votes
from commonground.hear.engine.embedding import Pieces


def followed(voters=120, **how):
    rows, columns, votes, group = opinions(voters, 16, 2, seed=5, **how)
    return Following(rows, columns, votes), rows, columns, votes, group


def test_a_refresh_counts_every_vote_and_keeps_the_order():
    following, *_ = followed()
    settled = following.settle()
    following.add((1000 + n, 3, 1) for n in range(15))
    fresh = following.refresh()
    assert fresh["shared"] == settled["shared"]
    assert sum(fresh["all"]["3"]) == sum(settled["all"]["3"]) + 15


def test_a_picture_settled_after_a_restart_is_the_same_to_a_bit():
    following, rows, columns, votes, _ = followed()
    half = len(rows) // 2
    lively = Following(rows[:half], columns[:half], votes[:half])
    lively.settle()
    later = zip(rows[half:].tolist(), columns[half:].tolist(), votes[half:].tolist(), strict=True)
    lively.add(later)
    lively.refresh()
    assert json.dumps(lively.settle()) == json.dumps(following.settle())


def test_groups_that_do_not_hold_are_not_shown():
    following, *_ = followed(apart=0.0)
    told = following.settle()
    assert told["stable"] is False
    assert all(len(cells) == 1 for cells in told["groups"].values())


def test_nothing_is_told_of_fewer_than_ten():
    following, *_ = followed(60, apart=4.0, seen=0.45)
    told = following.settle()
    cells = [c for groups in told["groups"].values() for c in groups if c]
    cells += [c for c in told["all"].values() if c]
    assert all(sum(c) >= 10 for c in cells)
    assert all(n >= 10 for *_, n, _ in told["map"]["cells"])
    assert any(c is None for groups in told["groups"].values() for c in groups)


def test_somebody_stands_where_those_who_vote_like_them_stand():
    following, rows, columns, votes, _ = followed(600, seen=1.0)
    told = following.settle()
    place, voters = following.finding.place, following.finding.ballots.voters
    off = []
    for row in range(0, 100, 7):
        voter = int(voters[row])
        own = {str(s): int(v) for s, v in zip(columns[rows == voter], votes[rows == voter],
                                              strict=True)}  # fmt: skip
        cell = here(own, told)
        at = np.minimum((place[row] / told["map"]["far"] + 1) / 2 * ACROSS, ACROSS - 1).astype(int)
        off.append(abs(cell[0] - at[0]) + abs(cell[1] - at[1]))
    assert np.median(off) == 0
    assert max(off) <= 1


def test_the_pace_settles_when_enough_changed_and_leaves_the_machine_its_rest():
    pace = Pace()
    assert pace.due(1, 0.0)
    pace.settled(1000, at := 10.0, took=0.5)
    assert not pace.due(1000, at + 100)
    assert not pace.due(1500, at + 1.9)  # four times half a second
    assert pace.due(1010, at + 2.0)
    assert not pace.due(1005, at + 2.0)
    assert pace.due(1005, at + 10.0)


def test_an_interval_is_wide_for_few_and_narrow_for_many():
    few, many = take([3, 0, 7]), take([300, 0, 700])
    assert few.low < many.low < 0.7 < many.high < few.high
    assert take(None) is None


STATEMENTS = {
    1: "Put more street lights on the fish quay.", 2: "Close the bars at one o'clock.",
    3: "Let the ferry run all night at weekends.", 4: "Teach officers Spanish.",
}  # fmt: skip


def test_a_draft_is_held_against_statements_that_are_like_it_and_no_others():
    counts = {n: [[2, 1, 17], None] for n in STATEMENTS}
    text = "We will put more street lights on the fish quay. Our dog is called Biscuit these days."
    (only,) = receptions(text, STATEMENTS, counts, Pieces())
    assert (only.number, only.takes[1]) == (1, None)
    assert only.takes[0].people == 20


def test_words_unlike_every_statement_are_not_known():
    assert receptions("Ponies are small horses, on the whole.", STATEMENTS, {}, Pieces()) == []
    assert receptions("", STATEMENTS, {}, Pieces()) == []


def test_nearly_the_same_is_found_and_the_rest_left_alone():
    assert nearly_same("Put more street lights along the fish quay", STATEMENTS, Pieces()) == [1]
    assert nearly_same("Sell the town hall.", STATEMENTS, Pieces()) == []


@pytest.mark.django_db
def test_the_pictures_of_two_workers_are_one():
    question = a_question()
    many_votes(question)
    first = drawn(question)
    tasks.WATCHED.clear()  # as a second worker, or the same after a crash
    assert tasks.pictured(question) == first
    assert first["open"]["stable"]
    assert Picture.objects.count() == 1


@pytest.mark.django_db
def test_votes_that_come_while_a_worker_watches_are_in_the_next_picture():
    question = a_question()
    many_votes(question)
    drawn(question)
    ballot = a_ballot(question)
    cast(ballot, {1: 1, 6: 1})
    tasks.draw_pictures()
    picture = question.pictures.get()
    assert picture.voters == 61
    assert sum(picture.told["all"]["6"]) == 61
    cast(ballot, {6: -1})
    tasks.draw_pictures()
    assert sum(question.pictures.get().told["all"]["6"]) == 61


@pytest.mark.django_db
def test_the_statement_with_the_fewest_votes_comes_first():
    question = a_question()
    statements = queries.choices_in(question)
    seen = {str(c.number): 5 for c in statements} | {"7": 2}
    assert queries.next_for("anna", statements, {}, seen) == 7
    first = {queries.next_for(f"p{n}", statements, {}, {}) for n in range(40)}
    assert len(first) > 6  # among equals everybody meets another one
    everything = {c.number: 1 for c in statements}
    assert queries.next_for("anna", statements, everything, seen) is None


@pytest.mark.django_db
def test_the_headline_is_the_strongest_tier_that_ten_people_voted_in():
    question = a_question(tiers=["open", "resident"])
    many_votes(question, voters=30, tier="open")
    many_votes(question, voters=5, tier="resident", seed=1)
    drawn(question)
    assert queries.shown_picture(question, "")[0] == "open"
    many_votes(question, voters=12, tier="resident", seed=2)
    drawn(question)
    assert queries.shown_picture(question, "")[0] == "resident"
    assert queries.shown_picture(question, "open")[0] == "open"
    assert queries.shown_picture(question, "' OR 1=1")[0] == "resident"


A_VOTE = st.tuples(st.integers(1, 25), st.integers(1, 6), st.sampled_from([-1, 0, 1]))


@pytest.mark.filterwarnings("error")
@settings(max_examples=60)
@generated(st.lists(A_VOTE, min_size=1, max_size=80), st.lists(A_VOTE, max_size=8))
def test_no_ballots_however_made_keep_a_picture_from_being_drawn(votes, more):
    following = Following(*zip(*votes, strict=True))
    following.settle()
    following.add(more)
    assert json.dumps(following.refresh(), allow_nan=False)
    assert json.dumps(following.settle(), allow_nan=False)


def test_votes_that_come_while_it_is_settled_elsewhere_are_not_lost():
    following, rows, columns, votes, _ = followed()
    following.settle()
    meanwhile = [(1000 + n, 3, 1) for n in range(12)]
    snapshot = following.snapshot()
    following.add(meanwhile)
    following.refresh()
    told = following.adopt(settled(snapshot))
    whole = Following(
        [*rows.tolist(), *(v for v, _, _ in meanwhile)], [*columns.tolist(), *[3] * 12],
        [*votes.tolist(), *[1] * 12],
    )  # fmt: skip
    assert told["seen"] == whole.settle()["seen"]
    assert json.dumps(following.settle()) == json.dumps(whole.settle())


@pytest.mark.parametrize("crowd", [1, 2, 40, 3000])
def test_a_crowd_that_says_one_thing_to_everything_breaks_nothing(crowd):
    rows = [(n, s, -1) for n in range(crowd) for s in range(1, 4)]
    assert Following(*zip(*rows, strict=True)).settle()["stable"] is False
