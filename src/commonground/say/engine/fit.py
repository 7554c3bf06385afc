"""Counts a text the way its network counts it, and says where it would be cut."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from commonground.channels import engine
from commonground.channels.contract import Limits

HASHTAG = regex.compile(r"(?<![\w/])#(\w*\p{L}\w*)")


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of the room a text takes; `why` is empty when it fits."""

    used: int
    room: int
    why: str = ""

    @property
    def left(self) -> int:
        return self.room - self.used

    @property
    def fits(self) -> bool:
        return not self.why


def fit(text: str, limits: Limits) -> Fit:
    """Whether a text fits, and if not, by how much it is too long."""
    used = limits.length(text)
    if not text.strip():
        return Fit(used, limits.characters, "empty")
    if used > limits.characters:
        return Fit(used, limits.characters, "long")
    if limits.hashtags is not None and engine.hashtags(text) > limits.hashtags:
        return Fit(used, limits.characters, "hashtags")
    if limits.bytes and len(text.encode()) > limits.bytes:
        return Fit(used, limits.characters, "bytes")
    return Fit(used, limits.characters)


def cut(text: str, limits: Limits) -> tuple[str, str]:
    """The part that fits and the part that does not: what a preview shows struck through."""
    if limits.length(text) <= limits.characters:
        return text, ""
    graphemes = engine.GRAPHEME.findall(text)
    low, high = 0, len(graphemes)
    while low < high:
        middle = (low + high + 1) // 2
        if limits.length("".join(graphemes[:middle])) <= limits.characters:
            low = middle
        else:
            high = middle - 1
    return "".join(graphemes[:low]), "".join(graphemes[low:])


def links(text: str) -> list[str]:
    """The web addresses in a text, in their order."""
    return [address for _, _, address in engine.links(text)]
