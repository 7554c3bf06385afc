"""Lists of words in one language, compiled: the data that the softer rules read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache

import regex

from commonground.say.engine.coach.remarks import WORDS

type Pattern = regex.Pattern[str]
type Lists = Mapping[str, Pattern]


@cache
def lists(language: str) -> dict[str, Pattern]:
    """The lists of `softly_*.toml`, each as one pattern over folded text of any case."""
    listed = tomllib.loads((WORDS / f"softly_{language}.toml").read_text(encoding="utf-8"))
    return {name: any_of(text.splitlines()) for name, text in listed.items() if type(text) is str}


@cache
def plainer(language: str) -> dict[str, str]:
    """A hard word, and the plain one for it."""
    listed = tomllib.loads((WORDS / f"softly_{language}.toml").read_text(encoding="utf-8"))
    return dict(listed["plainer"])


def any_of(entries: Iterable[str], flags: int = regex.IGNORECASE) -> Pattern:
    """One pattern for a list: a star stands for any ending, ^ for the start of a sentence."""
    wanted = sorted({e.strip() for e in entries if e.strip()}, key=lambda e: (-len(e), e))
    inside = [one(e) for e in wanted if not e.startswith("^")]
    starting = [one(e[1:]) for e in wanted if e.startswith("^")]
    parts = [rf"(?<![\w'])(?:{'|'.join(inside)})(?!\w)"] if inside else []
    if starting:
        parts.append(rf"(?:^|(?<=[.!?\n]\s{{0,3}}))\s*(?:{'|'.join(starting)})(?!\w)")
    return regex.compile("|".join(parts) or r"(?!)", flags)


def one(entry: str) -> str:
    ending = r"\w*" if entry.endswith("*") else ""
    said: str = regex.escape(entry.rstrip("*"), special_only=True, literal_spaces=True)
    return said.replace(" ", r"\s+") + ending
