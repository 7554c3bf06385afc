"""The sieve changes nothing while the detector can read everything, and little when it cannot."""

import random
from collections.abc import Sequence
from json import dumps

import pytest

from commonground.hear.engine.heard import Told, upstream_of
from commonground.hear.engine.phrasebook import phrasebook
from commonground.spot.engine.detector import Detector
from commonground.spot.engine.lexicon import lexicon
from commonground.spot.engine.signs import Signs
from commonground.spot.engine.sketches import Plan, shard_of
from commonground.spot.engine.watching import Handed, Judge, Watch, Worker

AT = 1_714_521_600
MINUTE = 60
WORDS = [f"word{n}" for n in range(300)]
EVENT = [
    "explosion at the mill", "heard a huge explosion", "mill is burning, smoke everywhere",
    "what exploded at the mill?", "injured people outside the mill", "mill blast broke windows",
]  # fmt: skip


def stream(minutes: int, a_minute: int, event_at: int, seed: int = 1) -> list[list[dict]]:
    """Minutes of chatter, one post in eight with a word of harm; an event in the last minutes."""
    dice = random.Random(seed)  # noqa: S311
    out = []
    for minute in range(minutes):
        posts = []
        for _ in range(a_minute):
            said = dice.choices(WORDS, k=5)
            if dice.random() < 0.125:
                said.append(dice.choice(["police", "fire", "crash", "storm"]))
            posts.append(" ".join(said) + f" {dice.randrange(10**6)}")
        if minute >= event_at:
            posts += [f"{dice.choice(EVENT)} {dice.choice(WORDS)} {n}" for n in range(8)]
        out.append([
            {"id": f"{minute}.{n}", "ts": AT + MINUTE * minute + n * MINUTE / len(posts),
             "text": text, "author": f"a{minute}.{n}"}
            for n, text in enumerate(posts)
        ])  # fmt: skip
    return out


def block(posts: Sequence[dict]) -> bytes:
    return "\n".join(map(dumps, posts)).encode()


def plan() -> Plan:
    return Plan(lexicon(Signs.starter()), phrasebook([]), b"salt", AT + 10**6)


def told(post, topics=()) -> Told:
    return Told(upstream_of(post.id), post.at, post.text, post.lang, post.url, post.author, topics)


def moments(handed: Sequence[Handed], watch: Watch | None = None) -> list[str]:
    detector, found = Detector(), []
    for one in handed:
        posts = [told(offer.post, offer.topics) for offer in one.posts]
        seen = detector.slice(posts, one.until, beside=one.beside)
        found += [f"{s.opened_at} {s.label} {s.why} {s.terms} {s.exemplars}" for s in seen.opened]
    return found


def watched(minutes: list[list[dict]], capacity: int) -> list[Handed]:
    watch, out = Watch(plan(), capacity), []
    for n, posts in enumerate(minutes):
        watch.take(block(posts))
        out.append(watch.close(AT + MINUTE * (n + 1)))
    return out


def shared(minutes: list[list[dict]], capacity: int, workers: int) -> list[Handed]:
    """The same with several workers, each having some of the authors."""
    judge, crew, out = Judge(capacity), [Worker(plan()) for _ in range(workers)], []
    for n, posts in enumerate(minutes):
        until = AT + MINUTE * (n + 1.0)
        for place, worker in enumerate(crew):
            theirs = [p for p in posts if shard_of(p["author"].encode()) % workers == place]
            worker.take(block(theirs))
        levels, count = judge.levels([worker.sketch(until) for worker in crew], until)
        offers = [worker.offers(levels, capacity) for worker in crew]
        handed, taken = judge.handed(offers, count, until)
        for worker, number in zip(crew, taken, strict=True):
            worker.memory.taken(number)
        out.append(handed)
    return out


def test_a_slice_that_can_be_read_is_handed_over_whole():
    minutes = stream(60, 6, event_at=55)
    handed = watched(minutes, capacity=1000)
    assert [len(h.posts) for h in handed] == [len(posts) for posts in minutes]
    assert {h.beside for h in handed} == {0}


