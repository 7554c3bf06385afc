"""The worker's part as two plain functions, for workers on other machines.

Nothing is kept between calls: a slice's lines give a sketch; later the same lines and the
judge's levels give the best posts. Only sketches, levels and few posts go over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commonground.spot.engine.sieve import Offer
from commonground.spot.engine.significance import Levels
from commonground.spot.engine.sketches import Plan, Sketch
from commonground.spot.engine.watching import Judge, Worker


@dataclass(frozen=True)
class Part:
    """All lines of one slice whose authors are in one part. `until`: its end, seconds of UTC."""

    until: float
    lines: bytes


def sketch_of(part: Part, plan: Plan) -> bytes:
    """The part's sketch, packed."""
    worker = worker_of(part, plan)
    return worker.sketch(part.until).packed()


def offers_of(part: Part, plan: Plan, levels: Levels | None, capacity: int) -> list[Offer]:
    """The part's best posts, or all of them where there are no levels."""
    worker = worker_of(part, plan)
    return worker.offers(levels, capacity)


def worker_of(part: Part, plan: Plan) -> Worker:
    worker = Worker(plan, repeats=None, forgetful=True)
    worker.take(part.lines)
    return worker


def judged(judge: Judge, until: float, packed: Sequence[bytes]) -> tuple[Levels | None, int]:
    """What the parts' sketches come to, and how many posts they were made of."""
    return judge.levels([Sketch.unpacked(part) for part in packed], until)
