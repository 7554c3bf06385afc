"""What a network says came of a post of ours. What it does not say is None, and never zero."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 12  # digits: more people there never were


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one post, so far. No network tells how many people it reached; some tell how often it was
    shown, and those that carry letters how many took one."""

    shown: int | None = None
    handed: int | None = None  # letters and notices that the next server took
    liked: int | None = None
    passed_on: int | None = None
    answered: int | None = None


def count(told: object) -> int | None:
    """A number as a network told it. Whatever is none is not known."""
    if isinstance(told, bool) or not isinstance(told, int | str):
        return None
    text = str(told)
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST):
        return None
    return int(text)
