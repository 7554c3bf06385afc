"""Answers for a part of a file: players of videos ask for nothing else (RFC 9110, 14)."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

ASKED = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def answer_in_parts(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """All of it, or the one part that is asked for; several parts at once are all of it."""
    asked = ASKED.fullmatch(request.headers.get("Range", ""))
    answer = HttpResponse(content, content_type=kind)
    if asked and (asked[1] or asked[2]):
        start, end = part_of(asked[1], asked[2], len(content))
        if start > end:
            answer = HttpResponse(status=416)
            answer["Content-Range"] = f"bytes */{len(content)}"
            return answer
        answer = HttpResponse(content[start : end + 1], status=206, content_type=kind)
        answer["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    answer["Accept-Ranges"] = "bytes"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def part_of(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte meant: `-5` are the last five, `5-` is all from the sixth."""
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1