def test_then_the_moments_are_the_detectors_own_to_the_byte():
    minutes = stream(300, 6, event_at=290)
    pure, found = Detector(), []
    for n, posts in enumerate(minutes):
        said = [Told(upstream_of(p["id"]), p["ts"], p["text"], "", "", p["author"]) for p in posts]
        seen = pure.slice(said, AT + MINUTE * (n + 1))
        found += [f"{s.opened_at} {s.label} {s.why} {s.terms} {s.exemplars}" for s in seen.opened]
    assert any("mill" in moment.lower() for moment in found)
    assert moments(watched(minutes, capacity=1000)) == found


def test_of_a_flood_only_the_telling_posts_go_on_and_the_event_is_among_them():
    minutes = stream(100, 60, event_at=95)
    handed = watched(minutes, capacity=12)
    assert max(len(h.posts) for h in handed) <= 12
    late = [offer.post.text for h in handed[96:] for offer in h.posts]
    assert late
    assert sum("mill" in text or "explosion" in text for text in late) > 0.5 * len(late)


def test_what_was_usual_in_posts_never_handed_on_is_no_surprise():
    watch = Watch(plan(), capacity=5)
    for n, posts in enumerate(stream(60, 40, event_at=10)):
        watch.take(block(posts))
        watch.close(AT + MINUTE * (n + 1))
    assert watch.judge.state.before("mill", 300) > 100


@pytest.mark.parametrize("capacity", [1000, 9])
@pytest.mark.parametrize("workers", [2, 3])
def test_however_many_workers_the_same_posts_go_on(workers, capacity):
    minutes = stream(60, 30, event_at=50)
    one, many = watched(minutes, capacity), shared(minutes, capacity, workers)
    assert [(h.until, h.beside, [o.rank for o in h.posts]) for h in many] == [
        (h.until, h.beside, [o.rank for o in h.posts]) for h in one
    ]
    assert moments(many) == moments(one)


def test_the_same_stream_twice_gives_the_same_to_the_byte():
    minutes = stream(40, 30, event_at=30)
    assert repr(watched(minutes, 9)) == repr(watched(minutes, 9))


def test_one_author_shouting_ten_thousand_times_is_not_handed_on_as_surprising():
    minutes = stream(30, 40, event_at=99)
    minutes[29] += [
        {"id": f"s{n}", "ts": AT + 29 * MINUTE + 1, "text": f"explosion mill {n}", "author": "one"}
        for n in range(10_000)
    ]
    handed = watched(minutes, capacity=50)
    assert sum("explosion mill" in o.post.text for o in handed[29].posts) == 0


def test_of_a_flood_some_posts_go_on_that_show_nothing_so_that_the_usual_is_known():
    handed = watched(stream(100, 200, event_at=95), capacity=50)
    harm = ("police", "fire", "crash", "storm")
    quiet = [o for h in handed for o in h.posts if not any(word in o.post.text for word in harm)]
    assert len(quiet) > 100
    assert all(len(h.posts) <= 50 for h in handed)
    ids = [o.post.id for h in handed for o in h.posts]
    assert len(set(ids)) == len(ids)


def test_a_flood_is_counted_whole_though_only_part_of_it_is_read():
    """Hundreds who say it weigh as hundreds, though the detector reads a few of them."""
    watch, detector = Watch(plan(), 20), Detector()
    detector.memory.census = watch.judge.state
    for n, posts in enumerate(stream(300, 100, event_at=299)):
        watch.take(block(posts))
        if n == 299:
            watch.take(block([
                {"id": f"x{k}", "ts": AT + MINUTE * 299.5 + k / 50, "author": f"x{k}",
                 "text": f"{EVENT[k % 6]} {WORDS[k % 300]} {k}"} for k in range(600)
            ]))  # fmt: skip
        one = watch.close(AT + MINUTE * (n + 1.0))
        posts = [told(offer.post, offer.topics) for offer in one.posts]
        detector.slice(posts, one.until, beside=one.beside)
    read, _ = detector.memory.surprise("mill", 300, 700, AT + MINUTE * 300.0)
    whole = detector.memory.surprise_of_all("mill", 300, AT + MINUTE * 300.0)
    assert whole > 3 * read > 0
