"""The records of an export as a PDF for people: titled, in a language, with bookmarks.

What no font of this machine can show is marked, and the page says where the exact words stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

PLACES = tuple(map(Path, ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto",
    "/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype/dejavu",
    "/usr/local/share/fonts")))  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One act: when, in a sentence, and what else is shown or kept back of it."""

    day: str
    words: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Paper:
    """`words`: what the paper itself says, in its language (see `WORDS`)."""

    title: str
    language: str
    made_at: datetime
    before: Sequence[str]
    items: Iterable[Item]
    unseen: str  # said beneath what no font shows: "Some signs cannot be printed here ..."
    places: Sequence[Path] = field(default=PLACES)


def paper(said: Paper) -> bytes:
    """The PDF itself."""
    # What draws it takes a second to load and some 40 MB: only who draws shall have it.
    from commonground.record.engine.drawing import drawn

    return drawn(said)
