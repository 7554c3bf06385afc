"""Which message an article carried: on the set that we wrote, and on what nobody should write."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from commonground.learn.engine import fitting
from commonground.learn.engine.article import LONGEST, Article, Place
from commonground.learn.engine.facts import Fact, agreement, facts_of
from commonground.learn.engine.judging import shipped
from commonground.learn.engine.labelled import Pair, pairs_in
from commonground.learn.engine.pullthrough import Carried, pulled_through

PAIRS = Path(__file__).parent / "pairs"

TAXI = "If you have been drinking, do not drive: call a taxi or a friend."
ROAD = "Mill Road is closed until 6 p.m."


@cache
def labelled() -> list[Pair]:
    return pairs_in(sorted(PAIRS.glob("*.md"), key=lambda file: ("later" in file.name, file.name)))


def test_the_set_is_as_large_and_as_hard_as_promised() -> None:
    kinds = Counter(pair.kind for pair in labelled())
    assert len(labelled()) >= 300
    assert sum(kinds[kind] for kind in "pnoxt") >= len(labelled()) / 2
    assert {pair.language for pair in labelled()} == {"en", "fr"}


def test_no_incident_stands_on_both_sides_of_a_fold() -> None:
    fold = fitting.folds(labelled())
    held = {(fitting.story(pair), int(f)) for pair, f in zip(labelled(), fold, strict=True)}
    assert len(held) == len({fitting.story(pair) for pair in labelled()})
    assert set(fitting.TWINS) | set(fitting.TWINS.values()) <= {p.incident for p in labelled()}


def test_cross_validated_by_incident_it_is_as_good_as_promised() -> None:
    labels = np.array([pair.carried for pair in labelled()])
    chances = fitting.cross_validated(labelled())
    assert fitting.macro_f1(fitting.confusion(labels, chances.argmax(axis=1))) >= 0.8


def test_the_weights_that_ship_are_those_of_the_set() -> None:
    fitted = fitting.fit(*fitting.laid_out(labelled()))
    np.testing.assert_allclose(shipped().weights, fitted.weights, atol=1e-3)


def test_macro_f1_is_that_of_the_books() -> None:
    # Precision and recall by hand: classes of F1 2/3, 1/2 and 0.
    table = fitting.confusion(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 0]))
    assert fitting.macro_f1(table) == pytest.approx((0.5 + 0.5 + 0) / 3)


def test_another_wording_carries_and_the_sentence_is_shown() -> None:
    article = Article(
        "Three dead after crash",
        "A sergeant spoke on Sunday.\n"
        "Whoever has had a drink should get a cab or ring a buddy and not drive, he said.",
    )
    taxi, road = pulled_through([TAXI, ROAD], article)
    assert (taxi.carried, taxi.where) == (Carried.CARRIED, Place.BODY)
    assert taxi.start is not None
    assert article.whole[taxi.start : taxi.end] == taxi.quote
    assert taxi.quote.startswith("Whoever has had")
    assert road.carried is Carried.ABSENT
    assert road.quote == ""


def test_a_friend_who_is_named_in_the_advice_is_not_the_one_who_gives_it() -> None:
    article = Article(
        "“One call would have saved them”",
        "A sergeant spoke to drivers on Sunday.\n"
        "Whoever has had a drink should get a cab or ring a friend and not drive, he said.",
    )
    assert pulled_through([TAXI], article)[0].carried is Carried.CARRIED


def test_a_wrong_hour_is_not_the_message_and_is_named() -> None:
    (road,) = pulled_through(
        [ROAD], Article("Traffic", "Mill Road is closed until 8 p.m., police said.")
    )
    assert road.carried is Carried.TOUCHED
    assert road.otherwise == ("clock 20",)


def test_a_message_in_the_headline_is_found_there() -> None:
    (road,) = pulled_through([ROAD], Article("Mill Road is closed until 6 p.m.", "It rained."))
    assert (road.where, road.start) == (Place.HEADLINE, 0)


def test_nothing_in_it_carries_nothing() -> None:
    assert [f.carried for f in pulled_through([TAXI, ROAD], Article("", ""))] == [0, 0]
    assert pulled_through([], Article("Headline", "Text.")) == []
    assert pulled_through(["!!!"], Article("Headline", "Text."))[0].carried is Carried.ABSENT


def test_order_of_messages_changes_no_answer() -> None:
    pair = labelled()[0]
    one_way = pulled_through(pair.messages, pair.article)
    other_way = pulled_through(pair.messages[::-1], pair.article)[::-1]
    assert [f.as_dict() for f in one_way] == [f.as_dict() for f in other_way]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("until 6 p.m.", [Fact("clock", "18")]),
        ("jusqu'à 18 h", [Fact("clock", "18")]),
        ("at noon on Tuesday", [Fact("clock", "12"), Fact("day", "1")]),
        ("Call 555-0142", [Fact("telephone", "5550142")]),
        ("one minute", [Fact("minute", "1")]),
        ("one neighbour", []),
        ("un manteau rouge", [Fact("colour", "red")]),
        ("the Elm Street gate", [Fact("way", "elm")]),
    ],
)  # fmt: skip
def test_hard_facts_are_read(text: str, facts: list[Fact]) -> None:
    assert facts_of(text) == facts


def test_a_fact_is_wrong_only_where_one_of_its_kind_stands_instead() -> None:
    message = facts_of("Come on Tuesday at 7 p.m.")
    assert agreement(message, facts_of("Thursday at 7 p.m.")).otherwise == (Fact("day", "3"),)
    assert agreement(message, facts_of("at 7 p.m.")).otherwise == ()


def test_sentences_keep_their_places() -> None:
    article = Article("Fire! Again", "Mr. Hill said “no.” Then he left at 6 p.m. and ran.\n\nEnd")
    assert [(s.text, s.place) for s in article.sentences] == [
        ("Fire!", Place.HEADLINE), ("Again", Place.HEADLINE),
        ("Mr. Hill said “no.”", Place.LEAD), ("Then he left at 6 p.m. and ran.", Place.LEAD),
        ("End", Place.BODY),
    ]  # fmt: skip
    assert all(article.whole[s.start : s.end] == s.text for s in article.sentences)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=80))
def test_whatever_is_written_gets_an_answer_with_places_that_hold(
    text: str, headline: str, message: str
) -> None:
    article = Article(headline, text)
    for found in pulled_through([message, TAXI], article):
        assert sum(found.chances) == pytest.approx(1)
        if found.start is not None:
            assert article.whole[found.start : found.end] == found.quote


def test_a_book_is_cut_and_one_long_line_does_no_harm() -> None:
    article = Article("x", "a.b " * LONGEST)
    assert len(article.whole) == LONGEST
    assert pulled_through([TAXI], article)[0].carried is Carried.ABSENT


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commonground", "learn", "pullthrough", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_says_it_in_words_and_in_json(tmp_path: Path) -> None:
    messages, article = tmp_path / "m.toml", tmp_path / "a.txt"
    messages.write_text(f'messages = ["{TAXI}", "{ROAD}"]\n')
    article.write_text("Traffic\nMill Road is closed until 6 p.m., police said.\n")
    (told,) = json.loads(ran("--messages", str(messages), str(article), "--json").stdout)
    assert [row["carried"] for row in told["messages"]] == [0, 2]
    assert told["messages"][1]["quote"] == "Mill Road is closed until 6 p.m., police said."
    assert "CARRIED  Mill Road" in ran("--messages", str(messages), str(article)).stdout


@pytest.mark.parametrize("wrong", ["messages = []", "messages = 3", "[", "", "messages = [1]"])
def test_a_broken_file_of_messages_is_told_in_words(tmp_path: Path, wrong: str) -> None:
    messages = tmp_path / "m.toml"
    messages.write_text(wrong)
    done = ran("--messages", str(messages), str(messages))
    assert done.returncode == 1
    assert str(messages) in done.stderr
    assert "Traceback" not in done.stderr
