"""However machines, databases and networks fail, a delivery is made once or a person is told.

A hundred thousand schedules for every merge, each from its own seed, over the very rules
the desk runs; and a list of planted bugs, every one of which must be caught.
"""

import os
import time

import pytest

from commonground.say.engine import delivering
from tests.delivery.mutants import BUGS, planted
from tests.delivery.schedules import endings, first_broken

SCHEDULES = int(os.environ.get("COMMONGROUND_SCHEDULES", "100000"))
FIRST = int(os.environ.get("COMMONGROUND_FIRST_SEED", "0"))
ENOUGH_FOR_A_BUG = 30_000


def test_every_promise_holds_in_a_hundred_thousand_schedules():
    began = time.perf_counter()

    broken = first_broken(delivering, range(FIRST, FIRST + SCHEDULES))

    took = time.perf_counter() - began
    print(f"seeds {FIRST} to {FIRST + SCHEDULES - 1}: {took:.0f} s")  # noqa: T201
    assert broken is None, str(broken)


def test_the_schedules_meet_the_hard_cases():
    ended = endings(delivering, range(4_000))

    assert ended["sent"] > 1_000
    assert min(ended[e] for e in ("unsure, handed over", "declined", "late", "5 faults")) > 20
    assert ended["beyond the rules"] < 40


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name):
    broken = first_broken(planted(name), range(ENOUGH_FOR_A_BUG))

    assert broken is not None, f"{name} (rule {BUGS[name].rule}) survived"


def test_a_failing_schedule_is_told_as_a_short_story():
    broken = first_broken(planted("no look after a doubt"), range(ENOUGH_FOR_A_BUG))

    assert broken is not None
    lines = broken.story.splitlines()
    assert "faults needed" in lines[0]
    assert lines[-1].strip().partition("s  ")[2].startswith("BROKEN:")
    assert len(lines) < 40
