"""What a truth file may say, and how it is told when it says something else."""

import json

import pytest
from hypothesis import given as supposing, strategies as st

from commonground.spot.engine.truth import SEEDS, TruthWrong, truth_from
from commonground.spot.listening.recordings import truth_in

ROW = {"file": "a.jsonl", "onset": "2026-03-02T18:00Z", "event_terms": ["mill"], "slow": False}


def test_a_bare_list_of_events_is_enough():
    truth = truth_from([ROW])
    [event] = truth.events
    assert (event.name, event.file, event.terms, event.slow) == ("a", "a.jsonl", ("mill",), False)
    assert event.onset == 1_772_474_400
    assert truth.seeds == SEEDS


def test_background_seeds_and_topics_may_be_said():
    truth = truth_from(
        {
            "events": [ROW],
            "background": ["b.jsonl"],
            "seeds": [7],
            "topics": {"Flood": {"en": ["flood"]}},
        }
    )
    assert (truth.background, truth.seeds) == (("b.jsonl",), (7,))
    assert truth.topics == {"Flood": {"en": ["flood"]}}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "names no events"),
        ([], "names no events"),
        ("nonsense", "list of events"),
        ([3], "Event 1 is not an object"),
        ([{**ROW, "file": ""}], "says no `file`"),
        ([{**ROW, "onset": "noon"}], "`onset` is a time"),
        ([{**ROW, "onset": True}], "`onset` is a time"),
        ([{**ROW, "slow": "yes"}], "`slow` is true or false"),
        ([{**ROW, "event_terms": "mill"}], "`event_terms` is a list"),
        ([{**ROW, "onsett": 1}], "nobody knows: onsett"),
        ([ROW, ROW], "Two events are called a"),
        ({"events": [ROW], "seeds": []}, "`seeds` is a list"),
        ({"events": [ROW], "seeds": [1.5]}, "`seeds` is a list"),
        ({"events": [ROW], "topics": {"Flood": ["flood"]}}, "no terms by language"),
    ],
)
def test_a_wrong_truth_is_told_in_words(wrong, words):
    with pytest.raises(TruthWrong, match=words):
        truth_from(wrong)


@supposing(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["events", "file", "onset", "event_terms", "slow", "seeds"]),
                inner,
                max_size=5,
            )
        ),
    )
)
def test_whatever_a_truth_file_holds_it_is_understood_or_refused_in_words(table):
    told = ""
    try:
        told = truth_from(table).events[0].name
    except TruthWrong as wrong:
        told = str(wrong)
    assert told


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_json_is_told_in_words(tmp_path, raw):
    path = tmp_path / "truth.json"
    path.write_bytes(raw)
    with pytest.raises(TruthWrong, match=r"is not JSON|beyond reason"):
        truth_in(path)


def test_a_file_that_is_not_there_is_told_in_words(tmp_path):
    with pytest.raises(TruthWrong, match="There is no file"):
        truth_in(tmp_path / "nowhere.json")
    with pytest.raises(TruthWrong, match="cannot be read"):
        truth_in(tmp_path)


def test_a_truth_of_the_scenario_is_understood():
    rows = [{**ROW, "title": "The mill", "rumours": []}]
    assert truth_from(json.loads(json.dumps(rows))).events
