"""What is said of a whole country follows from what was measured, and dice say the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from tools.plan.queues import Station, Wave, needed, tried, tried_wave

ROOT = Path(__file__).parents[2]


def test_the_plan_is_what_the_figures_say_and_the_dice_agree():
    done = subprocess.run(
        [sys.executable, "-m", "tools.plan", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("servers", [1, 3, 12])
@pytest.mark.parametrize("seed", [4, 5])
def test_the_arithmetic_of_lines_is_what_dice_find(servers, seed):
    station = Station("a line", rate=0.7 * servers / 0.2, service=0.2, servers=servers, even=False)
    found = tried(station, things=150_000, seed=seed)
    assert found.busy == pytest.approx(station.busy, rel=0.03)
    assert found.waits == pytest.approx(station.waits(), rel=0.1)


def test_even_service_halves_the_line_of_one_server():
    even, uneven = (Station("", 3.5, 0.2, 1, even=even) for even in (True, False))
    assert even.waits() == pytest.approx(0.7 * 0.2 / (2 * 0.3))
    assert uneven.waits() == pytest.approx(2 * even.waits())


def test_a_line_that_gets_more_than_it_carries_never_ends():
    assert Station("", 5.1, 0.2, 1).waits() == float("inf")
    assert needed(5.1, 0.2) == 2


def test_a_wave_is_over_when_what_waited_has_been_carried():
    wave = Wave(before=4, during=30, lasts=600, service=0.5, servers=5)
    assert (wave.most_waiting(), wave.longest_wait(), wave.over_after()) == (12_000, 1_200, 2_000)
    longest, over = tried_wave(wave, seed=6)
    assert longest == pytest.approx(wave.longest_wait(), rel=0.1)
    assert over == pytest.approx(wave.over_after(), rel=0.1)
