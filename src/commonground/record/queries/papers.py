"""The parts of an export that people read, and archives: a spreadsheet, a PDF, a web archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from commonground.record.engine.outsider import verify
from commonground.record.engine.paper import Item, Paper, paper
from commonground.record.engine.sheet import sheet

MOST_ON_PAPER = 20_000  # acts: some two thousand pages; the table has all


def plainly(facts: Mapping[str, Any]) -> str:
    """An act without a vocabulary: who, what kind of step, and what it was about."""
    return f"{facts.get('who', '…')}: {facts.get('verb', '…')}, {facts.get('title', '…')}"


@dataclass(frozen=True)
class Told:
    """The words of the paper, in the language of whoever reads it. `words`: an act in a sentence;
    `lines`: what else is shown of it."""

    title: str = "Export of the record"
    language: str = "en"
    before: Sequence[str] = ()
    words: Callable[[Mapping[str, Any]], str] = plainly
    day: Callable[[datetime], str] = field(default=lambda at: f"{at:%Y-%m-%d}")
    withheld: str = "Not shown"
    reasons: Mapping[str, str] = field(default_factory=lambda: verify.REASONS)
    nothing: str = "Nothing of this entry is shown."
    unseen: str = "Some signs cannot be printed here; records.csv has them."
    rest: str = "The acts after this one stand in records.csv alone."


def write_papers(data: Path, rows: Sequence[verify.Row], told: Told) -> None:
    """Copies for reading: what is proven stands in `records.jsonl` and `records.csv`."""
    table = [list(verify.HEAD), *(verify.cells_of(row) for row in rows)]
    (data / "records.xlsx").write_bytes(sheet(told.title, table))
    read = [row for row in rows if not is_outside(row)]
    items = [item_of(row, told) for row in read[:MOST_ON_PAPER]]
    if len(read) > MOST_ON_PAPER:
        items.append(Item(items[-1].day, told.rest))
    made = Paper(told.title, told.language, timezone.now(), told.before, items, told.unseen)
    (data / "record.pdf").write_bytes(paper(made))


def is_outside(row: verify.Row) -> bool:
    """What nobody asked for, or is another agency's, is counted in the table and fills no page."""
    _, _, facts, withheld = row
    return not facts and set(withheld) <= {"not-asked", "other-agency"} and bool(withheld)


def item_of(row: verify.Row, told: Told) -> Item:
    index, leaf, facts, withheld = row
    at = timezone.localtime(datetime.fromisoformat(facts.get("at", leaf["at"])).astimezone(UTC))
    words = told.words(facts) if facts else told.nothing
    lines = [f"{name[7:]}: {one_line(value)}" for name, value in sorted(facts.items())
             if name.startswith("detail.") and value not in ("", [], None)]  # fmt: skip
    for reason, digests in sorted(withheld.items()):
        lines.append(f"{told.withheld}: {len(digests)} × {told.reasons.get(reason, reason)}")
    return Item(told.day(at), f"{index + 1} · {at:%H:%M:%S} · {words}", lines)


def one_line(value: object) -> str:
    return " ".join(str(value).split())[:2000]
