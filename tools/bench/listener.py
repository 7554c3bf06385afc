"""The listener under test, in a process of its own on a core of its own."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import socket
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from commonground.hear.engine.columns import Repeats
from commonground.hear.engine.embedding import best_embedder
from commonground.hear.engine.heard import Heard, Told, upstream_of
from commonground.hear.engine.matching import Watch as Topic
from commonground.hear.engine.meaning import Meanings
from commonground.hear.engine.phrasebook import phrasebook
from commonground.hear.engine.reducing import voice
from commonground.spot.engine.detector import Detector, Settings
from commonground.spot.engine.lexicon import lexicon
from commonground.spot.engine.signs import Signs
from commonground.spot.engine.sketches import Plan
from commonground.spot.engine.surges import Surge
from commonground.spot.engine.watching import BLOCK, Handed, Watch
from commonground.train.queries import desks_of
from tools.bench.crowd import LANGUAGE, Second, vocabulary

SALT = b"the bench has no secrets"
# A desk listens to everything only for what cannot be mistaken: this is what a post must mean.
ABOUT = [
    "explosion fire bombing injured", "flood storm hurricane earthquake tornado",
    "police shooting gunman suspect", "rescue victims trapped", "train plane crash casualties",
    "riot unrest violence", "domestic violence abuse threatening", "missing child",
]  # fmt: skip
ALIKE = 0.8
# What the desk heard before the great minute began: so many hours, posts a second, in slices.
WARM_HOURS, WARM_RATE, WARM_SLICE = 4, 600, 120
WARM_CAPACITY = 200
# An hour has more to say than one second of the great minute: so many seconds' texts in turn.
WARM_CROWDS = 4
TOWN = "harbour"  # whose topics are listened for, beside a thousand phrases of nothing
SLICE = 1.0
FAR_AHEAD = 3600.0
FIRST = -15  # niceness


def on_core(core: int) -> None:
    """This process has the core, before others who work there, where it may ask for that."""
    os.sched_setaffinity(0, {core})
    with contextlib.suppress(PermissionError):
        os.nice(FIRST)


def phrases(count: int, seed: int = 3) -> list[str]:
    dice = random.Random(seed)
    words = [w for w in vocabulary(random.Random(LANGUAGE), 40_000) if len(w) > 3]
    return [" ".join(dice.sample(words, 2)) for _ in range(count)]


def plan(patterns: int) -> Plan:
    """Eight topics with a thousand watch phrases and what each means, and a town's own topics.

    The network is not the town's: where a topic has places, a post must name one.
    """
    listed = phrases(patterns)
    topics = [Topic(f"topic {n}", {"en": listed[n::8]}) for n in range(8)]
    topics += [Topic(t.name, t.watch, t.exclude, t.places) for t in desks_of(TOWN)[0].topics]
    return Plan(
        lexicon(Signs.starter()), phrasebook(topics), SALT, time.time() + FAR_AHEAD,
        near=False, meanings=Meanings.of(best_embedder(), ABOUT, ALIKE),
    )  # fmt: skip


@dataclass
class Kept:
    """Posts handed on, on disk when the slice is done: one transaction, one fsync."""

    path: Path

    def __post_init__(self) -> None:
        self.table = sqlite3.connect(self.path)
        self.table.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE kept (upstream TEXT, at REAL, text TEXT, lang TEXT, voice TEXT)"
        )

    def write(self, posts: Sequence[Told]) -> None:
        with self.table:
            self.table.executemany(
                "INSERT INTO kept VALUES (?, ?, ?, ?, ?)",
                [(p.upstream, p.at, p.text, p.lang, p.voice) for p in posts],
            )


def told(post: Heard, topics: tuple[str, ...]) -> Told:
    said_by = voice(post.author, post.id, SALT)
    return Told(upstream_of(post.id), post.at, post.text, post.lang, post.url, said_by, topics)


@dataclass
class Desk:
    """Watch, detector and what is kept: all that happens to a post here."""

    watch: Watch
    detector: Detector
    kept: Kept
    opened: list[Surge] = field(default_factory=list)

    def close(self, until: float, *, quiet: bool = False) -> Handed:
        handed = self.watch.close(until)
        posts = [told(offer.post, offer.topics) for offer in handed.posts]
        seen = self.detector.slice(posts, until, beside=handed.beside, quiet=quiet)
        self.opened += seen.opened
        self.kept.write(posts)
        return handed


def desk(folder: Path, patterns: int, seed: int) -> Desk:
    ready = plan(patterns)
    made = Desk(
        Watch(ready, repeats=Repeats()),
        Detector(Settings(topics=ready.book.names)),
        Kept(folder / "kept.sqlite3"),
    )
    made.detector.memory.census = made.watch.judge.state
    warm(made, seed)
    return made


def warm(made: Desk, seed: int) -> None:
    """Hours of an ordinary day, slice by slice, before the great minute begins."""
    crowds = [Second(WARM_SLICE * WARM_RATE, seed + 1 + n) for n in range(WARM_CROWDS)]
    began = time.time() - WARM_HOURS * 3600
    made.watch.judge.capacity, capacity = WARM_CAPACITY, made.watch.judge.capacity
    for n in range(WARM_HOURS * 3600 // WARM_SLICE):
        said = crowds[n % WARM_CROWDS].renew(began + WARM_SLICE * n, WARM_RATE)
        made.watch.take(bytes(said))
        made.close(began + WARM_SLICE * (n + 1), quiet=True)
    made.watch.judge.capacity = capacity


def listen(port: int, folder: Path, patterns: int, core: int, seed: int) -> dict[str, Any]:
    on_core(core)
    made = desk(folder, patterns, seed)
    slices: list[dict[str, float]] = []
    opened: list[dict[str, Any]] = []
    with socket.create_server(("127.0.0.1", port)) as server:
        (folder / "ready").touch()
        line, _ = server.accept()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        cpu, began = time.process_time(), time.time()
        for until, posts_before in slices_of(line, made):
            handed = made.close(until)
            slices.append(measured(made, handed, until, posts_before))
            opened += [found(surge, made) for surge in made.opened]
            made.opened.clear()
    wall = time.time() - began
    return {
        "slices": slices, "opened": opened, "wall_s": wall,
        "cpu_s": time.process_time() - cpu, "posts": sum(int(s["posts"]) for s in slices),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "skipped": dict(made.watch.worker.skipped),
        "deletions": len(made.watch.worker.deletions),
        "kept": made.kept.table.execute("SELECT count(*) FROM kept").fetchone()[0],
    }  # fmt: skip


def measured(made: Desk, handed: Handed, until: float, newest: float) -> dict[str, float]:
    now = time.time()
    return {
        "until": until, "posts": handed.beside + len(handed.posts), "handed": len(handed.posts),
        "after_slice_s": now - until, "after_newest_post_s": now - newest,
        "tried": made.watch.judge.state.tried,
    }  # fmt: skip


def found(surge: Surge, made: Desk) -> dict[str, Any]:
    return {
        "label": surge.label, "why": surge.why.term, "count": surge.why.count,
        "surprise": round(surge.why.surprise, 1), "opened_at": surge.opened_at,
        "told_at": time.time(),
        "posts": [post.upstream for post in (surge.first_posts or surge.exemplars)],
    }  # fmt: skip


def slices_of(line: socket.socket, made: Desk) -> Iterator[tuple[float, float]]:
    """Read until the other side ends; give each slice's end, and the time of its newest post."""
    buffer, begin, filled = bytearray(2 * BLOCK), 0, 0
    line.settimeout(0.05)
    until, newest = time.time() + SLICE, 0.0
    open_ = True
    while open_:
        try:
            got = line.recv_into(memoryview(buffer)[filled:])
            filled += got
            open_ = got > 0
        except TimeoutError:
            pass
        due = time.time() >= until or not open_
        if filled >= BLOCK or (due and filled):
            end = buffer.rfind(b"\n", begin, filled) + 1
            if end:
                made.watch.take(bytes(memoryview(buffer)[:end]))
                newest = newest_of(made) or newest
            buffer[: filled - end] = buffer[end:filled]
            filled -= end
        if due:
            yield time.time(), newest
            # Whoever falls behind takes longer slices, and catches up.
            until = max(until + SLICE, time.time() + SLICE / 2)


def newest_of(made: Desk) -> float:
    block = made.watch.worker.memory.slice[-1]
    return float(np.max(block.columns.at)) if len(block.columns) else 0.0
