"""The written scenario, played: the promises every reader of the stream relies on."""

import json
import re
from collections import Counter
from datetime import timedelta
from statistics import median

import pytest

from commonground.hear.engine.heard import Skipped
from commonground.hear.engine.reading import Reader
from commonground.train.engine.crowd import crowd_of
from commonground.train.engine.stream import City, chatter, posts
from commonground.train.engine.truth import ground_truth
from commonground.train.queries import scenario_named

PHONE = re.compile(r"\b\d{3}[-. ]\d{4}\b|\+\d{6,}|\(\d{3}\)")
OURS = re.compile(r"555-01\d\d")
DOMAIN = re.compile(r"\b(?:https?|wss)://([^/\s\"]+)|@[\w.]+\.(\w+)\b|\bwww\.\S+", re.I)


@pytest.fixture(scope="module")
def scenario():
    return scenario_named("harbour")


@pytest.fixture(scope="module")
def stream(scenario):
    return played(scenario)


def played(scenario, **but):
    return posts(scenario, **{"seed": scenario.seed, "start": scenario.start, "hours": 72, **but})


def text_of(stream, scenario):
    lines = [json.dumps(p.line(scenario.start, scenario.post_address)) for p in stream]
    return "\n".join(lines)


def test_three_days_hold_twenty_thousand_posts(stream):
    assert len([p for p in stream if p.text]) >= 20_000


def test_the_same_seed_gives_the_same_bytes(scenario, stream):
    assert text_of(played(scenario), scenario) == text_of(stream, scenario)


def test_another_seed_gives_another_stream(scenario, stream):
    other = played(scenario, seed=scenario.seed + 1, hours=3)

    assert not {p.id for p in other} & {p.id for p in stream}
    assert [p.text for p in other] != [p.text for p in stream][: len(other)]


def test_a_shorter_stream_is_the_beginning_of_a_longer_one(scenario, stream):
    short = played(scenario, hours=24)

    assert short == [p for p in stream if p.minute < 24 * 60]


def test_another_start_moves_every_time_and_keeps_the_order(scenario):
    later = played(scenario, start=scenario.start + timedelta(days=7), hours=2)

    assert later == played(scenario, hours=2)
    assert later[0].line(scenario.start + timedelta(days=7), "")["ts"].startswith("2026-03-11T10")


def test_lines_come_in_order_and_say_all_a_reader_needs(scenario, stream):
    lines = [p.line(scenario.start, scenario.post_address) for p in stream]

    assert [line["ts"] for line in lines] == sorted(line["ts"] for line in lines)
    for line in lines:
        known = {"id", "ts", "deleted"} if "deleted" in line else {
            "id", "ts", "text", "lang", "author", "url"
        }  # fmt: skip
        assert set(line) - {"reply_to"} == known
        assert json.loads(json.dumps(line)) == line


def test_the_desk_hears_every_line_and_every_deletion(scenario, stream):
    reader = Reader(latest=scenario.start.timestamp() + 73 * 3600)
    heard = [reader.read(line.encode()) for line in text_of(stream, scenario).splitlines()]

    assert [h for h in heard if isinstance(h, Skipped)] == []
    assert [h.id for h in heard if h.deleted] == [p.id for p in stream if not p.text]
    assert [h.text for h in heard if not h.deleted] == [p.text for p in stream if p.text]


def test_every_post_has_an_id_of_its_own_and_fits_any_network(stream):
    said = [p for p in stream if p.text]

    assert len({p.id for p in said}) == len(said)
    assert max(len(p.text) for p in said) <= 500


def test_only_posts_already_seen_are_deleted_or_answered(stream):
    seen = set()
    for post in stream:
        if post.text:
            assert not post.reply_to or post.reply_to in seen
            seen.add(post.id)
        else:
            assert post.id in seen
    assert 20 < sum(not p.text for p in stream) < 1000
    assert sum(bool(p.reply_to) for p in stream) > 200


