"""The wordings the triage listens for, by what they are signs of (words/signs_*.toml).

In a pattern "*" ends a word in any way, "_" is any one word, "^" is the beginning of a sentence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import regex

WORDS = Path(__file__).parent / "words"
BEGINNING = r"(?:^|[.!?:]\s*)"
NO_WORD_BEFORE, NO_WORD_AFTER = r"(?<!\w)", r"(?!\w)"


@cache
def signs(language: str) -> Mapping[str, regex.Pattern[str]]:
    """Each sign of a language, as one pattern over folded text in lower case."""
    lists = tomllib.loads((WORDS / f"signs_{language}.toml").read_text(encoding="utf-8"))
    return {name: regex.compile("|".join(map(pattern, said))) for name, said in lists.items()}


def pattern(said: str) -> str:
    at_the_beginning, said = said.startswith("^ "), said.removeprefix("^ ")
    if not any(letter.isalnum() for letter in said):  # a sign of punctuation, a picture
        return str(regex.escape(said))
    inner = r"\s+".join(of_word(word) for word in said.split())
    return (BEGINNING if at_the_beginning else NO_WORD_BEFORE) + inner + NO_WORD_AFTER


def of_word(word: str) -> str:
    if word == "_":
        return r"\w+"
    if r"\d" in word or "[" in word:  # already a pattern
        return word
    whole = str(regex.escape(word))
    return whole.removesuffix(r"\*") + r"\w*" if whole.endswith(r"\*") else whole


def found(language: str, text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Each sign there is, and where."""
    for name, wanted in signs(language).items():
        if spans := [hit.span() for hit in wanted.finditer(text)]:
            yield name, spans
