import json

import pytest
from hypothesis import given as supposing, strategies as st

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.reading import Reader
from commonground.hear.engine.statuses import read_status

LATEST = 1_900_000_000.0


def read(line: bytes | dict) -> Heard | Skipped:
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    return Reader(latest=LATEST).read(raw)


def ours(**but) -> dict:
    return {"id": "1", "ts": "2024-05-01T10:00:00Z", "text": "Water in the street", **but}


def test_our_own_line_is_read():
    line = ours(lang="en-GB", author="a", url="https://x.example/1")
    assert read(line) == Heard(
        "1", 1714557600.0, "Water in the street", "en", "a", "https://x.example/1"
    )


@pytest.mark.parametrize(
    "ts", ["2024-05-01T12:00:00+02:00", 1714557600, 1714557600.0, 1714557600000, 1714557600000000]
)
def test_time_may_be_written_in_any_usual_way(ts):
    assert read(ours(ts=ts)).at == 1714557600.0


HOSTILE = {
    "not JSON": [b"hello", b"{", b'{"id":"1"', b"\xff\xfe", b'{"id":1,"ts":NaN,"text":"a"}'],
    "empty line": [b"", b"  \n"],
    "a broken character": [b'{"id":"1","ts":1714557600,"text":"a\\ud800b"}'],
    "nested too deep": [
        b'{"id":"1","ts":1714557600,"text":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
    ],
    "dated before there were such posts": [
        ours(ts="1970-01-01T00:00:00Z"),
        ours(ts=0),
        ours(ts=-5),
    ],
    "dated in the future": [ours(ts="2099-01-01T00:00:00Z")],
    "a time that cannot be read": [ours(ts="yesterday"), ours(ts="")],
    "no time": [{"id": "1", "text": "a"}],
    "no id": [{"ts": 1714557600, "text": "a"}],
    "no text": [ours(text=""), ours(text="  \u0000 "), {"id": "1", "ts": 1714557600}],
    "a field of the wrong kind": [
        b"null",
        b"[]",
        ours(text=["a"]),
        ours(ts={}),
        ours(author=[1]),
        ours(lang=3),
        b"[" * 100_000,
    ],
    "not a post": [
        {"did": "did:x", "time_us": 1, "kind": "identity"},
        {"type": "Like", "id": "https://a.example/1"},
        {"type": "Create", "object": "https://a.example/1"},
    ],
}


@pytest.mark.parametrize(
    ("why", "line"), [(why, line) for why, lines in HOSTILE.items() for line in lines]
)
def test_hostile_line_is_passed_over_with_its_reason(why, line):
    assert read(line) == Skipped(why)


def test_nothing_else_is_lost_among_hostile_lines():
    reader = Reader(latest=LATEST)
    good = [json.dumps(ours(id=str(n))).encode() for n in range(len(HOSTILE))]
    bad = [
        lines[0] if isinstance(lines[0], bytes) else json.dumps(lines[0]).encode()
        for lines in HOSTILE.values()
    ]
    mixed = [reader.read(line) for pair in zip(good, bad, strict=True) for line in pair]
    assert [item.id for item in mixed if isinstance(item, Heard)] == [
        str(n) for n in range(len(HOSTILE))
    ]


@supposing(st.binary(max_size=300))
def test_no_bytes_whatever_raise(line):
    assert isinstance(read(line), Heard | Skipped)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "ts",
                    "text",
                    "did",
                    "kind",
                    "commit",
                    "record",
                    "type",
                    "object",
                    "actor",
                    "payload",
                    "content",
                    "published",
                    "attributedTo",
                    "url",
                    "label",
                    "account",
                    "operation",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@supposing(JSON)
def test_no_json_whatever_raises(value):
    assert isinstance(read(json.dumps(value).encode("utf-8", "surrogatepass")), Heard | Skipped)


def test_same_id_twice_is_heard_once_and_again_after_its_deletion():
    reader = Reader(latest=LATEST)
    line = json.dumps(ours()).encode()
    assert isinstance(reader.read(line), Heard)
    assert reader.read(line) == Skipped("seen before")


def test_nul_is_taken_out_because_no_database_holds_it():
    assert read(ours(text="a\u0000b")).text == "a b"


def test_very_long_text_is_cut():
    assert len(read(ours(text="x" * 100_000)).text) == 5_000


def test_only_web_addresses_are_links():
    assert read(ours(url="javascript:alert(1)")).url == ""


def frame(operation="create", **but):
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": "3k"}
    if operation == "create":
        commit["record"] = {"text": "Water in the street", "langs": ["en"], "createdAt": "x"}
    return {
        "did": "did:plc:a",
        "time_us": 1714557600000000,
        "kind": "commit",
        "commit": commit,
        **but,
    }


def test_jetstream_post_is_read():
    post = read(frame())
    assert (post.id, post.at, post.author) == (
        "at://did:plc:a/app.bsky.feed.post/3k",
        1714557600.0,
        "did:plc:a",
    )


def test_jetstream_deletion_names_the_post_it_takes_back():
    gone = read(frame("delete"))
    assert gone.deleted
    assert gone.id == read(frame()).id


def test_deleted_account_takes_back_everything():
    gone = read(
        {
            "did": "did:plc:a",
            "time_us": 1714557600000000,
            "kind": "account",
            "account": {"active": False, "status": "deleted"},
        }
    )
    assert (gone.deleted, gone.id, gone.author) == (True, "", "did:plc:a")


def test_second_jetstream_says_the_same_as_the_first():
    flat = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit",
        "seq": 7,
        "did": "did:plc:a",
        "time": "2024-05-01T10:00:00Z",
        **frame()["commit"],
    }
    assert read({"$type": "message", "payload": flat}) == read(frame())


def note(**but):
    return {
        "type": "Note",
        "id": "https://a.example/1",
        "published": "2024-05-01T10:00:00Z",
        "content": "<p>Water in<br>the <b>street</b></p><script>x</script>",
        "attributedTo": "https://a.example/u",
        **but,
    }


def test_note_loses_its_markup():
    post = read(note())
    assert (post.text, post.author, post.url) == (
        "Water in the street",
        "https://a.example/u",
        "https://a.example/1",
    )


def test_create_is_its_note_said_by_its_actor():
    wrapped = {
        "type": "Create",
        "actor": {"id": "https://a.example/u"},
        "object": note(attributedTo=[]),
    }
    assert read(wrapped).text == "Water in the street"


def test_delete_of_an_object_or_of_its_address_is_a_deletion():
    for what in ("https://a.example/1", {"type": "Tombstone", "id": "https://a.example/1"}):
        gone = read({"type": "Delete", "object": what})
        assert (gone.deleted, gone.id) == (True, "https://a.example/1")


def test_create_of_a_create_is_refused_not_followed():
    inner = {"type": "Create", "object": note()}
    assert read({"type": "Create", "object": inner}) == Skipped("nested too deep")


def test_status_of_a_server_is_read_and_private_ones_are_not():
    status = {
        "id": "9",
        "created_at": "2024-05-01T10:00:00Z",
        "content": "<p>Water</p>",
        "account": {"acct": "u"},
        "language": "fr",
    }
    assert read_status(json.dumps(status).encode(), "a.example").text == "Water"
    status["visibility"] = "private"
    assert read_status(json.dumps(status).encode(), "a.example") == Skipped("not public")
    assert read_status(b"nonsense", "a.example") == Skipped("not JSON")
