"""Finds posts that tell of an exchange with us that went badly: the talk that costs trust.

A moment made of such posts is a class of its own. It holds what people say of us, so a person
reads it before anything else; nothing here says who was right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from commonground.hear.engine.words import FORWARDED, NOT_WORDS, fold

STARTER = Path(__file__).parent / "starter" / "contact.toml"
CONTACT = "contact with us"  # what the moments of this class carry as their topic
NEAR = 14  # words between somebody of ours and what they did; more is another sentence's business
BY = re.compile(r"\b(?:by|par|por)\b")
SIGNS = re.compile(r"[^\w\s]|_")


def tells_of_contact(text: str, language: str = "") -> bool:
    """Whether somebody tells of being treated badly by somebody of ours, or was there.

    In the post's own language where we have words for it, else in any we have.
    """
    said = plain(text)
    asked = [lists()[language]] if language in lists() else list(lists().values())
    return any(told(said, words) for words in asked)


def told(said: Sequence[str], words: Mapping[str, re.Pattern[str]]) -> bool:
    whole = " ".join(said)
    ours = words["ours"]
    if words["elsewhere"].search(whole) or not ours.search(whole):
        return False
    if words["complaint"].search(whole):
        return True
    return (
        near(whole, ours, words["stopped"])
        or near(whole, ours, words["manner"])
        or near(whole, ours, words["treated"], done_by=True)
    )


def near(
    whole: str, ours: re.Pattern[str], other: re.Pattern[str], *, done_by: bool = False
) -> bool:
    """Whether both are said within `NEAR` words of each other.

    `done_by`: only what stands after somebody of ours, or before a "by" that leads to them.
    """
    return any(
        gap(whole, a, b) <= NEAR and (not done_by or a.start() < b.start() or passive(whole, a, b))
        for a in ours.finditer(whole)
        for b in other.finditer(whole)
    )


def gap(whole: str, one: re.Match[str], other: re.Match[str]) -> int:
    first, second = sorted((one.start(), other.start()))
    return whole.count(" ", first, second)


def passive(whole: str, ours: re.Match[str], other: re.Match[str]) -> bool:
    return bool(BY.search(whole[other.end() : ours.start()]))


def plain(text: str) -> list[str]:
    """Folded words in order; contractions apart: wouldn t, m a."""
    bare = NOT_WORDS.sub(" ", FORWARDED.sub("", text))
    return SIGNS.sub(" ", fold(bare)).split()


@cache
def lists() -> dict[str, dict[str, re.Pattern[str]]]:
    told = tomllib.loads(STARTER.read_text(encoding="utf-8"))
    return {
        language: {name: any_of(entries.splitlines()) for name, entries in listed.items()}
        for language, listed in told.items()
    }


def any_of(entries: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a list of whole phrases; a star stands for any ending."""
    wanted = sorted({e.strip() for e in entries if e.strip()}, key=lambda e: (-len(e), e))
    parts = [re.escape(e.rstrip("*")) + (r"\w*" if e.endswith("*") else "") for e in wanted]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")
