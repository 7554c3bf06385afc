"""Every compiled pass over the votes gives what its plain counterpart gives."""

import numpy as np
import pytest

from commonground.ask.engine import descent, loops, plain
from commonground.ask.engine.compiled import COMPILED
from commonground.ask.engine.style import rows
from commonground.ask.tests.given import ballots

pytestmark = pytest.mark.skipif(not COMPILED, reason="NOT TESTED: numba is absent")

VOTES, _ = ballots(60, 15, 2, seed=2)
P, S = VOTES.shape
RNG = np.random.default_rng(0)
WEIGHT, STYLE = RNG.random(P), RNG.normal(0, 0.3, P)
MEAN, SLOPE, PRECISION = RNG.normal(0, 0.3, S), RNG.random(S), RNG.random(S) + 0.5
LEAN, MEMBER = RNG.normal(0, 0.3, (S, 3)), RNG.dirichlet([1, 1, 1], P)
TOLD = RNG.normal(0, 1, (S, 3))
AXES = RNG.normal(0, 1, (S, 4))
AROUND = (MEAN, SLOPE, STYLE)

PASSES = {
    "style_pass": (lambda: (WEIGHT, MEAN, SLOPE, 3.0), [(P,), (S,), (S,)]),
    "spread_pass": (lambda: (WEIGHT, *AROUND), [(S,), (S,)]),
    "gram_pass": (lambda: (WEIGHT, *AROUND, AXES), [(S, 4)]),
    "place_pass": (lambda: (*AROUND, AXES), [(P, 4), (P, 4, 4)]),
    "group_pass": (
        lambda: (WEIGHT, *AROUND, PRECISION, LEAN, np.log([0.2, 0.3, 0.5])),
        [(P, 3), (S, 3), (S, 3)],
    ),
    "hold_pass": (lambda: (WEIGHT, *AROUND, MEMBER), [(S, 3), (S, 3)]),
    "own_pass": (lambda: (WEIGHT, *AROUND, MEMBER.argmax(axis=1)), [(S, 3), (S, 3)]),
    "soft_count": (lambda: (WEIGHT, MEMBER), [(S, 3, 3)]),
    "error_pass": (lambda: (*AROUND, LEAN, MEMBER), [(P,)]),
    "told_pass": (lambda: (TOLD,), [(P,)]),
}


@pytest.mark.parametrize("name", PASSES)
def test_compiled_and_plain_passes_agree(name):
    given, shapes = PASSES[name]
    found = []
    for way in (loops, plain):
        out = [np.zeros(shape) for shape in shapes]
        told = getattr(way, name)(*rows(VOTES), *given(), *out)
        found.append([*out, told or 0.0])
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


def parted(way):
    starts, middles = np.zeros(P + 1, np.int64), np.zeros(P, np.int64)
    columns = np.zeros_like(VOTES.columns)
    way.part(*rows(VOTES), starts, middles, columns)
    return starts, middles, columns[: starts[-1]]


@pytest.mark.parametrize("way", [descent, plain])
def test_parted_votes_are_agreements_then_disagreements_and_no_passes(way):
    starts, middles, columns = parted(way)
    for i in range(P):
        mine = slice(VOTES.starts[i], VOTES.starts[i + 1])
        said, on = VOTES.votes[mine], VOTES.columns[mine]
        assert list(columns[starts[i] : middles[i]]) == list(on[said > 0])
        assert list(columns[middles[i] : starts[i + 1]]) == list(on[said < 0])


@pytest.mark.parametrize(
    ("name", "given", "shapes"),
    [
        ("factor_pass", (0.3, AXES, 1.0, 2.0), [(P, 2), (S, 4), (S, 4)]),
        ("lean_pass", (AXES[:, :2].copy(),), [(S,), (S,)]),
    ],
)
def test_compiled_and_plain_passes_over_parted_votes_agree(name, given, shapes):
    found = []
    for way in (descent, plain):
        out = [np.zeros(shape) for shape in shapes]
        getattr(way, name)(*parted(descent), *given, *out)
        found.append(out)
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)
