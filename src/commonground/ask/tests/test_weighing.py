"""Weights make a crowd as mixed as its place, and say when they cannot."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings, strategies as st

from commonground.ask.engine.margins import Unclear, margins_of, names_of, written
from commonground.ask.engine.raking import MOST, raked
from commonground.ask.engine.weighing import weighed
from commonground.ask.tests.given import named

HALVES = np.array([50.0, 50.0])


def crowd(*counts):
    """One trait, so many people of each class."""
    return np.repeat(np.arange(len(counts)), counts)[:, None]


def test_a_margin_holds_once_weighed():
    traits = crowd(30, 70)
    rake = raked(traits, [HALVES])
    assert np.bincount(traits[:, 0], rake.weight) == pytest.approx([50, 50])
    assert rake.off < 1e-9
    assert rake.effective == pytest.approx(100**2 / (30 * (5 / 3) ** 2 + 70 * (5 / 7) ** 2))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_two_margins_hold_together(seed, one, other):
    rng = np.random.default_rng(seed)
    traits = rng.integers(0, 2, (400, 2))
    rake = raked(traits, [np.array([one, 1 - one]), np.array([other, 1 - other])])
    for d, share in enumerate((one, other)):
        now = np.bincount(traits[:, d], rake.weight, 2) / rake.weight.sum()
        assert now[0] == pytest.approx(share, abs=1e-6)
    assert rake.weight.mean() == pytest.approx(1)


def test_whoever_told_nothing_is_not_weighed_and_nobody_speaks_for_twenty():
    traits = np.vstack([crowd(12, 988), [[-1]] * 5])
    rake = raked(traits, [HALVES])
    assert rake.people == 1000
    assert not rake.weight[-5:].any()
    assert rake.weight.max() <= MOST
    assert rake.weight.min() == 0
    assert rake.weight[:1000].mean() == pytest.approx(1)
    assert rake.off > 0.3  # and it is told that the margin does not hold


def test_a_class_of_fewer_than_ten_is_left_out_of_its_margin_and_named():
    traits = crowd(9, 45, 46)
    rake = raked(traits, [np.array([60.0, 20.0, 20.0])])
    assert rake.absent == ((0, 0),)
    assert np.bincount(traits[:, 0], rake.weight)[1:] == pytest.approx([45.5, 45.5], rel=0.01)


def test_nobody_told_and_nonsense():
    assert raked(np.full((3, 1), -1), [HALVES]).people == 0
    for traits, margin in (
        (crowd(3, 3), [0.0, 0.0]), (crowd(3, 3), [-1.0, 2.0]), (crowd(3, 3, 1), [1, 1]),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="margin"):
            raked(traits, [np.array(margin, float)])
    with pytest.raises(ValueError, match="column"):
        raked(crowd(3, 3), [HALVES, HALVES])


def votes_by_age(young, old):
    """The young agree with the first statement, the old do not; with the second all do."""
    n = young + old
    rows, columns = np.repeat(np.arange(n), 12), np.tile(np.arange(12), n)
    rng = np.random.default_rng(0)
    votes = rng.choice([-1, 1], (n, 12))
    votes[:, 1] = 1
    votes[:, 0] = np.where(np.arange(n) < young, 1, -1)
    return named(rows, columns, votes.ravel()), {i: [int(i >= young)] for i in range(n)}


def test_weighed_shares_are_those_of_the_place():
    ballots, traits = votes_by_age(150, 50)
    told = weighed(ballots, traits, [HALVES])
    disagree, unsure, agree, half = told["statements"]["0"]
    assert (disagree, unsure, agree) == pytest.approx((50, 0, 50), abs=0.2)
    assert 5 < half < 12
    assert told["statements"]["1"][2] == 100
    assert told["people"] == 200
    assert told["effective"] == 150
    assert told["shared"][0] == "1"


def test_too_few_people_are_told_of_in_no_share():
    ballots, traits = votes_by_age(30, 15)
    told = weighed(ballots, traits, [HALVES])
    assert told["people"] == 45
    assert told["statements"] == {}
    assert told["shared"] == []


def test_the_order_of_the_votes_changes_no_share():
    ballots, traits = votes_by_age(120, 80)
    rows, columns, votes = ballots.voters[ballots.rows], ballots.columns, ballots.votes
    turned = named(rows[::-1], ballots.statements[columns][::-1], votes[::-1])
    assert weighed(turned, traits, [HALVES]) == weighed(ballots, traits, [HALVES])


LINE = "Age: under 30 = 23; 30 to 59 = 48,5 %; 60 and over = 28.5"


def test_margins_are_read_and_written_back():
    (margin,) = margins_of(f"\n{LINE}\n")
    assert margin.classes == ("under 30", "30 to 59", "60 and over")
    assert margin.shares == (23, 48.5, 28.5)
    assert margins_of(written([margin.told()])) == [margin]
    assert names_of("Âge: moins de 30; 30 à 59 ; 60 et plus") == [
        {"name": "Âge", "classes": ["moins de 30", "30 à 59", "60 et plus"]}
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Age", "Write it as"),
        ("Age: ", "Write it as"),
        ("Age: young; old = 50", "lacks its share"),
        ("Age: young = 50; old = 40", "add up to 90"),
        ("Age: all = 100", "two to eight"),
        ("Age: a = 50; a = 50", "no two of them the same"),
        ("Age: " + "a" * 61 + " = 50; b = 50", "too long"),
        (f"{LINE}\n{LINE}", "Two lines"),
        ("\n".join(f"T{n}: a = 50; b = 50" for n in range(5)), "More than 4"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(line, says):
    with pytest.raises(Unclear, match=says):
        margins_of(line)


@pytest.fixture
def files(tmp_path):
    """Votes, people and margins of 150 young and 50 old, as the command takes them."""
    ballots, traits = votes_by_age(150, 50)
    names = [f"v{n}" for n in ballots.voters[ballots.rows]]
    lines = zip(names, ballots.statements[ballots.columns], ballots.votes, strict=True)
    held = {
        "votes": ["voter,statement,vote", *(",".join(map(str, row)) for row in lines)],
        "people": ["voter,Age", *(f"v{n},{('young', 'old')[t[0]]}" for n, t in traits.items())],
        "margins": ["Age: young = 50; old = 50"],
    }
    for name, rows in held.items():
        (tmp_path / name).write_text("\n".join(rows))
    return tmp_path


def run(files, *more):
    call_command(
        "ask", "groups", str(files / "votes"), "--people", str(files / "people"), "--margins",
        str(files / "margins"), *more,
    )  # fmt: skip


def test_the_command_weighs(files, capsys):
    run(files, "--json")
    told = json.loads(capsys.readouterr().out)["weighed"]
    assert told["effective"] == 150
    assert told["statements"]["0"][2] == pytest.approx(50, abs=0.2)
    run(files)
    assert "200 told who they are, worth 150 equal people" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("people", "voter,Size\nv0,1", "must name the voter and: Age"),
        ("people", "voter,Age\nv0,ancient", "Line 2: “ancient” is no answer"),
        ("people", "voter,Age\nv0", "has 1 fields"),
        ("margins", "Age: young = 50", "two to eight"),
        ("margins", "", "no line"),
    ],
)
def test_the_command_says_which_file_is_wrong_and_where(files, name, text, says):
    (files / name).write_text(text)
    with pytest.raises(CommandError, match=says):
        run(files)


def test_one_file_without_the_other_weighs_nothing(files):
    with pytest.raises(CommandError, match="both"):
        call_command("ask", "groups", str(files / "votes"), "--people", str(files / "people"))
