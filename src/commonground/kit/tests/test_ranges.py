"""Parts of a file, as players ask for them."""

import pytest
from django.test import RequestFactory

from commonground.kit.ranges import answer_in_parts


def asked(span):
    request = RequestFactory().get("/", headers={"range": span} if span else {})
    answer = answer_in_parts(request, b"0123456789", "video/mp4")
    return answer.status_code, answer.content, answer.get("Content-Range", "")


@pytest.mark.parametrize(("span", "told"), [
    ("", (200, b"0123456789", "")),
    ("bytes=0-3", (206, b"0123", "bytes 0-3/10")), ("bytes=7-", (206, b"789", "bytes 7-9/10")),
    ("bytes=-3", (206, b"789", "bytes 7-9/10")),
    ("bytes=-99", (206, b"0123456789", "bytes 0-9/10")),
    ("bytes=8-99", (206, b"89", "bytes 8-9/10")), ("bytes=10-", (416, b"", "bytes */10")),
    ("bytes=5-2", (416, b"", "bytes */10")), ("bytes=-0", (416, b"", "bytes */10")),
    ("bytes=0-1,4-5", (200, b"0123456789", "")), ("bytes=-", (200, b"0123456789", "")),
    ("bytes=a-b", (200, b"0123456789", "")), ("items=0-1", (200, b"0123456789", "")),
    (f"bytes={'9' * 400}-", (200, b"0123456789", "")),
])  # fmt: skip
def test_the_part_that_was_asked_for(span, told):
    assert asked(span) == told
