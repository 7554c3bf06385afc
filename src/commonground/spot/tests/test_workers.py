"""However many processes read a whole network, its moments are the same."""

import sqlite3
import time
from contextlib import closing

import pytest

from commonground.hear.engine.heard import Told
from commonground.hear.tests.servers import first_version, log_of
from commonground.hear.tests.test_killed_listener import Desk
from commonground.spot.engine.detector import Detector
from commonground.spot.engine.flood import Flood
from commonground.spot.tests.test_sieve import AT, MINUTE, stream

HOURS = 5  # of talk before; each minute a post that a topic asks for, and one that none does
SAID = ["fire in the old mill", "mill fire, smoke everywhere", "huge fire at the mill",
        "is that fire at the mill?", "mill is on fire, people trapped"]  # fmt: skip


def network() -> list[dict]:
    """Hours of talk of fires and of other things; then many speak of one fire."""
    began, frames = time.time() - HOURS * 3600, []

    def say(text: str, at: float) -> None:
        n = len(frames)
        frames.append(first_version(f"k{n}", text, at=at) | {"did": f"did:plc:a{n}"})

    for minute in range(HOURS * 60 - 4):
        say(f"a fire drill number {minute} in street {minute % 37}", began + 60 * minute)
        say(f"soup {minute} and bread", began + 60 * minute + 1)
    for n in range(60):  # everybody in words of their own
        own = " ".join(f"{word}{n}" for word in ("near", "saw", "from", "with", "heard", "my"))
        say(f"{SAID[n % 5]} {own}", time.time() - 200 + 3 * n)
    return frames


def moments(folder, frames: list[dict], *more: str) -> tuple[list, tuple[int, int]]:
    folder.mkdir()
    desk = Desk(folder)
    with log_of(frames, lambda frame: frame["time_us"], "/subscribe") as address:
        desk.found(address)
        found = lambda items: items >= len(frames) and bool(told(desk))  # noqa: E731
        desk.listen_until(found, *more, seconds=150)
    return told(desk), desk.counted()


def told(desk: Desk) -> list:
    """Not its name and numbers: where a live slice ends is the clock's doing. That the same
    slices give the same moments to the byte is tested on slices."""
    asked = "SELECT why, topic FROM commonground_spot_moment"
    with closing(sqlite3.connect(f"file:{desk.file}?mode=ro", uri=True)) as base:
        return sorted(base.execute(asked).fetchall())


@pytest.mark.peer
def test_one_and_two_processes_find_the_same_moments_in_a_whole_network(tmp_path):
    frames = network()
    alone, counted = moments(tmp_path / "one", frames)
    shared, counted_too = moments(tmp_path / "two", frames, "--workers", "2")
    assert shared == alone == [("Fire", "Fire")]
    assert counted == counted_too == (len(frames), HOURS * 60 - 4 + 60)


def posts(minute: list[dict]) -> list[Told]:
    return [Told(p["id"], p["ts"], p["text"], "", "", p["author"]) for p in minute]


def test_what_a_detector_can_read_reaches_it_whole():
    flood, minutes = Flood(Detector(), ["a"], capacity=1000), stream(20, 6, event_at=15)
    for n, minute in enumerate(minutes):
        handed, beside = flood.through(posts(minute), AT + MINUTE * (n + 1))
        assert (handed, beside) == (sorted(posts(minute), key=lambda p: (p.at, p.upstream)), 0)
    assert flood.detector.memory.census is None


def test_of_too_much_the_telling_part_reaches_it_and_nothing_deleted():
    flood, minutes = Flood(Detector(), [], capacity=12), stream(100, 60, event_at=95)
    late: list[Told] = []
    for n, minute in enumerate(minutes):
        handed, _ = flood.through(posts(minute), AT + MINUTE * (n + 1))
        assert len(handed) <= 12
        late += handed if n >= 96 else []
        flood.forget({p["id"] for p in minute if "injured" in p["text"]})
    assert sum("mill" in p.text or "explosion" in p.text for p in late) > 0.5 * len(late) > 0
    again, _ = flood.through([], AT + MINUTE * 101)
    assert not any("injured" in post.text for post in again)
    assert flood.detector.memory.census is not None
