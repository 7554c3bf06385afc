"""A remark: which words are meant, why, and what to say instead. Its words are data."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"
KINDS = ("risk", "helpful", "receptiveness", "justice", "plain")


@dataclass(frozen=True, slots=True)
class Remark:
    """`start` and `end` count code points of the text as typed; `quote` is that stretch."""

    kind: str
    rule: str
    quote: str
    start: int
    end: int
    why: str
    instead: str
    hard: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """That a rule applies to a stretch of the text; not yet in anybody's language."""

    rule: str
    start: int
    end: int
    weight: float = 0.0  # among rules of one rank, the heavier first
    named: tuple[tuple[str, str], ...] = ()  # what the remark's words leave open


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule is called, how it is ranked, and the finding or duty it rests on."""

    name: str
    kind: str
    hard: bool
    rank: int
    rests_on: str
    words: dict[str, dict[str, str]]

    def remark(self, text: str, found: Found, speak: str) -> Remark:
        said = self.words[speak]
        named = dict(found.named)
        return Remark(
            kind=self.kind, rule=self.name, quote=text[found.start : found.end],
            start=found.start, end=found.end, why=said["why"].format_map(named),
            instead=said["instead"].format_map(named), hard=self.hard,
        )  # fmt: skip


@cache
def rules() -> dict[str, Rule]:
    """Every rule of the coach, by name, in order of rank: the first matters most."""
    listed = tomllib.loads((WORDS / "remarks.toml").read_text(encoding="utf-8"))
    return {
        name: Rule(
            name=name, kind=row["kind"], hard=row.get("hard", False), rank=rank,
            rests_on=row["rests_on"], words={"en": row["en"], "fr": row["fr"]},
        )
        for rank, (name, row) in enumerate(listed.items())
    }  # fmt: skip
