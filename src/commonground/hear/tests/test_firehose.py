"""Frames of a server's own stream, honest and hostile."""

import random

import libipld
import pytest

from commonground.hear.engine.firehose import GAP, Frame, read_frame
from commonground.hear.engine.heard import Heard, Skipped

CID = libipld.decode_cid("bafyreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")
AT = "2026-03-02T18:00:00.000Z"


def frame(kind: str, op: int = 1, **body) -> bytes:
    header = {"op": op, "t": kind} if op == 1 else {"op": op}
    return libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(body)


def account(**but) -> bytes:
    return frame("#account", **{"seq": 9, "did": "did:plc:a", "time": AT, "active": False, **but})


def commit(*ops: dict, **but) -> bytes:
    body = {"seq": 7, "repo": "did:plc:a", "time": AT, "ops": list(ops), "blocks": b"", **but}
    return frame("#commit", **body)


def test_deletion_of_a_post_and_of_an_account_are_read():
    gone = read_frame(commit({"action": "delete", "path": "app.bsky.feed.post/3k", "cid": None}))
    assert gone.seq == 7
    assert gone.items[0].id == "at://did:plc:a/app.bsky.feed.post/3k"
    assert gone.items[0].deleted
    left = read_frame(account(status="deleted"))
    assert left.items == (Heard("", 1772474400.0, author="did:plc:a", deleted=True),)


@pytest.mark.parametrize(
    "raw", [account(status="deactivated"), account(active=True), account(status=7)]
)
def test_account_that_only_rests_keeps_its_posts(raw):
    assert read_frame(raw).items == (Skipped("not a post"),)


def test_likes_and_follows_are_no_posts():
    assert read_frame(commit({"action": "create", "path": "app.bsky.feed.like/3k"})).items == ()


def test_post_whose_record_is_missing_is_counted_with_its_reason():
    operation = {"action": "create", "path": "app.bsky.feed.post/3k", "cid": None}
    assert read_frame(commit(operation)).items == (Skipped("no text"),)
    too_big = Skipped("a commit too large to carry its posts")
    assert read_frame(commit(operation, tooBig=True)).items == (too_big,)


def test_complaints_of_the_server_are_read():
    assert read_frame(frame("", op=-1, error="FutureCursor")).error == "FutureCursor"
    assert read_frame(frame("#info", name="OutdatedCursor")).items == (GAP,)


def hostile(seed: int, count: int):
    """Honest frames with bytes changed, cut, doubled; and plain noise."""
    chance = random.Random(seed)  # noqa: S311 - a test that fails must fail again
    operation = {"action": "create", "path": "app.bsky.feed.post/3k", "cid": None}
    honest = [commit(operation), account(status="deleted"), frame("#info", name="x")]
    for _ in range(count):
        raw = bytearray(chance.choice(honest))
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        yield bytes(raw[: chance.randint(0, len(raw))] if chance.random() < 0.3 else raw)
        yield chance.randbytes(chance.randint(0, 60))


def test_no_frame_ends_the_reading():
    for raw in hostile(seed=3, count=20_000):
        assert isinstance(read_frame(raw), Frame)
    deep = b"\x81" * 100_000
    assert read_frame(deep).items == (Skipped("not a frame"),)
