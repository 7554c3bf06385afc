"""Many posts reduced to counts that can be added: what leaves a worker.

`map_lines` reads a block of stream lines; `merge` adds what several workers found, provided
that each author's posts all went to one of them. Voices are counted once a term and day as
long as the Bloom filter has room (at a great rate it is emptied now and then).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from hashlib import blake2b
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.columns import Columns, Languages, Repeats, columns
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.meaning import Meanings
from commonground.hear.engine.phrasebook import Phrasebook, phrasebook
from commonground.hear.engine.tokens import Tokens, tokenise
from commonground.spot.engine import kernels, plainly
from commonground.spot.engine.lexicon import Lexicon, lexicon, topic_numbers
from commonground.spot.engine.signs import Signs

BUCKETS = 1 << 20  # a row; two terms meet in both rows once in 10^12
SHARDS = 16  # authors are divided into so many parts, however many workers share them
SHARD_WORDS = 1 << 17  # of 64 bits each; 16 MB in all
FULL = SHARD_WORDS * 64 // 8  # bits set; then one voice in eight would be missed
MOST_AUTHORS = 200_000  # whose numbers are remembered, so that each is made once
DAY = 86_400

STEPS = kernels if COMPILED else plainly


@dataclass(slots=True)
class Sketch:
    """`posts` heard, `carried` of them by a sign or a topic, `counts` uint32[2, BUCKETS] voices."""

    posts: int
    carried: int
    counts: NDArray[np.uint32]

    @classmethod
    def empty(cls) -> Sketch:
        return cls(0, 0, np.zeros((2, BUCKETS), np.uint32))

    def packed(self) -> bytes:
        """For the wire: most buckets of a slice are empty."""
        flat = self.counts.reshape(-1)
        places = np.flatnonzero(flat).astype(np.uint32)
        head = np.array([self.posts, self.carried, places.size], np.uint64)
        return head.tobytes() + places.tobytes() + flat[places].tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> Sketch:
        head = np.frombuffer(packed, np.uint64, 3)
        size = int(head[2])
        places = np.frombuffer(packed, np.uint32, size, head.nbytes)
        sketch = cls.empty()
        held = np.frombuffer(packed, np.uint32, size, head.nbytes + places.nbytes)
        sketch.counts.reshape(-1)[places] = held
        sketch.posts, sketch.carried = int(head[0]), int(head[1])
        return sketch


def merge(a: Sketch, b: Sketch) -> Sketch:
    """The sketch of both. Adding in any order gives the same."""
    return Sketch(a.posts + b.posts, a.carried + b.carried, a.counts + b.counts)


def merged(sketches: Iterable[Sketch]) -> Sketch:
    return reduce(merge, sketches, Sketch.empty())


@dataclass(slots=True)
class Carried:
    """The posts of a block that show a sign or speak of a topic (n of them), to choose from later.

    `terms` uint64 by `starts` int64[n+1]; `topics` uint64[n, t/64]; `places` int64[n]: which
    posts of the block they are.
    """

    columns: Columns
    places: NDArray[np.int64]
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    topics: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(slots=True)
class Mapped:
    """What a block gave: all its posts, and those that carry something.

    `topics` uint64[posts, t/64]; `blank` bool[posts]: nothing but space, so no post.
    """

    columns: Columns
    topics: NDArray[np.uint64]
    blank: NDArray[np.bool_]
    carried: Carried


@dataclass(frozen=True)
class Plan:
    """What to look for, made once: signs, topics, meanings; and the day's secret.

    `near`: the posts are our own town's and need not name it. `latest`: seconds of UTC.
    """

    lexicon: Lexicon
    book: Phrasebook
    salt: bytes
    latest: float
    near: bool = True
    meanings: Meanings | None = None

    @classmethod
    def starter(cls, latest: float, salt: bytes = b"starter") -> Plan:
        return cls(lexicon(Signs.starter()), phrasebook([]), salt, latest)


@dataclass
class Seen:
    """What one worker remembers between blocks: voices counted, posts met, authors' numbers."""

    plan: Plan
    repeats: Repeats | None = field(default_factory=Repeats)
    day: int = 0

    def __post_init__(self) -> None:
        self.languages = Languages(self.plan.book.languages)
        self.named = topic_numbers(self.plan.book.names)
        self.bits = np.zeros((SHARDS, SHARD_WORDS), np.uint64)
        self.filled = np.zeros(SHARDS, np.int64)
        self.authors: dict[str, tuple[int, int]] = {}

    def make_room(self, until: float, *, everything: bool = False) -> None:
        """At a slice's end: empty what is full, and everything when the day turns."""
        turned = everything or int(until // DAY) != self.day
        full = (self.filled > FULL) | turned
        self.bits[full] = 0
        self.filled[full] = 0
        if turned or len(self.authors) > MOST_AUTHORS:
            self.authors.clear()
        self.day = int(until // DAY)

    def voice(self, author: str) -> tuple[int, int]:
        """The author's number of the day, nothing without the salt; and the shard."""
        known = self.authors.get(author)
        if known is None:
            name = author.encode("utf-8", "replace")
            said_by = blake2b(b"%d\n%b" % (self.day, name), key=self.plan.salt[:64], digest_size=8)
            known = int.from_bytes(said_by.digest(), "little"), shard_of(name)
            self.authors[author] = known
        return known


def shard_of(author: bytes) -> int:
    return crc32(author) % SHARDS


def map_lines(block: bytes, plan: Plan, seen: Seen, into: Sketch) -> Mapped:
    """Read a block of lines, add its counts to `into`, and keep the posts that carry something."""
    read = columns(
        block, latest=plan.latest, languages=seen.languages, repeats=seen.repeats
    )  # fmt: skip
    return map_columns(read, plan, seen, into)


def map_columns(
    read: Columns, plan: Plan, seen: Seen, into: Sketch, known: NDArray[np.uint64] | None = None
) -> Mapped:
    """`known` uint64[posts, t/64]: topics others have found already."""
    if not seen.day and len(read):
        seen.day = int(read.at[0] // DAY)
    said = tokenise(read.texts, plan.lexicon.beginnings)
    topics = plan.book.topics_of(said, read.lang, near=plan.near)
    if known is not None:
        topics |= known
    if plan.meanings:
        plan.meanings.add_topics(read.texts, said, topics)
    kinds, signs = np.empty(len(said), np.uint64), plan.lexicon.known
    STEPS.signs_of(said.numbers, said.marks, said.starts, signs.keys, signs.values, kinds)
    places = np.flatnonzero((kinds != 0) | topics.any(axis=1))
    carried = carry(read, places, said, kinds, topics, plan, seen)
    count(carried, seen, into)
    into.posts += len(said) - int(said.blank.sum())
    into.carried += len(carried)
    return Mapped(read, topics, said.blank, carried)


def carry(
    read: Columns, places: NDArray[np.int64], said: Tokens, kinds: NDArray[np.uint64],
    topics: NDArray[np.uint64], plan: Plan, seen: Seen,
) -> Carried:  # fmt: skip
    told, known = said.chosen(places), plan.lexicon.known
    most = 2 * told.numbers.size + (len(plan.lexicon.kinds) + seen.named.size) * places.size
    terms, starts = np.empty(most, np.uint64), np.zeros(places.size + 1, np.int64)
    k = STEPS.terms_of(
        told.numbers, told.sizes, told.starts, known.keys, known.values, kinds[places],
        plan.lexicon.talk, topics[places], seen.named, terms, starts,
    )  # fmt: skip
    return Carried(read.chosen(places), places, terms[:k].copy(), starts, topics[places])


def count(carried: Carried, seen: Seen, into: Sketch) -> None:
    read = carried.columns
    # A post without an author is a voice of its own.
    authors = [frame.did or f"\n{read.heard(n).id}" for n, frame in enumerate(read.frames)]
    voices = [seen.voice(author) for author in authors]
    numbers = np.array([number for number, _ in voices], np.uint64)
    shards = np.array([shard for _, shard in voices], np.uint8)
    STEPS.count(carried.terms, carried.starts, numbers, shards, into.counts, seen.bits, seen.filled)
