"""The plain words of what somebody else's server calls a text."""

from __future__ import annotations

import re
from html import unescape

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags

LONGEST, LONGEST_MARKED_UP = 5_000, 50_000  # characters
BREAK = re.compile(r"<br ?/?>|</p>|</li>", re.IGNORECASE)
# Letters that turn or hide what stands beside them.
TRICKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(content: object) -> str:
    if not isinstance(content, str):
        return ""
    try:
        bare = unescape(strip_tags(BREAK.sub("\n", content[:LONGEST_MARKED_UP])))
    except SuspiciousOperation:  # more unclosed tags than any honest text has
        return ""
    seen = "".join(c if c.isprintable() or c == "\n" else " " for c in TRICKS.sub("", bare))
    return seen.strip()[:LONGEST]
