import gzip
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests import given

from commonground.hear.engine.heard import Heard
from commonground.hear.listening.replay import Pace, overlaid
from commonground.hear.models import Overheard, Source
from commonground.spot.models import Moment

DAY = 86_400.0
START = 1_714_521_600.0  # a midnight of UTC


def a_stream(path: Path, start: float = START, hours: int = 8) -> Path:
    """Quiet chatter, and in its last hour an explosion forty people speak of in their own words."""
    chatter = [
        {
            "id": f"c{n}",
            "ts": start + n * 30,
            "text": f"lunch {n} was soup number {n * 7}",
            "author": f"a{n}",
        }
        for n in range(hours * 120)
    ]
    said = [
        "heard an explosion near the mill",
        "mill explosion shook our window",
        "what was that blast at the mill",
        "smoke after an explosion, mill road",
        "our dog hid when the mill had its explosion",
        "did anybody else feel the blast, it came from the mill",
        "they say explosion, all I see is the mill burning",
    ]
    # Forty sayings that share little else: what is said alike by many is taken for copies.
    own = [
        "and the kettle jumped", "sirens everywhere now", "grandma is shaking", "no lights here",
        "police closed the bridge", "my shift there starts at six", "glass all over the garden",
        "please be safe", "bus 14 turned round", "school says stay inside", "is my brother okay",
    ]  # fmt: skip
    burst = [
        {
            "id": f"b{n}",
            "ts": start + (hours - 1) * 3600 + n * 20,
            "author": f"b{n}",
            "text": f"{said[n % 7]}, {own[n % 11]}",
        }
        for n in range(40)
    ]
    lines = [json.dumps(p) for p in sorted(chatter + burst, key=lambda p: p["ts"])]
    path.write_text("\n".join(lines) + "\n")
    return path


def replayed(*args) -> tuple[list[dict], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("hear", "replay", *map(str, args), "--json", stdout=out, stderr=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_analysis_needs_no_database_and_finds_the_moment(tmp_path):
    found, summary = replayed(a_stream(tmp_path / "s.jsonl"))
    assert len(found) == 1
    assert {"mill", "blast"} <= {word for term in found[0]["terms"] for word in term.split()}
    assert set(found[0]) >= {
        "opened_at",
        "first_post_at",
        "label",
        "terms",
        "count",
        "usual",
        "surprise",
        "scale",
        "authors",
        "resources",
    }
    assert found[0]["resources"][0]["name"].startswith("Danger")
    assert "1,000 posts heard" in summary


def test_same_stream_twice_gives_the_same_moments(tmp_path):
    path = a_stream(tmp_path / "s.jsonl")
    assert replayed(path) == replayed(path)


def test_bad_lines_are_counted_and_lose_nothing_else(tmp_path):
    good = a_stream(tmp_path / "s.jsonl").read_bytes().splitlines()
    bad = [
        b"nonsense",
        b"x" * 10_000_000,
        b'{"id":"9","ts":"1970-01-01T00:00:00Z","text":"a"}',
        b'{"id":"9","ts":"2099-01-01T00:00:00Z","text":"a"}',
        b"[" * 100_000,
        b'{"id":"9","ts":1714521600,"text":"\\ud800"}',
    ]
    mixed = tmp_path / "mixed.jsonl.gz"
    mixed.write_bytes(gzip.compress(b"\n".join([*bad, *good, *bad])))
    found, summary = replayed(mixed)
    assert found == replayed(tmp_path / "s.jsonl")[0]
    for why in (
        "not JSON",
        "longer than 1 MB",
        "dated before",
        "dated in the future",
        "a broken character",
    ):
        assert why in summary
    assert "12 lines passed over" in summary


def test_damaged_file_is_told_in_words(tmp_path):
    whole = gzip.compress(a_stream(tmp_path / "s.jsonl").read_bytes())
    (tmp_path / "half.gz").write_bytes(whole[: len(whole) // 2])
    assert "damaged from here on" in replayed(tmp_path / "half.gz")[1]


def test_missing_file_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        replayed(tmp_path / "nowhere.jsonl")
    with pytest.raises(CommandError, match="cannot be read"):
        replayed(tmp_path)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "soon", "inf"])
def test_speed_is_a_number_above_zero_or_max(tmp_path, speed):
    with pytest.raises((CommandError, SystemExit)):
        replayed(a_stream(tmp_path / "s.jsonl"), "--speed", speed)


@pytest.mark.django_db
def test_agency_gets_its_moment_and_keeps_no_author(tmp_path):
    agency = given.an_agency()
    start = timezone.now() - timedelta(hours=8)
    path = a_stream(tmp_path / "s.jsonl", start.timestamp())
    replayed(path, "--agency", agency.slug)
    moment = Moment.objects.get()
    assert moment.agency == agency
    assert moment.exemplars.count() == 5
    assert moment.volume >= 30
    assert moment.closes_at - moment.opened_at == timedelta(hours=72)
    source = Source.objects.get()
    assert (source.items, Overheard.objects.count()) == (1000, 1000)
    assert not Overheard.objects.filter(voice__in=["b0", "a0"]).exists()


@pytest.mark.django_db
def test_same_replay_twice_opens_no_second_moment(tmp_path):
    agency = given.an_agency()
    path = a_stream(tmp_path / "s.jsonl", (timezone.now() - timedelta(hours=8)).timestamp())
    for _ in range(2):
        replayed(path, "--agency", agency.slug)
    assert Moment.objects.count() == 1
    assert Overheard.objects.count() == 1000


@pytest.mark.django_db
def test_unknown_agency_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match="no agency"):
        replayed(a_stream(tmp_path / "s.jsonl"), "--agency", "nobody")


def post(name, at, label=""):
    return Heard(name, at, "words", label=label)


def test_background_keeps_its_time_of_day_and_wraps_around():
    main = [post("m0", START + 100), post("m1", START + DAY + 100)]  # two days
    chatter = [post(f"b{day}", START + 400 * DAY + day * DAY + 7) for day in range(5)]
    laid = {p.id: p.at for p in overlaid(main, [chatter])}
    assert laid["background/b0"] == laid["background/b2"] == START + 7
    assert laid["background/b1"] == laid["background/b3"] == START + DAY + 7


def test_background_leaves_out_its_own_event():
    main = [post("m0", START)]
    chatter = [post("on", START, "on-topic"), post("off", START, "off-topic"), post("none", START)]
    assert [p.id for p in overlaid(main, [chatter])] == ["m0", "background/off", "background/none"]


def test_pace_never_runs_ahead_of_the_clock():
    import time

    began = time.time()
    naps = []
    Pace(None, ahead=False).wait_for(began + 0.3, lambda: naps.append(1))
    assert time.time() >= began + 0.3
    assert naps
    Pace(None, ahead=True).wait_for(began + 1000, lambda: None)
    assert time.time() < began + 5
