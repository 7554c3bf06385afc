"""The report of a moment that is over: what happened when, how long it took, and what is missing.

Everything in it is a fact with its evidence; no word of it is written here. Roles stand where
people stood: who they were is looked up by whoever may know.

A time is an ISO text of UTC; a length is in seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

FORMAT = 1
# Each length: from the first time something happened to the first time something else did.
SPANS = (
    ("heard_to_spotted", "heard", "spotted"),
    ("spotted_to_draft", "spotted", "drafted"),
    ("draft_to_approval", "drafted", "approved"),
    ("approval_to_public", "approved", "seen"),
    ("spotted_to_first_word", "spotted", "first_word"),
    ("heard_to_first_word", "heard", "first_word"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. kind: a word of the vocabulary; subject: what the record calls it;
    entry: its number there, 0 where it stands in a table alone; url: where it can be seen."""

    at: str
    kind: str
    facts: dict[str, str | int | float] = field(default_factory=dict)
    role: str = ""
    who: str = ""  # a member's id
    subject: str = ""
    entry: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one message. quotes: outlet, answer, sentence and article of each article."""

    message: str
    carried: int
    touched: int
    uncertain: int
    articles: int
    outlets: int
    outlets_carried: int
    quotes: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """`lengths`: seconds, or nothing where one of its ends never was. `gaps`: what cannot be said,
    and why, as a kind and a number. `feedback`: of the agency in these days, of nobody alone."""

    moment: dict[str, str | int | float]
    lines: list[Line]
    lengths: dict[str, float | None]
    numbers: dict[str, int]
    messages: list[Said]
    gaps: list[tuple[str, int]]
    feedback: dict[str, int] | None
    went_well: str = ""
    what_next: str = ""
    format: int = FORMAT

    def as_dict(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Report:
        """A report as it was frozen."""
        rest = {**told, "lines": [Line(**line) for line in told["lines"]],
                "messages": [Said(**row) for row in told["messages"]],
                "gaps": [(kind, n) for kind, n in told["gaps"]]}  # fmt: skip
        return cls(**rest)


def digest_of(told: dict[str, Any]) -> str:
    """SHA-256 of the report as one line of JSON, its names in order."""
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def canonical(told: dict[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time; what happened at once, as it was told."""
    return sorted(lines, key=lambda line: line.at)


def firsts(lines: Iterable[Line]) -> dict[str, datetime]:
    """When each kind of thing happened first."""
    found: dict[str, datetime] = {}
    for line in in_order(lines):
        found.setdefault(line.kind, datetime.fromisoformat(line.at))
    return found


def lengths_of(
    lines: Sequence[Line],
    first_word: datetime | None,
    answered: Sequence[float],
    corrected: Sequence[float],
) -> dict[str, float | None]:
    """answered, corrected: seconds that each answer to a person and each correction by an outlet
    took; the middle one is told."""
    at: dict[str, datetime] = firsts(lines)
    if first_word:
        at["first_word"] = first_word
    found: dict[str, float | None] = {name: between(at, a, b) for name, a, b in SPANS}
    found["question_to_answer"] = median(answered) if answered else None
    found["asked_to_corrected"] = median(corrected) if corrected else None
    return found


def between(at: dict[str, datetime], before: str, after: str) -> float | None:
    """Below zero where the second was there first: words of ours that went ahead of an alarm."""
    if before not in at or after not in at:
        return None
    return (at[after] - at[before]).total_seconds()
