"""Groups where there are groups, none where there are none, and crowds that move nothing."""

import numpy as np
import pytest

from commonground.ask.engine.ballots import gathered
from commonground.ask.engine.choosing import adjusted_rand
from commonground.ask.engine.finding import found
from commonground.ask.engine.telling import eligible, told
from commonground.ask.tests.given import ballots, groups_by_name, named, opinions, with_crowd


def top(finding, many=10):
    """The names of the statements that bridge most."""
    order = np.argsort(-np.where(eligible(finding), finding.bridge, -1), kind="stable")
    return set(finding.ballots.statements[order[:many]].tolist())


@pytest.mark.parametrize("groups", [2, 3])
def test_planted_groups_are_found(groups):
    votes, group = ballots(400, 40, groups, seed=groups)
    finding = found(votes)
    assert finding.mixture.many == groups
    assert finding.stable
    assert adjusted_rand(groups_by_name(finding), group) > 0.8


def test_planted_groups_are_found_under_loud_styles():
    votes, group = ballots(400, 40, 2, style=1.5, seed=5)
    assert adjusted_rand(groups_by_name(found(votes)), group) > 0.7


@pytest.mark.parametrize("seed", range(4))
def test_where_there_are_no_groups_none_are_claimed(seed):
    votes, _ = ballots(250, 40, 1, style=1.0, seed=seed)
    finding = found(votes)
    assert finding.mixture.many == 1
    assert not finding.stable


def test_order_and_names_change_nothing_at_all():
    rows, columns, votes, _ = opinions(150, 30, 2, seed=3)
    first = found(named(rows, columns, votes))
    rng = np.random.default_rng(0)
    for _ in range(2):
        order = rng.permutation(len(rows))
        voter, statement = rng.permutation(150), rng.permutation(30)
        again = found(gathered(voter[rows[order]], statement[columns[order]], votes[order]))
        assert np.array_equal(again.group, first.group)
        assert np.array_equal(again.bridge, first.bridge)
        assert np.array_equal(again.place, first.place)


def test_weights_of_one_are_no_weights():
    votes, _ = ballots(120, 25, 2, seed=8)
    one, other = found(votes), found(votes, np.ones(120))
    assert np.array_equal(one.member, other.member)
    assert np.array_equal(one.bridge, other.bridge)


def test_a_weight_of_zero_leaves_no_voice():
    votes, _ = ballots(150, 25, 2, seed=9)
    heard = votes.voters < 140
    whole, part = found(votes, heard.astype(float), groups=2), found(votes.of(heard), groups=2)
    names = np.argsort(whole.ballots.statements), np.argsort(part.ballots.statements)
    assert whole.weight[~heard].max() == 0
    assert whole.bridge[names[0]] == pytest.approx(part.bridge[names[1]], abs=0.05)


def test_everybody_has_shares_that_add_up_to_one():
    rows, columns, votes, _ = opinions(200, 30, 2, seed=4)
    once = rows != 199  # and one voter with a single vote
    once[np.flatnonzero(rows == 199)[0]] = True
    finding = found(named(rows[once], columns[once], votes[once]))
    assert finding.member.sum(axis=1) == pytest.approx(1.0)
    assert finding.member.shape[0] == 200


def crowd_against(finding, many, statements):
    """Ballots that refuse the ten most bridging statements and take the ten least."""
    order = finding.ballots.statements[np.argsort(-finding.bridge)]
    ballot = np.full(statements, 2)
    ballot[order[:10]], ballot[order[-10:]] = -1, 1
    return np.tile(ballot, (many, 1))


def test_identical_ballots_of_a_crowd_move_nothing():
    rows, columns, votes, _ = opinions(400, 60, 2, seed=11)
    before = found(named(rows, columns, votes))
    crowd = crowd_against(before, 20, 60)
    after = found(named(*with_crowd(rows, columns, votes, crowd)))
    assert after.suspect[after.ballots.voters >= 400].all()
    assert after.suspect[after.ballots.voters < 400].mean() <= 0.01
    assert top(after) == top(before)