def test_each_language_has_its_share(stream):
    said = Counter(p.language for p in stream if p.text)
    share = {language: n / said.total() for language, n in said.items()}

    assert set(share) == {"en", "fr", "es"}
    assert 0.52 < share["en"] < 0.70
    assert 0.18 < share["fr"] < 0.32
    assert 0.10 < share["es"] < 0.22


def test_the_chatter_hardly_ever_says_the_same_twice(scenario):
    city = City(scenario, crowd_of(scenario), scenario.seed, scenario.start, 72 * 60)
    texts = [p.text for p in chatter(city) if p.text]

    assert len(set(texts)) / len(texts) >= 0.95


def test_many_people_write_once_and_a_few_write_a_lot(stream):
    writes = Counter(p.author for p in stream if p.text)

    assert len(writes) > 4000
    assert median(writes.values()) <= 3
    assert writes.most_common(1)[0][1] > 40


def test_nobody_is_up_at_four_and_everybody_at_seven_in_the_evening(scenario, stream):
    by_hour = Counter(int(scenario.local_hour(p.minute, scenario.start)) for p in stream)

    assert by_hour[19] > 5 * by_hour[3]


@pytest.mark.parametrize("event", ["video", "crash"])
def test_a_moment_is_eight_times_its_words_usual_hour(scenario, stream, event):
    row = next(
        r for r in ground_truth(scenario, start=scenario.start, hours=72) if r["event"] == event
    )
    onset = next(e.start for e in scenario.events if e.name == event)
    words = re.compile(r"\b(" + "|".join(row["event_terms"]) + r")\b", re.I)
    by_hour = Counter(int(p.minute // 60) for p in stream if words.search(p.text))
    usual = median(by_hour[hour] for hour in range(int(onset)))

    assert max(by_hour[int(onset) + hour] for hour in range(3)) >= 8 * max(usual, 1)


def test_the_slow_burn_rises_for_more_than_a_day(scenario, stream):
    (event,) = [e for e in scenario.events if e.kind == "slow burn"]
    words = re.compile(r"\b(" + "|".join(event.terms) + r")\b", re.I)
    by_day = Counter(
        int((p.minute - event.start * 60) // 720) for p in stream if words.search(p.text)
    )

    assert event.waves[0].onset > 24 * 60
    assert by_day[0] < by_day[2] < by_day[4] * 2
    assert by_day[0] * 3 < by_day[2]


def test_the_rumour_is_doubted_and_then_put_right(scenario, stream):
    truth = ground_truth(scenario, start=scenario.start, hours=72)
    (rumour,) = next(r for r in truth if r["event"] == "crash")["rumours"]
    about = [p.text for p in stream if re.search(r"\bchase\b", p.text, re.I)]

    assert rumour["onset"] < rumour["corrected_at"]
    assert any("no chase" in text for text in about)
    assert any("stop sharing" in text for text in about)


def test_truth_names_each_moment_once_in_stream_time(scenario):
    truth = ground_truth(scenario, start=scenario.start, hours=72)

    assert [(r["event"], r["slow"]) for r in truth] == [
        ("fuel", True), ("video", False), ("crash", False)
    ]  # fmt: skip
    assert truth[1]["onset"] == "2026-03-06T00:00:00Z"
    assert not ground_truth(scenario, start=scenario.start, hours=12)


def test_nothing_in_the_stream_leads_to_a_real_number_or_address(scenario, stream):
    text = text_of(stream, scenario)

    assert not [n for n in PHONE.findall(text) if not OURS.search(n)]
    for match in DOMAIN.finditer(text):
        assert match[0].endswith(".example") or (match[1] or "").endswith(".example"), match[0]


def test_no_gap_is_left_open_and_no_sentence_ends_twice(stream):
    wrong = re.compile(r"[{}\[\]|]|[?!]\.|\.\.|  |\bde le\b|\bde el\b|^\W*$|Https")

    assert [p.text for p in stream if p.text and wrong.search(p.text)] == []
