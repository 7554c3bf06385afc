"""Counts made in parts add up, and gate and count as the detector does."""

import json
import random

import numpy as np
import pytest
from hypothesis import given as supposing, settings, strategies as st

from commonground.hear.engine import hashing, tokens
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.matching import Watch
from commonground.hear.engine.phrasebook import phrasebook
from commonground.hear.engine.words import words
from commonground.spot.engine import kernels, plainly
from commonground.spot.engine.lexicon import lexicon, term_number
from commonground.spot.engine.naming import TALK_OF, TOPIC
from commonground.spot.engine.significance import SCALES, Levels, State, significance
from commonground.spot.engine.signs import ANY, Signs
from commonground.spot.engine.sketches import (
    BUCKETS,
    SHARDS,
    Plan,
    Seen,
    Sketch,
    map_lines,
    merge,
    merged,
    shard_of,
)  # fmt: skip
from commonground.spot.engine.terms import terms_of

AT = 1_714_521_600
SAID = [
    "explosion at the mill", "a huge fire, smoke everywhere", "soup and coffee",
    "two killed in crash",    "東京で地震", "l'inondation à Port Sable",
    "the the the", "help us please",
    "shooting shots shooter",
]  # fmt: skip


def line(n: int, text: str, author: str) -> bytes:
    return json.dumps({"id": f"p{n}", "ts": AT + n, "text": text, "author": author}).encode()


def plan(**more) -> Plan:
    book = phrasebook([Watch("floods", {"": ["inondation", "flood"]})])
    return Plan(lexicon(Signs.starter()), book, b"salt", AT + 10**6, **more)


def mapped(lines: list[bytes], seen: Seen | None = None):
    seen, into = seen or Seen(plan()), Sketch.empty()
    got = map_lines(b"\n".join(lines), seen.plan, seen, into)
    return into, got


def voices(sketch: Sketch, term: str) -> int:
    number = term_number(term)
    rows = (number & (BUCKETS - 1), (number >> 32) & (BUCKETS - 1))
    return int(min(sketch.counts[r, j] for r, j in enumerate(rows)))


TEXTS = st.lists(
    st.lists(st.sampled_from(SAID), max_size=3).map(" ".join) | st.text(max_size=30), max_size=8
)


@settings(max_examples=100, deadline=None)
@supposing(TEXTS)
def test_a_post_with_a_sign_or_a_topic_carries_its_terms_and_no_other_carries_any(said):
    said = [text for text in said if text.strip() and text.isprintable()]
    signs = Signs.starter()
    _, got = mapped([line(n, text, f"a{n}") for n, text in enumerate(said)])
    carried = {got.carried.columns.heard(n).id: n for n in range(len(got.carried))}
    for n, text in enumerate(said):
        topics = got.topics[n]
        named = ["floods"] if int(topics[0]) else []
        kinds = signs.kinds_in(words(text))
        own = terms_of(words(text)) if kinds or named else []
        want = [*own, *(TALK_OF + k for k in kinds if k != ANY), *(TOPIC + t for t in named)]
        assert (f"p{n}" in carried) == bool(want)
        if want:
            place = carried[f"p{n}"]
            starts = got.carried.starts
            terms = got.carried.terms[starts[place] : starts[place + 1]]
            assert set(terms.tolist()) == {term_number(term) for term in want}


def test_one_author_counts_once_however_often_they_say_it():
    sketch, _ = mapped([line(n, "explosion at the mill", "same") for n in range(500)])
    assert voices(sketch, "mill") == voices(sketch, "explosion mill") == 1
    assert sketch.posts == sketch.carried == 500


def test_posts_without_an_author_are_voices_of_their_own():
    sketch, _ = mapped([line(n, "explosion at the mill", "") for n in range(50)])
    assert voices(sketch, "mill") == 50


def test_a_later_block_remembers_the_voices_of_an_earlier_one():
    seen = Seen(plan())
    mapped([line(1, "explosion at the mill", "a")], seen)
    again, _ = mapped([line(2, "explosion at the mill", "a")], seen)
    assert voices(again, "mill") == 0
    seen.make_room(AT + 86_400)
    tomorrow, _ = mapped([line(86_402, "explosion at the mill", "a")], seen)
    assert voices(tomorrow, "mill") == 1


def stream(posts: int, seed: int = 1) -> list[tuple[str, bytes]]:
    dice = random.Random(seed)  # noqa: S311
    said = [f"did:plc:{dice.randrange(400)}" for _ in range(posts)]
    return [(who, line(n, " ".join(dice.choices(SAID, k=2)), who)) for n, who in enumerate(said)]


@pytest.mark.parametrize("workers", [2, 3, 16])
def test_however_many_workers_share_the_authors_the_sum_is_the_same(workers):
    posts = stream(3000)
    whole, _ = mapped([held for _, held in posts])
    parts = [
        mapped([held for who, held in posts if shard_of(who.encode()) % workers == worker])[0]
        for worker in range(workers)
    ]
    total = merged(reversed(parts))
    assert (total.posts, total.carried) == (whole.posts, whole.carried)
    assert np.array_equal(total.counts, whole.counts)
    assert len({shard_of(who.encode()) for who, _ in posts}) == SHARDS


