"""A slice that may be more than the detector can read, as a desk hears it: reduced, by topic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count
from math import inf

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.columns import Columns, Frame, FrameCommit, FrameRecord, Languages
from commonground.hear.engine.heard import Heard, Told
from commonground.hear.engine.matching import Watch as Topic
from commonground.hear.engine.phrasebook import phrasebook
from commonground.hear.engine.tokens import texts
from commonground.spot.engine.detector import Detector
from commonground.spot.engine.lexicon import lexicon
from commonground.spot.engine.sieve import CAPACITY
from commonground.spot.engine.sketches import Plan
from commonground.spot.engine.watching import Watch

NO_SALT = b"voices are salted already"


class Flood:
    """Hands a detector each slice whole while it can read it, else the most telling posts.

    Until the first slice that is too much, the moments are the detector's own to the byte.
    """

    def __init__(self, detector: Detector, topics: Sequence[str], capacity: int = CAPACITY) -> None:
        book = phrasebook([Topic(name, {}) for name in topics])
        self.places = dict(zip(topics, count()))
        self.detector, self.capacity = detector, capacity
        self.watch = Watch(Plan(lexicon(detector.signs), book, NO_SALT, inf), capacity)

    def through(self, posts: Sequence[Told], until: float) -> tuple[list[Told], int]:
        """The posts the detector should read, in order, and how many others there were."""
        known = {post.upstream: post for post in posts}
        self.watch.worker.take_columns(columns_of(posts), self.bits(posts))
        handed = self.watch.close(until)
        if handed.beside:
            self.detector.memory.census = self.watch.judge.state
        # Posts of earlier slices may be among them.
        return [known.get(o.post.id) or told(o.post, o.topics) for o in handed.posts], handed.beside

    def bits(self, posts: Sequence[Told]) -> NDArray[np.uint64]:
        out = np.zeros((len(posts), -(-len(self.places) // 64)), np.uint64)
        for n, post in enumerate(posts):
            for place in (self.places[t] for t in post.topics if t in self.places):
                out[n, place // 64] |= np.uint64(1 << place % 64)
        return out

    def forget(self, upstreams: Collection[str]) -> None:
        self.watch.worker.memory.forget(upstreams)


def columns_of(posts: Sequence[Told]) -> Columns:
    """Reduced posts as the screen has them: the voice stands where an author would."""
    said = [
        Heard(p.upstream, p.at, p.text, p.lang, p.voice or f"post {p.upstream}", p.url)
        for p in posts
    ]
    frames = [Frame(p.author, 0, "told", FrameCommit(record=FrameRecord(p.text))) for p in said]
    none = Languages()
    return Columns(
        texts([post.text for post in said]), np.array([post.at for post in said], np.float64),
        np.array([none.place(post.lang) for post in said], np.int16), frames,
        dict(enumerate(said)),
    )  # fmt: skip


def told(post: Heard, topics: tuple[str, ...]) -> Told:
    return Told(post.id, post.at, post.text, post.lang, post.url, post.author, topics)
