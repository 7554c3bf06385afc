"""Frames read straight from the bytes say what the ordinary decoder says, broken or not."""

import random

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given as supposing, settings, strategies as st

from commonground.hear.engine import columns as c
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.frames import id_number
from commonground.hear.engine.heard import Heard, Skipped

pytestmark = pytest.mark.skipif(not COMPILED, reason="NOT TESTED: numba is absent, nothing scans")

GOOD = (
    b'{"did":"did:plc:%b","time_us":1714521600000000,"kind":"commit","commit":{"rev":"3l3qo2",'
    b'"operation":"create","collection":"app.bsky.feed.post","rkey":"%b","record":{"$type":'
    b'"app.bsky.feed.post","createdAt":"2024-05-01T00:00:00Z","embed":{"a":[1,-2.5,{"b":null}],'
    b'"c":{},"d":[]},"langs":[%b],"reply":{"root":{"uri":"at://x"},"ok":true,"no":false},'
    b'"text":"%b"},"cid":"bafyrei"}}'
)
DELETED = (
    b'{"did":"did:plc:a","time_us":1714521600000000,"kind":"commit","commit":{"rev":"3l3qo2",'
    b'"operation":"delete","collection":"app.bsky.feed.post","rkey":"k1"}}'
)
OWN = b'{"id":"x1","ts":1714521600,"text":"our own line","author":"me","lang":"fr"}'
TEXTS = [
    b"a fire", b"", rb"two\nlines \"said\" \\ \/ \b\f\r\t", rb"\u00e9\u20ac\u0000x",
    rb"\ud83d\ude00",
    rb"half \ud83d", rb"\udc00", rb"\ud83d\u0041", rb"bad \x", rb"\u12", "東京 é 😀".encode(),
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"cut \xe6\x9d", b"\x07", b"tab\t",
]  # fmt: skip
LANGS = [b'"en"', b'"en-GB","fr"', b"", b"null", b"3", rb'"\u0065n"', '"é"'.encode(), b'"en",']
PIECES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b"1e9", b"null", b" ",
          b"\n", b'"text":"x",', b'"langs":["de"],', b'"time_us":5,', b'"kind":"",',
          b"\xff", b"\0"]  # fmt: skip

LINE = st.builds(
    lambda *parts: GOOD % parts, st.sampled_from([b"a", b"b"]),
    st.sampled_from([b"k1", b"k2", b""]),
    st.sampled_from(LANGS), st.sampled_from(TEXTS),
)  # fmt: skip


@st.composite
def broken(draw):
    line = draw(LINE)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(line)))
        gone = draw(st.integers(0, 3))
        line = line[:at] + draw(st.sampled_from([b"", *PIECES])) + line[at + gone :]
    return line


def told(found: c.Sorted) -> tuple:
    return (
        [
            (f.did, f.time_us, c.claimed(f), f.commit.rkey, f.commit.record.text)
            for f in found.frames
        ],
        found.deletions, +found.skipped, found.ids().tolist(),
    )  # fmt: skip


def is_text(line: bytes) -> bool:
    """Strings nobody reads may hold bytes that are no text: the scan does not look at them."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=1500, deadline=None)
@supposing(broken())
def test_a_broken_frame_is_read_as_the_ordinary_reader_reads_it(line):
    assume(b"\n" not in line)
    found = c.scanned(line)
    want = c.one_by_one(line) if line.strip() else Skipped("")
    if isinstance(want, Heard) and not want.deleted:
        [frame] = found.frames
        got = found.odd.get(id(frame)) or c.as_heard(frame)
        assert got == want
        assert found.ids().tolist() == [id_number(want.id)]
    elif found.frames and is_text(
        line
    ):  # a text of nothing but space is found out when its words are read
        assert want == Skipped("no text")
        assert not found.frames[0].commit.record.text.strip()
    else:
        assert found.deletions == ([want] if isinstance(want, Heard) else [])


@settings(max_examples=200, deadline=None)
@supposing(st.lists(st.one_of(LINE, broken(), st.sampled_from([DELETED, OWN, b"", b"[" * 2000]))))
def test_a_block_is_scanned_in_its_order_whatever_stands_between(lines):
    block = b"\n".join(lines)
    got, want = c.scanned(block), [c.scanned(line) for line in block.split(b"\n")]
    assert told(got)[0] == [t for one in want for t in told(one)[0]]
    assert told(got)[3] == [t for one in want for t in told(one)[3]]
    assert got.deletions == [gone for one in want for gone in one.deletions]


def test_the_scan_itself_reads_what_a_server_sends():
    found = c.scanned(GOOD % (b"a", b"k1", b'"en"', rb"caf\u00e9 \ud83d\ude00 \"x\"") + b"\n")
    assert isinstance(found.frames, c.Spans)
    assert found.frames[0].commit.record.text == 'café 😀 "x"'
    assert found.frames[0].did == "did:plc:a"


def test_repeats_are_known_by_number_over_many_blocks_and_two_generations():
    dice, repeats, seen = random.Random(3), c.Repeats(1000), set()  # noqa: S311
    for _ in range(40):
        ids = [dice.randrange(300) for _ in range(50)]
        again = repeats.again(c.np.array([id_number(str(n)) for n in ids], c.np.uint64))
        for n, known in zip(ids, again.tolist(), strict=True):
            assert known == (n in seen)
            seen.add(n)
        gone = dice.randrange(300)
        repeats.forget(str(gone))
        seen.discard(gone)


def test_frames_made_together_are_those_made_one_by_one():
    said = ["a fire", "日本語 🔥", "", 'with "quotes" and \\ more', "naïve café"]
    lines = [{"did": f"did:plc:{n}", "time_us": 1714521600000000 + n, "kind": "commit", "commit": {
        "rev": "r", "operation": "create", "collection": "app.bsky.feed.post", "rkey": f"k{n}",
        "record": {"$type": "app.bsky.feed.post", "createdAt": "x",
                   **({"langs": ["en"]} if n % 2 else {}), "text": text}, "cid": "c"}}
        for n, text in enumerate(said)]  # fmt: skip
    held = c.scanned(b"\n".join(msgspec.json.encode(line) for line in lines)).frames
    if isinstance(held, c.Spans):
        places = np.array([4, 0, 2, 1], np.int64)[: len(held) - 1]
        assert held.some(places) == [held[n] for n in places.tolist()]
        assert len(held) >= 4


def test_many_short_lines_leave_no_post_out():
    post = msgspec.json.encode({"id": "1", "ts": 1714521600, "text": "a fire"})
    block = b"{}\n" * 2000 + post + b"\n" + b"\n" * 500 + post.replace(b'"1"', b'"2"')
    found = c.columns(block, latest=1e10, languages=c.Languages())
    assert [found.heard(n).id for n in range(len(found))] == ["1", "2"]
    assert found.skipped.total() == 2000