def test_merging_is_adding():
    a, b = mapped([line(1, SAID[0], "a")])[0], mapped([line(2, SAID[1], "b")])[0]
    both = merge(a, b)
    assert both.posts == 2
    assert np.array_equal(both.counts, a.counts + b.counts)


def test_what_was_never_said_before_stands_out_and_what_is_usual_does_not():
    state, chatter = State(), Seen(plan())
    for hour in range(12):
        usual, _ = mapped([
            line(hour * 3600 + n, f"fire in the oven again{n}", f"h{hour}.{n}") for n in range(60)
        ], chatter)  # fmt: skip
        significance(usual, state, AT + (hour + 1) * 3600)
    both, _ = mapped(
        [line(43_200 + n, "fire in the oven", f"x{n}") for n in range(6)]
        + [line(43_250 + n, "explosion at the mill", f"y{n}") for n in range(6)],
        chatter,
    )  # fmt: skip
    levels = significance(both, state, AT + 43_260)
    assert level(levels, "explosion mill") > 6 * 8
    assert level(levels, "oven") < 3 * 8
    assert state.before("oven", 300) == pytest.approx(600, rel=0.15)
    assert state.before("explosion mill", 300) == pytest.approx(0, abs=0.01)


def test_levels_are_the_same_after_the_wire():
    dice = np.random.default_rng(3)
    high = dice.integers(0, 256, (2, BUCKETS)) * (dice.random((2, BUCKETS)) < 0.01)
    levels = Levels(high.astype(np.uint8), dice.integers(1, 255, (2, BUCKETS)).astype(np.uint8))
    over, told = Levels.unpacked(levels.packed()), high > 0
    assert np.array_equal(over.high, levels.high)
    assert np.array_equal(over.share[told], levels.share[told])


def level(levels, term: str) -> int:
    number = term_number(term)
    return min(
        int(levels.high[0, number & (BUCKETS - 1)]),
        int(levels.high[1, (number >> 32) & (BUCKETS - 1)]),
    )


def test_the_same_slices_give_the_same_state_to_the_byte():
    def run() -> bytes:
        state, seen, out = State(), Seen(plan()), b""
        for n in range(3):
            sketch, _ = mapped([held for _, held in stream(500, seed=n)], seen)
            levels = significance(sketch, state, AT + 60.0 * (n + 1))
            out += levels.high.tobytes() + levels.share.tobytes()
        return out + state.recent.tobytes() + state.past.tobytes()

    assert run() == run()


@pytest.mark.skipif(not COMPILED, reason="nothing to compare with")
@settings(max_examples=50, deadline=None)
@supposing(TEXTS, st.integers(0, 2**32))
def test_compiled_and_plain_loops_agree(said, seed):
    book = lexicon(Signs.starter())
    told = tokens.tokenise(tokens.texts(said), book.beginnings)
    topics = np.random.default_rng(seed).integers(0, 2, (len(said), 1)).astype(np.uint64)
    results = [every_step(loops, book, told, topics, len(said)) for loops in (kernels, plainly)]
    for mine, plain in zip(*results, strict=True):
        assert np.array_equal(mine, plain)


def every_step(loops, book, told, topics, posts):
    kinds, named = np.empty(posts, np.uint64), np.array([77], np.uint64)
    loops.signs_of(told.numbers, told.marks, told.starts, book.known.keys, book.known.values, kinds)
    most = 2 * told.numbers.size + (len(book.kinds) + 1) * posts
    terms, starts = np.empty(most, np.uint64), np.zeros(posts + 1, np.int64)
    k = loops.terms_of(
        told.numbers, told.sizes, told.starts, book.known.keys, book.known.values, kinds,
        book.talk, topics, named, terms, starts,
    )  # fmt: skip
    counts, bits = np.zeros((2, 1 << 8), np.uint32), np.zeros((2, 4), np.uint64)
    filled = np.zeros(2, np.int64)
    voice = (np.arange(posts, dtype=np.uint64) * np.uint64(7)) % np.uint64(3)
    loops.count(terms[:k], starts, voice, (voice % 2).astype(np.uint8), counts, bits, filled)
    recent = np.ones((2, 1 << 8, len(SCALES), 2), np.float32)
    past, levels = np.ones((2, 1 << 8), np.float32), np.zeros((2, 1 << 8), np.uint8)
    five, turned = np.full(len(SCALES), 5.0), np.array([0, 1, 2, 0, 0])
    tried = loops.surprising(
        counts, recent, past, turned, 0.9, five, five * 90, 2.5, 0.5, 600.0, 6.0, 0.3, levels
    )
    best = np.zeros(posts, np.uint8)
    lots, share = hashing.mixed_all(voice), np.full(levels.shape, 200, np.uint8)
    loops.levels_of(terms[:k], starts, lots, levels, share, best)
    close = np.round(recent, 4), np.round(past, 4), levels // 2, best // 2
    return kinds, terms[:k], starts, counts, bits, filled, *close, np.array([tried])
