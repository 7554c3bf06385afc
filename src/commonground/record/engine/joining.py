"""Arabic letters in the forms they take beside each other.

Paper has no reader that joins them. The forms stand in Unicode, each with the letter it is of and
its place (UAX 9, and the compatibility decompositions of U+FE70 to U+FEFC).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

ISOLATED, FINAL, INITIAL, MEDIAL = "<isolated>", "<final>", "<initial>", "<medial>"
LAM = "\u0644"


@cache
def forms() -> Mapping[tuple[str, str], str]:
    """(the letters, the place) -> the sign."""
    found: dict[tuple[str, str], str] = {}
    for code in (*range(0xFB50, 0xFBFF), *range(0xFE80, 0xFEFD)):
        place, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if place.startswith("<") and letters:
            found.setdefault(("".join(chr(int(c, 16)) for c in letters), place), chr(code))
    return found


def joined(text: str) -> str:
    """The text with every Arabic letter in its form; all else as it is."""
    if not any("\u0600" <= c <= "\u06ff" for c in text):
        return text
    letters = with_lam_alef(text)
    return "".join(form_of(letters, at) for at in range(len(letters)))


def with_lam_alef(text: str) -> list[str]:
    """Signs one by one, lam and alef together: they have one form."""
    found: list[str] = []
    for c in text:
        if found and found[-1] == LAM and (LAM + c, ISOLATED) in forms():
            found[-1] += c
        else:
            found.append(c)
    return found


def form_of(letters: list[str], at: int) -> str:
    own = letters[at]
    if (own, ISOLATED) not in forms():
        return own
    before, after = beside(letters, at, -1), beside(letters, at, 1)
    tied = (before, INITIAL) in forms() and (own, FINAL) in forms()
    ties = (own, INITIAL) in forms() and (after, FINAL) in forms()
    place = MEDIAL if tied and ties else FINAL if tied else INITIAL if ties else ISOLATED
    return forms().get((own, place), own)


def beside(letters: list[str], at: int, step: int) -> str:
    """The next letter on that side; marks above and below stand between none."""
    at += step
    while 0 <= at < len(letters):
        if unicodedata.category(letters[at][0]) != "Mn":
            return letters[at]
        at += step
    return ""