@pytest.mark.parametrize("noise", [0.1, 0.2, 0.3])
def test_a_crowd_with_one_script_hardly_moves_anything_though_no_two_ballots_are_alike(noise):
    rng = np.random.default_rng(0)
    rows, columns, votes, _ = opinions(400, 60, 2, seed=11)
    before = found(named(rows, columns, votes))
    crowd = crowd_against(before, 20, 60)
    spoken = crowd != 2
    crowd = np.where(spoken & (rng.random(crowd.shape) < noise), rng.choice([-1, 0, 1], (20, 60)),
                     crowd)  # fmt: skip
    after = found(named(*with_crowd(rows, columns, votes, crowd)))
    mine = after.ballots.voters >= 400
    assert (after.crowd | after.suspect)[mine].mean() >= 0.9
    assert not after.crowd[~mine].any()
    assert len(top(after) & top(before)) >= 9
    assert told(after)["integrity"]["crowd_with_one_script"] == after.crowd.sum()


@pytest.mark.parametrize("seed", range(3))
def test_a_small_firm_minority_with_a_fringe_is_no_crowd(seed):
    rng = np.random.default_rng(seed)
    part = np.where(rng.random(500) < 0.2, rng.uniform(0, 1, 500), 0)  # few are wholly in it
    part[:20] = 1
    everybody, lean = rng.normal(0.8, 1.0, 60), rng.normal(-1, 3.0, 60)
    chance = 1 / (1 + np.exp(-(everybody + part[:, None] * lean)))
    votes = np.where(rng.random(chance.shape) < chance, 1, -1)
    rows, columns = np.nonzero(rng.random(chance.shape) < 0.7)
    finding = found(named(rows, columns, votes[rows, columns]))
    assert not finding.crowd.any()


def test_somebody_who_passes_throughout_is_counted_apart_and_not_suspected():
    rows, columns, votes, _ = opinions(200, 40, 2, seed=15)
    finding = found(named(*with_crowd(rows, columns, votes, np.zeros((12, 40), int))))
    silent = finding.ballots.voters >= 200
    assert finding.blank[silent].all()
    assert not finding.suspect.any()
    assert not finding.weight[silent].any()


@pytest.mark.parametrize("answer", [1, -1])
def test_straight_lines_move_nothing(answer):
    rows, columns, votes, _ = opinions(400, 60, 2, seed=12)
    before = found(named(rows, columns, votes))
    after = found(named(*with_crowd(rows, columns, votes, np.full((20, 60), answer))))
    assert after.straight[after.ballots.voters >= 400].all()
    assert top(after) == top(before)


def test_nothing_is_told_of_fewer_than_ten_people():
    rows, columns, votes, _ = opinions(120, 30, 2, seen=0.25, seed=6)
    finding = told(found(named(rows, columns, votes), groups=2))
    cells = [cell for group in finding["groups"] for cell in group["statements"]]
    assert any(cell["n"] is None for cell in cells)
    for cell in cells:
        assert cell["n"] is None or cell["n"] >= 10
        assert (cell["n"] is None) == (cell["agree"] is None) == (cell["z"] is None)
    assert all(group["size"] >= 10 for group in finding["groups"])


def test_what_is_published_names_nobody():
    votes, _ = ballots(100, 20, 2, seed=1)
    finding = told(found(votes), people=False)
    assert finding["members"] == {}
    assert finding["map"] == {}


def test_few_votes_do_not_look_like_full_agreement():
    rows, columns, votes, _ = opinions(300, 30, 2, seed=13)
    few = (columns != 0) | (np.cumsum(columns == 0) <= 25)
    votes[columns == 0] = 1
    votes[columns == 1] = 1
    finding = found(named(rows[few], columns[few], votes[few]))
    score = finding.bridge[np.argsort(finding.ballots.statements)]
    assert score[0] < score[1]


def test_a_small_camp_alone_against_all_is_named():
    rng = np.random.default_rng(2)
    rows, columns, votes, _ = opinions(300, 40, 2, seed=14)
    before = found(named(rows, columns, votes))
    crowd = crowd_against(before, 40, 40)
    crowd = np.where(rng.random(crowd.shape) < 0.15, rng.choice([-1, 0, 1], crowd.shape), crowd)
    finding = told(found(named(*with_crowd(rows, columns, votes, crowd))))
    blocked = {
        name for one in finding["integrity"]["sensitivity"] for name in one["blocked_only_by"]
    }
    assert blocked & top(before)
