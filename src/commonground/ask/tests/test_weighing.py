"""Weights make a crowd as mixed as its place, and say when they cannot."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings, strategies as st

from commonground.ask.engine.finding import found
from commonground.ask.engine.margins import Unclear, margins_of, names_of, written
from commonground.ask.engine.raking import raked
from commonground.ask.engine.weighing import weighed
from commonground.ask.tests.given import named, opinions, with_crowd
from commonground.kit.raking import MOST

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
    traits = np.vstack([crowd(32, 968), [[-1]] * 5])
    rake = raked(traits, [HALVES])
    assert rake.people == 1000
    assert not rake.weight[-5:].any()
    assert rake.weight.max() <= MOST
    assert rake.weight[:1000].mean() == pytest.approx(1)
    assert rake.off > 0.3  # and it is told that the margin does not hold


def test_a_trait_with_a_class_that_too_few_told_is_left_out_whole():
    rng = np.random.default_rng(0)
    traits = np.hstack([crowd(29, 100, 100), rng.integers(0, 2, (229, 1))])
    rake = raked(traits, [np.array([60.0, 20.0, 20.0]), HALVES])
    assert rake.used == (False, True)
    assert np.bincount(traits[:, 1], rake.weight) == pytest.approx([114.5, 114.5])
    assert raked(traits[:, :1], [np.array([60.0, 20.0, 20.0])]).people == 0


def test_who_left_out_a_trait_that_is_not_used_is_weighed_all_the_same():
    traits = np.hstack([np.full((100, 1), -1), crowd(40, 60)])
    rake = raked(traits, [HALVES, HALVES])
    assert rake.used == (False, True)
    assert rake.people == 100


def test_nobody_told_and_nonsense():
    assert raked(np.full((3, 1), -1), [HALVES]).people == 0
    for traits, margin in (
        (crowd(3, 3), [0.0, 1.0]), (crowd(3, 3), [-1.0, 2.0]), (crowd(3, 3, 1), [1, 1]),
        (crowd(3, 3), [np.nan, 1.0]), (crowd(3, 3), []),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="margin"):
            raked(traits, [np.array(margin, float)])
    with pytest.raises(ValueError, match="column"):
        raked(crowd(3, 3), [HALVES, HALVES])


def votes_by_age(young, old):
    """The young agree with the first statement, the old do not; nine in ten say the second."""
    n = young + old
    rng = np.random.default_rng(0)
    votes = rng.choice([-1, 1], (n, 12))
    votes[:, 1] = np.where(np.arange(n) % 10, 1, -1)
    votes[:, 0] = np.where(np.arange(n) < young, 1, -1)
    rows, columns = np.repeat(np.arange(n), 12), np.tile(np.arange(12), n)
    return named(rows, columns, votes.ravel()), {i: [int(i >= young)] for i in range(n)}


def test_weighed_shares_are_those_of_the_place():
    ballots, traits = votes_by_age(150, 50)
    told = weighed(ballots, traits, [HALVES])
    first = told["statements"]["0"]
    assert first["agree"] == pytest.approx(50, abs=0.2)
    assert first["disagree"] == pytest.approx(50, abs=0.2)
    assert first["bare"] == 75
    assert first["low"] < 46
    assert first["high"] > 54
    assert told["effective"] == 150
    assert told["shared"][0] == "1"
    assert all(told["statements"][name]["agree"] > 50 for name in told["shared"])


@pytest.mark.parametrize(
    ("young", "old", "why"), [(200, 20, "few_told"), (31, 31, ""), (900, 40, "far_off")]
)
def test_where_it_cannot_be_weighed_it_says_why_and_tells_no_share(young, old, why):
    ballots, traits = votes_by_age(young, old)
    told = weighed(ballots, traits, [HALVES])
    assert told["why"] == why
    assert bool(told["statements"]) is not bool(why)


def test_few_who_answered_otherwise_are_given_away_by_no_share():
    """Bare and weighed shares together would say of which class the only one was."""
    ballots, traits = votes_by_age(120, 80)
    votes = np.array(ballots.votes)
    column = ballots.columns == np.flatnonzero(ballots.statements == 1)[0]
    votes[column] = 1
    votes[np.flatnonzero(column)[0]] = -1
    rows = ballots.voters[ballots.rows]
    told = weighed(named(rows, ballots.statements[ballots.columns], votes), traits, [HALVES])
    assert "1" not in told["statements"]
    assert "0" in told["statements"]


def test_a_class_that_few_voted_in_on_a_statement_hides_that_statement():
    ballots, traits = votes_by_age(120, 80)
    late = (ballots.statements[ballots.columns] == 0) & (ballots.voters[ballots.rows] >= 149)
    told = weighed(ballots.only(~late), traits, [HALVES])
    assert "0" not in told["statements"]
    assert "1" in told["statements"]


def test_what_the_finding_leaves_out_weighs_nothing():
    rows, columns, votes, _ = opinions(200, 40, 2, seen=1.0)
    copied = np.tile(np.random.default_rng(1).choice([-1, 1], 40), (12, 1))
    crowded = named(*with_crowd(rows, columns, votes, copied))
    assert found(crowded).likeness.copies.sum() == 12
    traits = {n: [n % 2] for n in range(200)}
    more = traits | {n: [1] for n in range(200, 212)}
    before = weighed(named(rows, columns, votes), traits, [HALVES])
    after = weighed(crowded, more, [HALVES])
    assert after["people"] == before["people"]
    assert after["statements"] == before["statements"]


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
    assert names_of("Âge: moins de 30; 30 à 59 ; 60 et plus", [margin.told()]) == [
        {"name": "Âge", "classes": ["moins de 30", "30 à 59", "60 et plus"]}
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Âge: jeune; vieux", "in the same order"),
        ("Âge: a; b; b", "no two of them the same"),
        ("Âge: a; b = 2; c", "Without shares"),
        (": a; b; c", "is empty"),
        ("Âge: a; b; ", "is empty"),
    ],
)
def test_names_in_another_language_are_as_sound(line, says):
    with pytest.raises(Unclear, match=says):
        names_of(line, [margins_of(LINE)[0].told()])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Age", "Write it as"),
        ("Age: ", "Write it as"),
        ("Age: young; old = 50", "lacks its share"),
        ("Age: young = 50; old = 40", "add up to 90"),
        ("Age: all = 100", "two to eight"),
        ("Age: a = 50; a = 50", "no two of them the same"),
        ("Age: a = 100; b = 0", "nobody’s"),
        ("Age: a = 33.333; b = 66.667", "lacks its share"),
        ("Age: a" + " " * 60_000 + "b", "lacks its share"),
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
    assert told["statements"]["0"]["agree"] == pytest.approx(50, abs=0.2)
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
