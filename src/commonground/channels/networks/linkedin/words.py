"""Writes and reads LinkedIn's "little text": plain words in which some signs mean something.

From LinkedIn's page "little Text Format": reserved signs stand behind a backslash, a hashtag is a
template of its own, and so is the mention of somebody.
"""

from __future__ import annotations

import regex

RESERVED = regex.compile(r"[\\|{}@\[\]()<>#*_~]")
HASHTAG = regex.compile(r"(?<![\w/&#])#([\p{L}\p{N}]*\p{L}[\p{L}\p{N}]*)(?![\w])")
WRITTEN = regex.compile(
    r"\{hashtag\|\\?#\|(?P<tag>(?:\\.|[^}\\])*)\}"
    r"|@\[(?P<name>(?:\\.|[^\]\\])*)\]\([^)]*\)"
    r"|\\(?P<sign>.)",
    regex.DOTALL,
)


def written(text: str) -> str:
    """As LinkedIn wants it, so that it shows exactly these words."""
    parts, end = [], 0
    for tag in HASHTAG.finditer(text):
        parts += [escaped(text[end : tag.start()]), f"{{hashtag|\\#|{tag.group(1)}}}"]
        end = tag.end()
    return "".join([*parts, escaped(text[end:])])


def escaped(text: str) -> str:
    return str(RESERVED.sub(r"\\\g<0>", text))


def read(little: str) -> str:
    """The words a reader sees."""
    return str(WRITTEN.sub(shown, little))


def shown(found: regex.Match[str]) -> str:
    if found["tag"] is not None:
        return "#" + read(found["tag"])
    return read(found["name"]) if found["name"] is not None else str(found["sign"])
