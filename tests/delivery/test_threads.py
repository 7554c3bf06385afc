"""However machines, databases and networks fail, the parts of a thread go out one after the
other, each once; and where that comes to nothing a person hears how far it came."""

import os
from collections import Counter

import pytest

from commonground.say.engine import delivering
from tests.delivery.mutants import THREAD_BUGS, planted
from tests.delivery.schedules import first_broken
from tests.delivery.threads import ThreadWorld

SCHEDULES = int(os.environ.get("COMMONGROUND_SCHEDULES", "100000")) // 20
FIRST = int(os.environ.get("COMMONGROUND_FIRST_SEED", "0"))
ENOUGH_FOR_A_BUG = 6_000


def test_every_promise_holds_for_threads_in_thousands_of_schedules():
    broken = first_broken(delivering, range(FIRST, FIRST + SCHEDULES), ThreadWorld)

    assert broken is None, str(broken)


def test_the_schedules_of_threads_meet_the_hard_cases():
    met: Counter[str] = Counter()
    for seed in range(1_000):
        world = ThreadWorld(seed, delivering)
        world.run()
        states = [row.state.value for row in world.rows]
        met["all out"] += set(states) == {"sent"}
        met["half out"] += states[0] == "sent" != states[-1]
        met["went on"] += world.went_on > 0
        met["went on, and all out"] += world.went_on > 0 and set(states) == {"sent"}

    assert min(met.values()) > 20, met


@pytest.mark.parametrize("name", THREAD_BUGS)
def test_a_bug_planted_in_a_thread_is_caught(name):
    broken = first_broken(planted(name), range(ENOUGH_FOR_A_BUG), ThreadWorld)

    assert broken is not None, f"{name} (rule {THREAD_BUGS[name].rule}) survived"
