"""Blanks in a prepared text, written [[so]], and what fills them. Nothing goes out with one."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST = 40  # characters of a blank's name
BLANK = re.compile(rf"\[\[\s*([^\[\]\n]{{1,{LONGEST}}}?)\s*\]\]")


def blanks_in(*texts: str) -> list[str]:
    """The names of all blanks, each once, in the order in which a reader meets them."""
    return list(dict.fromkeys(name for text in texts for name in BLANK.findall(text)))


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with every blank replaced that has words; the others stay as they are.

    Words are put in as they are: brackets in them open no new blank of the template, and what
    they open by themselves is found by `blanks_in` like any other.
    """
    return BLANK.sub(lambda found: words.get(found[1], "").strip() or found[0], text)
