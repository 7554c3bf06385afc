"""Where the time goes: each stage's cost a post, on one core, in processor time."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from commonground.hear.engine import columns as c
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.tokens import tokenise
from commonground.spot.engine import sketches
from commonground.spot.engine.sieve import CAPACITY
from commonground.spot.engine.significance import significance
from commonground.spot.engine.sketches import Carried, Sketch
from commonground.spot.engine.watching import Worker
from tools.bench.crowd import Second
from tools.bench.listener import desk, on_core, told

POSTS = 60_000
ROUNDS = 5


class Clock:
    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.round: dict[str, float] = defaultdict(float)

    def __call__[T](self, stage: str, work: Callable[[], T]) -> T:
        began = time.process_time()
        done = work()
        self.round[stage] += time.process_time() - began
        return done

    def end(self) -> None:
        for stage, took in self.round.items():
            self.took[stage].append(took)
        self.round.clear()


def stages(patterns: int, seed: int, core: int) -> dict[str, Any]:
    """Microseconds a post: the median of five rounds of 60,000 posts, after one to warm up."""
    on_core(core)
    made = desk(Path(tempfile.mkdtemp(prefix="commonground-bench-")), patterns, seed)
    second, clock, now = Second(POSTS, seed), Clock(), time.time()
    for n in range(ROUNDS + 1):
        one_round(made, bytes(second.renew(now + n, POSTS)), clock, now + n + 1)
        clock.end()
        if n == 0:
            clock.took.clear()
    costs = {
        stage: round(statistics.median(took) / POSTS * 1e6, 3) for stage, took in clock.took.items()
    }
    return {"us_a_post": costs, "posts": POSTS, "rounds": ROUNDS}


def one_round(made: Any, block: bytes, clock: Clock, until: float) -> None:
    worker = made.watch.worker
    for part in parts(block):
        one_part(worker, part, clock)
    total: Sketch = worker.sketch(until)
    levels = clock("surprise (a slice)", lambda: significance(total, made.watch.judge.state, until))
    offers = clock("choose posts (a slice)", lambda: worker.memory.offers(levels, CAPACITY))
    worker.memory.taken(len(offers))
    posts = [told(offer.post, offer.topics) for offer in offers]
    clock("detector (a slice)", lambda: made.detector.slice(posts, until, beside=total.posts))
    clock("keep, with fsync (a slice)", lambda: made.kept.write(posts))


def one_part(worker: Worker, part: bytes, clock: Clock) -> None:
    plan, seen = worker.plan, worker.seen
    found = clock("decode", lambda: c.scanned(part) if COMPILED else c.sorted_out(part))
    repeats = seen.repeats or c.Repeats()
    clock("repeats", lambda: repeats.again(found.ids()))
    read = clock("columns", lambda: c.kept(found, seen.languages))
    said = clock("tokenise", lambda: tokenise(read.texts, plan.lexicon.beginnings))
    topics = clock("watch phrases", lambda: plan.book.topics_of(said, read.lang))
    clock("meaning", lambda: plan.meanings.add_topics(read.texts, said, topics))
    kinds = np.empty(len(said), np.uint64)
    known = plan.lexicon.known
    clock("signs", lambda: sketches.STEPS.signs_of(
        said.numbers, said.marks, said.starts, known.keys, known.values, kinds))  # fmt: skip
    places = np.flatnonzero((kinds != 0) | topics.any(axis=1))
    carried: Carried = clock(
        "terms", lambda: sketches.carry(read, places, said, kinds, topics, plan, seen)
    )
    clock("distinct voices", lambda: sketches.count(carried, seen, worker.counted))
    worker.counted.posts += len(read)
    worker.memory.add(sketches.Mapped(read, topics, said.blank, carried))


def parts(block: bytes, size: int = 4_000_000) -> list[bytes]:
    out, begin = [], 0
    while begin < len(block):
        end = block.rfind(b"\n", begin, begin + size) + 1
        out.append(block[begin:end])
        begin = end
    return out
