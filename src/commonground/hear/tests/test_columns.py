"""Blocks of lines are read as the reader reads each line, and nothing in them can break it."""

import json
from collections import Counter

import pytest
from hypothesis import given as supposing, settings, strategies as st

from commonground.hear.engine.columns import Languages, Repeats, columns
from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.reading import Reader

LATEST = 1_800_000_000.0
AT = 1_714_521_600


def frame(n: int = 0, text: str = "a fire", did: str = "did:plc:a", **more: object) -> dict:
    record = {"$type": "app.bsky.feed.post", "text": text, "langs": ["en"], "createdAt": "2024"}
    commit = {
        "operation": "create", "collection": "app.bsky.feed.post", "rkey": f"k{n}",
        "record": record,
    }  # fmt: skip
    return {"did": did, "time_us": (AT + n) * 10**6, "kind": "commit", "commit": commit, **more}


def deleted(n: int) -> dict:
    commit = {"operation": "delete", "collection": "app.bsky.feed.post", "rkey": f"k{n}"}
    return {"did": "did:plc:a", "time_us": AT * 10**6, "kind": "commit", "commit": commit}


OTHERS = [
    deleted(1), {"id": "x1", "ts": AT, "text": "our own line", "author": "me", "lang": "fr"},
    {"did": "did:plc:b", "time_us": AT * 10**6, "kind": "account",
     "account": {"active": False, "status": "deleted"}},
    {"did": "did:plc:c", "time_us": AT * 10**6, "kind": "identity"},
    {"type": "Note", "id": "https://a.example/1", "published": "2024-05-01T00:00:00Z",
     "content": "<p>flood</p>", "attributedTo": "https://a.example/u"},
    {"id": "x2", "ts": AT, "deleted": True}, {"id": "x3"}, [], 3, {"did": 5},
    frame(7, text="   "), frame(8, time_us=0), frame(9, time_us=10**18), frame(10, did=""),
]  # fmt: skip
LINE = st.one_of(
    st.integers(0, 5).map(lambda n: json.dumps(frame(n))),
    st.sampled_from(OTHERS).map(json.dumps),
    st.just('{"did": "a", "text'), st.just(""),
)  # fmt: skip


def read(block: bytes) -> tuple[list[Heard], list[Heard], dict[str, int]]:
    got = columns(block, latest=LATEST, languages=Languages(), repeats=Repeats())
    posts = []
    for place in range(len(got)):
        try:
            posts.append(got.heard(place))
        except Exception:  # a post of nothing but space, which the words will show
            assert not got.frames[place].commit.record.text.strip()
    return posts, got.deletions, dict(got.skipped)


def without(counts: dict[str, int], *names: str) -> dict[str, int]:
    return {why: n for why, n in counts.items() if why not in names}


@settings(max_examples=300, deadline=None)
@supposing(st.lists(LINE, max_size=12))
def test_a_block_is_read_as_the_reader_reads_its_lines(lines):
    reader = Reader(latest=LATEST)
    items = [reader.read(line.encode()) for line in lines if line]
    posts, deletions, skipped = read("\n".join(lines).encode())
    want = [i for i in items if isinstance(i, Heard) and not i.deleted]
    if not any(i.deleted for i in items if isinstance(i, Heard)):  # order between blocks only
        assert posts == want
        told = Counter(i.why for i in items if isinstance(i, Skipped))
        # A blank text shows only when its words are read, so it may also be seen before.
        unclear = ("no text", "seen before")
        assert without(skipped, *unclear) == without(told, *unclear)
    assert deletions == [i for i in items if isinstance(i, Heard) and i.deleted]


@settings(max_examples=300, deadline=None)
@supposing(st.lists(st.one_of(
    st.binary(max_size=80),
    st.tuples(st.integers(0, 300), st.binary(min_size=1, max_size=3)).map(
        lambda cut: json.dumps(frame()).encode()[: cut[0]] + cut[1]),
), max_size=6).map(b"\n".join))  # fmt: skip
def test_no_bytes_break_the_reading_of_a_block(block):
    read(block)


def test_a_nested_bomb_is_passed_over():
    _, _, skipped = read(b"[" * 100_000 + b"\n" + json.dumps(frame()).encode())
    assert sum(skipped.values()) == 1


def test_a_post_told_twice_is_taken_once_in_any_block():
    repeats, block = Repeats(), json.dumps(frame()).encode()
    taken = [
        len(columns(block, latest=LATEST, languages=Languages(), repeats=repeats)) for _ in range(3)
    ]
    assert taken == [1, 0, 0]


@pytest.mark.parametrize(
    ("claimed", "place"), [("en", 1), ("EN-gb", 1), ("fr", 2), ("de", 0), ("", 0)]
)
def test_languages_are_known_however_they_are_written(claimed, place):
    assert Languages(["en", "fr"]).place(claimed) == place
