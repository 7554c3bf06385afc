"""Exactly Polis, as red-dwarf computes it, faults included."""

import numpy as np
import pytest

from commonground.ask.engine import nearest, nearest_plain
from commonground.ask.engine.ballots import gathered
from commonground.ask.engine.choosing import adjusted_rand
from commonground.ask.engine.compiled import COMPILED
from commonground.ask.engine.polis import polis_of, scores
from commonground.ask.tests.given import opinions


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("groups", [1, 2, 3])
def test_polis_mode_is_what_red_dwarf_gives(groups):
    base = pytest.importorskip(
        "reddwarf.implementations.base", reason="NOT TESTED: red-dwarf is not installed"
    )
    rows, columns, votes, _ = opinions(120, 25, groups, seen=0.6, seed=groups)
    listed = [
        {"participant_id": int(r), "statement_id": int(c), "vote": int(v)}
        for r, c, v in zip(rows, columns, votes, strict=True)
    ]
    theirs = base.run_pipeline(votes=listed, mod_out_statement_ids=[3], random_state=0)
    ballots = gathered(rows, columns, votes)
    ours = polis_of(ballots, [3])
    people = theirs.participants_df.loc[ballots.voters]
    for axis, name in enumerate("xy"):
        assert np.corrcoef(people[name], ours.place[:, axis])[0, 1] > 0.9999
    label = people["cluster_id"].fillna(-1).astype(int).to_numpy()
    assert np.array_equal(label >= 0, ours.group >= 0)
    assert adjusted_rand(label[label >= 0], ours.group[label >= 0]) > 0.99
    agree = theirs.statements_df.loc[ballots.statements, "group-aware-consensus-agree"]
    assert agree.to_numpy() == pytest.approx(ours.agree)


def test_polis_always_claims_groups():
    rows, columns, votes, _ = opinions(120, 25, 1, seed=4)
    assert polis_of(gathered(rows, columns, votes)).group.max() >= 1


def test_products_shrink_with_more_groups_as_polis_has_it():
    rows, columns, votes, _ = opinions(120, 25, 2, seed=5)
    ours = polis_of(gathered(rows, columns, votes))
    chance = (ours.counts[:, :, 2] + 1) / (ours.counts.sum(axis=2) + 2)
    assert ours.agree == pytest.approx(np.prod(chance, axis=0))


@pytest.mark.skipif(not COMPILED, reason="NOT TESTED: numba is absent")
def test_compiled_and_plain_planes_agree():
    rng = np.random.default_rng(0)
    points, mass = rng.normal(0, 1, (80, 2)), np.ones(80)
    centres, found = points[:3].copy(), []
    for way in (nearest, nearest_plain):
        labels, sums = np.zeros(80, np.int64), np.zeros((3, 3))
        way.assign(points, mass, centres, labels, sums)
        order = np.argsort(labels, kind="stable")
        x, y = np.ascontiguousarray(points[order].T, dtype=np.float32)
        ends = np.searchsorted(labels[order], np.arange(4))
        ways = np.array([[0, 1, 2], [0, 0, 1]])
        scores = way.silhouettes(x, y, mass.astype(np.float32), ends, ways)
        found.append([labels, sums, scores])
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def test_one_look_at_each_pair_scores_every_way_to_cluster_by_the_definition():
    rng = np.random.default_rng(1)
    points = rng.normal(0, 1, (120, 2))
    tries = np.stack([(points[:, 0] > 0).astype(int), rng.integers(0, 4, 120)])
    tries[1][tries[1] == 3] = 2
    tries[1][7] = 3  # alone: counts nothing
    apart, told = np.linalg.norm(points[:, None] - points, axis=2), []
    for labels in tries:
        each = np.zeros(120)
        for i, own in enumerate(labels):
            far = {g: apart[i, labels == g] for g in set(labels.tolist())}
            if len(far[own]) > 1:
                within = far[own].sum() / (len(far[own]) - 1)
                near = min(far[g].mean() for g in far if g != own)
                each[i] = (near - within) / max(near, within)
        told.append(each.mean())
    assert scores(points, np.ones(120), tries) == pytest.approx(told, abs=1e-5)


@pytest.mark.parametrize("seed", [0, 1])
def test_thousands_who_stand_at_two_places_are_no_reason_to_fail(seed):
    votes = np.random.default_rng(seed).choice([-1, 1], 6000)
    found = polis_of(gathered(np.arange(6000), np.zeros(6000, int), votes))
    assert set(found.group) <= {-1, 0, 1}
