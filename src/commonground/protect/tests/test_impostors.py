"""Names that could pass for ours, held against a written table; and nobody else is looked at."""

from dataclasses import dataclass
from pathlib import Path

from commonground.protect.engine.impostors import (
    Own,
    Us,
    likeness,
)

US = {
    "H": Us.of(
        "Harbour Police",
        [Own("@police@harbour.example", "https://harbour.example/@police"),
         Own("HarbourPolice", "https://x.example/HarbourPolice"), Own("police.harbour.example")],
        "harbour.example",
    ),
    "S": Us.of(
        "Port Sable Police Service",
        [Own("@portsablepolice@social.example"), Own("police.portsable.example")],
        "portsable.example",
    ),
    "R": Us.of(
        "Riverside Fire Department",
        [Own("@riversidefire@firefolk.example"),
         Own("@riversidefiretips@firefolk.example", closed=True)],
        "riversidefire.example",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    us: str
    handle: str
    called: str
    url: str
    is_hit: bool

    @property
    def found(self) -> bool:
        return likeness(US[self.us], self.handle, self.called, self.url) is not None


def table() -> list[Row]:
    lines = Path(__file__).with_name("impostors.txt").read_text("utf-8").splitlines()
    cells = [[c.strip() for c in one.split("|")] for one in lines if one and one[0] != "#"]
    return [Row(us, handle, called, url, verdict == "hit")
            for us, handle, called, url, verdict in cells]  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """How well a list of rows was told apart."""

    rows: int
    hits: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> float:
        return (self.hits - self.missed) / (self.hits - self.missed + self.false_alarms)

    @property
    def recall(self) -> float:
        return (self.hits - self.missed) / self.hits


def measured(rows: list[Row]) -> Measured:
    hits = [row for row in rows if row.is_hit]
    return Measured(
        len(rows), len(hits), sum(row.found and not row.is_hit for row in rows),
        sum(not row.found for row in hits),
    )  # fmt: skip


def held_out(rows: list[Row]) -> list[Row]:
    """Every third row was never looked at while the rules were made."""
    return rows[::3]
