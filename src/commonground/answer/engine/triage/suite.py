"""Written messages with what they are: to learn from, and to be measured by.

All are invented. `learned` was written with the signs in view; `held_out` by somebody who had seen
neither signs nor weights, and nothing here was changed after its figures were known.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from commonground.answer.engine.triage.kinds import Kind

HOME = Path(__file__).parent / "suite"
LEARNED, HELD_OUT = "learned", "held_out"


@dataclass(frozen=True, slots=True)
class Case:
    """`looks_like`: the kind a message could be taken for and is not."""

    text: str
    language: str
    kinds: frozenset[Kind]
    looks_like: Kind | None = None


def cases(suite: str, language: str | None = None) -> list[Case]:
    """The messages of one suite, in one language or in all."""
    languages = [language] if language else ["en", "fr"]
    return [case for spoken in languages for case in read(HOME / f"{suite}_{spoken}.txt", spoken)]


def suite_digest() -> str:
    """Of all messages, twelve letters: figures that name another one are of other messages."""
    whole = hashlib.sha256()
    for file in sorted(HOME.glob("*.txt")):
        whole.update(file.name.encode() + b"\n" + file.read_bytes())
    return whole.hexdigest()[:12]


def read(file: Path, language: str) -> list[Case]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [case_of(line, language) for line in lines if line and not line.startswith("#")]


def case_of(line: str, language: str) -> Case:
    """kinds | looks like | words"""
    kinds, looks_like, text = (part.strip() for part in line.split("|", 2))
    named = [name.strip() for name in kinds.split(",") if name.strip() not in ("", "-")]
    return Case(
        text, language, frozenset(map(Kind, named)), Kind(looks_like) if looks_like else None
    )
