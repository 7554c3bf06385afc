"""JSON from strangers: refused in words, at once, whatever it is."""

import json

import pytest
from hypothesis import given, strategies as st

from commonground.kit.api.strict import MOST_BYTES, NotRead, read

HOSTILE = {
    "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects 50,000 deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "nested and never closed": b"[" * 400_000,
    "a whole number of 10 MB": b"9" * 10_000_000,
    "a whole number of 5,000 digits": b'{"n":' + b"9" * 5000 + b"}",
    "NaN": b'{"n":NaN}',
    "Infinity": b"[-Infinity]",
    "a number beyond all numbers": b'{"n":1e999}',
    "a name twice": b'{"title":"a","title":"b"}',
    "a name twice, deep": b'[{"a":{"b":1,"b":2}}]',
    "half a letter": b'{"title":"\\ud800"}',
    "half a letter in a name": b'{"\\udfff":1}',
    "NUL": b'{"title":"a\\u0000b"}',
    "NUL in a name": b'{"a\\u0000":1}',
    "a title of 1 MB": b'{"title":"' + b"a" * 1_000_000 + b'"}',
    "not UTF-8": b'{"title":"\xff\xfe"}',
    "UTF-16": '{"title":"a"}'.encode("utf-16"),
    "nothing": b"",
    "two values": b"{}{}",
    "a comma too many": b'{"a":1,}',
    "Python": b"{'a': 1}",
}


@pytest.mark.parametrize("name", HOSTILE, ids=str)
def test_what_is_not_plainly_json_is_refused_in_words(name):
    with pytest.raises(NotRead) as why:
        read(HOSTILE[name])
    assert len(str(why.value)) > 10


def test_twenty_deep_is_read_and_one_more_is_not():
    assert read(b"[" * 20 + b"]" * 20)
    with pytest.raises(NotRead):
        read(b"[" * 22 + b"]" * 22)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
                              max_size=8), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(json_values)
def test_whatever_is_json_is_read_as_it_was_written(value):
    assert read(json.dumps(value).encode()) == value


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(body):
    try:
        read(body)
    except NotRead:
        return


def test_the_largest_honest_request_is_read():
    body = b'{"text":"' + "字".encode() * 20_000 + b'"}'
    assert len(body) < MOST_BYTES
    assert len(read(body)["text"]) == 20_000
