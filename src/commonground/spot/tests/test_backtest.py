"""The back-test: what it plays, what it counts, and how it is told."""

import io
import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given as supposing, strategies as st

from commonground.hear.engine.heard import Told
from commonground.spot.engine.laying import (
    DAY,
    OFF,
    ON,
    Recording,
    chatter_of,
    event_posts,
    injected,
    injected_at,
    laid_together,
)
from commonground.spot.engine.measures import Outcome, interval, measured, median_delay, recall
from commonground.spot.engine.truth import Event
from commonground.spot.tests.test_detector import START, chatter, event

HOUR = 3600.0
MILL = Event("mill", "mill.jsonl", START, ("mill",))


def written(path, posts, label=""):
    rows = [{"id": p.upstream, "ts": p.at, "text": p.text, "author": p.voice} for p in posts]
    rows = [{**row, "label": label} if label else row for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def suite(tmp_path):
    """Four days of chatter, and a mill that explodes once."""
    background = written(tmp_path / "town.jsonl", chatter(96))
    mill = written(tmp_path / "mill.jsonl", event(START))
    truth = {
        "events": [
            {
                "file": "mill.jsonl",
                "onset": START,
                "event_terms": ["mill", "explosion"],
                "slow": False,
                "resource": "violent-incident",
                "language": "en",
            }
        ],
        "seeds": [1, 2],
    }
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(truth))
    return path, mill, background


def backtested(truth, *files, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "spot", "backtest", "--truth", str(truth), *map(str, files), "--json",
        stdout=out, stderr=err, **options,
    )  # fmt: skip
    return json.loads(out.getvalue()), err.getvalue()


def test_the_command_finds_the_event_in_the_chatter_and_says_how_soon(suite):
    told, progress = backtested(*suite)
    assert told["bursts"]["recall"]["is"] == 1.0
    assert 0 < told["bursts"]["median_delay_minutes"]["is"] < 15
    assert told["false_alarms"] == 0
    assert 1.9 < told["counted_on_days"] < 2.1
    assert set(told["by_language"]) == {"en"}
    assert {o["seed"] for o in told["outcomes"]} == {1, 2}
    assert "laid in with seed 1" in progress


def test_the_same_back_test_twice_gives_the_same_bytes(suite):
    assert backtested(*suite) == backtested(*suite)


def test_files_beside_the_truth_are_found_and_a_missing_one_is_told(suite, tmp_path):
    truth, _, background = suite
    assert backtested(truth, background)[0]["bursts"]["recall"]["is"] == 1.0
    (tmp_path / "mill.jsonl").unlink()
    with pytest.raises(CommandError, match="There is no file"):
        backtested(truth, background)


def test_a_file_without_posts_is_told_in_words(suite):
    truth, mill, background = suite
    mill.write_text("nothing to read here\n")
    with pytest.raises(CommandError, match="holds no posts that can be read"):
        backtested(truth, mill, background)


def test_an_onset_after_the_last_post_is_told_in_words(suite):
    truth, *files = suite
    rows = json.loads(truth.read_text())["events"]
    truth.write_text(json.dumps([{**rows[0], "onset": START + 90 * DAY}]))
    with pytest.raises(CommandError, match="no posts of mill at or after its onset"):
        backtested(truth, *files)


@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "often"])
def test_budget_is_a_number_above_zero(suite, number):
    with pytest.raises((CommandError, SystemExit)):
        call_command("spot", "backtest", "--truth", str(suite[0]), "--alarms-per-day", number)


def test_a_recording_in_which_all_is_mixed_is_played_as_it_happened(tmp_path):
    posts = [*chatter(30), *event(START + 25 * HOUR)]
    written(tmp_path / "mixed.jsonl", sorted(posts, key=lambda p: p.at))
    row = {"file": "mixed.jsonl", "onset": START + 25 * HOUR, "event_terms": ["mill"]}
    (tmp_path / "truth.json").write_text(json.dumps([row]))
    told, _ = backtested(tmp_path / "truth.json")
    assert told["bursts"]["recall"]["is"] == 1.0
    assert told["false_alarms"] == 0


def recording(*labels):
    posts = tuple(Told(str(n), START + n, f"mill {n}") for n in range(len(labels)))
    return Recording("mill.jsonl", posts, labels)


def test_only_on_topic_posts_after_the_onset_are_the_event_s():
    held = event_posts(replace(MILL, onset=START + 1), recording(ON, ON, OFF, ON))
    assert [p.upstream for p in held] == ["1", "3"]


def test_off_topic_posts_are_background_unless_they_speak_of_the_event():
    held = recording(ON, OFF, OFF)
    assert chatter_of(held, [MILL]) == []
    assert len(chatter_of(held, [replace(MILL, terms=("bridge",))])) == 2
    assert len(chatter_of(recording("", ""), [])) == 2


def test_backgrounds_keep_their_time_of_day_and_lie_in_the_middle_of_the_longest():
    long = [Told(f"a{day}", START + day * DAY, "soup") for day in range(5)]
    short = [Told("b", START + 400 * DAY + 7, "bread")]
    laid = {p.upstream: p.at for p in laid_together([long, short])}
    assert laid["1/b"] == START + 2 * DAY + 7


@supposing(st.integers(0, 10**6), st.floats(0, 1e9), st.floats(DAY, 30 * DAY))
def test_an_event_is_laid_into_the_tested_half_the_same_every_time(seed, start, length):
    at = injected_at(MILL, seed, start, start + length)
    assert start <= at <= start + length - 6 * HOUR
    assert at == injected_at(MILL, seed, start, start + length)


def test_laid_in_posts_begin_when_told_and_keep_their_distances():
    posts = injected(event(START + 5), START + 99)
    assert posts[0].at == START + 99
    assert posts[1].at - posts[0].at == 30
    assert {p.upstream for p in posts}.isdisjoint(p.upstream for p in event(START))


def outcome(name, delay, **fields):
    return Outcome(name, fields.pop("slow", False), "en", 1, delay, **fields)


def test_missed_events_count_as_later_than_all_found():
    held = [outcome("a", 60), outcome("b", 120), outcome("c", None)]
    assert median_delay(held) == 2
    assert median_delay([outcome("a", 60), outcome("b", None), outcome("c", None)]) is None
    assert recall(held) == pytest.approx(2 / 3)
    assert recall([outcome("a", 7 * HOUR)]) == 0


def test_intervals_are_drawn_by_event_and_never_from_one_alone():
    alone = [outcome("a", 60), outcome("a", None)]
    assert interval(recall, alone) == (None, None)
    many = [outcome(str(n), 60 if n % 2 else None) for n in range(20)]
    low, high = interval(recall, many)
    assert 0.2 < low < 0.5 < high < 0.8
    assert interval(recall, many) == (low, high)


@supposing(
    st.lists(
        st.builds(
            outcome, st.sampled_from("abc"), st.none() | st.floats(0, 1e5),
            label_fits=st.none() | st.booleans(), more_moments=st.integers(0, 3),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_every_figure_lies_within_its_own_interval(outcomes):
    for figure in measured(outcomes).values():
        if isinstance(figure, dict) and None not in figure.values():
            assert figure["from"] <= figure["to"]
