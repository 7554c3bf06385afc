"""Measured on real streams of 2013, which do not ship with the product.

COMMONGROUND_STREAMS names the folder that holds them; without it these tests say loudly
that they were skipped. A moment counts as false when most of the posts that raised it are
labelled off-topic in the recording.
"""

import io
import json
import os
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from commonground.hear.engine.heard import Heard, upstream_of
from commonground.hear.engine.words import words
from commonground.hear.listening.ear import Ear
from commonground.hear.listening.replay import Pace, play, stream
from commonground.spot.engine.surges import Surge

FOLDER = Path(os.environ.get("COMMONGROUND_STREAMS", "../shared/data/streams"))
EVENTS = {
    # What happened, when its talk began (UTC), what its moment speaks of, and within how long.
    "2013_boston_bombings": (
        "2013-04-15T18:49:00Z",
        {"explosion", "explosions", "bomb", "bombs"},
        30,
    ),
    "2013_oklahoma_tornado": ("2013-05-20T20:00:00Z", {"tornado", "tornadoes", "moore"}, 180),
    "2013_alberta_floods": ("2013-06-21T20:00:00Z", {"abflood", "yycflood", "flood"}, 60),
}
MOST_FALSE_A_DAY = 2.0

pytestmark = [
    pytest.mark.measured,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"NOT MEASURED: no real streams in {FOLDER}"),
]


def path(name: str) -> Path:
    return FOLDER / f"{name}.jsonl.gz"


def played(name: str) -> tuple[list[Surge], Counter[str], float]:
    """The moments of one recording over the chatter of the others, and its length in days."""
    items = list(stream(path(name), [path(other) for other in EVENTS if other != name]))
    posts = [item for item in items if isinstance(item, Heard)]
    off = Counter(upstream_of(p.id) for p in posts if p.label == "off-topic")
    ear = Ear()
    detector = ear.listeners[0].detector
    found: dict[int, tuple[Surge, list[str]]] = {}
    inner = detector.slice

    def watched(*args, **how):
        changed = inner(*args, **how)
        for surge in changed.opened:
            raised_by = [
                detector.memory.posts[n].upstream
                for n in surge.why.posts
                if n in detector.memory.posts
            ]
            found[surge.number] = (surge, raised_by)
        return changed

    detector.slice = watched
    list(play(items, ear, Pace(None, ahead=True)))
    days = (posts[-1].at - posts[0].at) / 86_400
    surges = [surge for surge, _ in found.values()]
    false = Counter(
        surge.label for surge, ids in found.values() if sum(i in off for i in ids) > len(ids) / 2
    )
    return surges, false, days


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_raised_in_time_as_a_moment_of_its_own(name):
    onset, speaks_of, minutes = EVENTS[name]
    began = datetime.fromisoformat(onset).timestamp()
    started = time.process_time()
    surges, false, days = played(name)
    seconds = time.process_time() - started
    about_it = [
        s for s in surges
        if began <= s.opened_at <= began + minutes * 60
        and speaks_of & set(words(" ".join([s.label, *s.named])))
    ]  # fmt: skip
    a_day = sum(false.values()) / days
    delays = [(s.label, round((s.opened_at - began) / 60)) for s in about_it]
    sys.stdout.write(
        f"\n{name}: {delays} minutes, {a_day:.2f} false a day {list(false)}, {seconds:.0f} s\n"
    )
    assert about_it
    assert a_day < MOST_FALSE_A_DAY


def test_bombing_is_told_by_the_command_beside_the_marathon():
    out = io.StringIO()
    others = [arg for other in list(EVENTS)[1:] for arg in ("--background", str(path(other)))]
    call_command(
        "hear", "replay", str(path("2013_boston_bombings")), "--json", *others,
        stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    moments = [json.loads(line) for line in out.getvalue().splitlines()]
    bombing = [m for m in moments if "2013-04-15T18:49" <= m["opened_at"] <= "2013-04-15T19:19"]
    assert len(bombing) == 1
    assert bombing[0]["why"] != "marathon"
    assert bombing[0]["resources"]
