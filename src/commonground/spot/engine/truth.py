"""What a recording really holds: the answers a back-test marks a detector against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

SEEDS = (1, 2, 3, 4)
MOST_SEEDS = 50  # fifty injections of one event say no more than four; the wait only grows
KNOWN = {
    "file", "onset", "event_terms", "slow", "event", "language", "resource", "in_place",
    "title", "rumours",
}  # fmt: skip


class TruthWrong(ValueError):
    """The truth file cannot be used; the text says why, in words for the one who wrote it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `onset` is in seconds of UTC."""

    name: str
    file: str
    onset: float
    terms: tuple[str, ...]
    slow: bool = False
    language: str = ""
    resources: tuple[str, ...] = ()  # any of these is the right help; none: not measured
    in_place: bool = False  # played as it happened, not laid into the background


@dataclass(frozen=True, slots=True)
class Truth:
    events: tuple[Event, ...]
    background: tuple[str, ...] = ()
    seeds: tuple[int, ...] = SEEDS
    topics: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


def truth_from(table: object) -> Truth:
    """A truth file's JSON, understood: a list of events, or an object that holds one.

    Raises `TruthWrong` with the line and the field that cannot be used.
    """
    if isinstance(table, list):
        table = {"events": table}
    if not isinstance(table, dict):
        raise TruthWrong("A truth file holds a list of events, or an object with `events`.")
    rows = table.get("events")
    if not isinstance(rows, list) or not rows:
        raise TruthWrong("The truth file names no events.")
    events = tuple(event_from(row, number) for number, row in enumerate(rows, 1))
    names = [event.name for event in events]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TruthWrong(f"Two events are called {twice[0]}: give each an `event` name of its own.")
    return Truth(
        events,
        tuple(listed(table.get("background", []), "background", "The truth file")),
        seeds_from(table.get("seeds", list(SEEDS))),
        topics_from(table.get("topics", {})),
    )


def event_from(row: object, number: int) -> Event:
    where = f"Event {number}"
    if not isinstance(row, dict):
        raise TruthWrong(f"{where} is not an object.")
    if strange := sorted(set(row) - KNOWN):
        raise TruthWrong(f"{where} has a field nobody knows: {strange[0]}.")
    file = text_of(row, "file", where)
    name = text_of(row, "event", where) if "event" in row else file.split(".")[0]
    where = f"{where} ({name})"
    wanted = row.get("resource", [])
    return Event(
        name, file, onset_from(row.get("onset"), where),
        tuple(listed(row.get("event_terms"), "event_terms", where)),
        yes_or_no(row, "slow", where), str(row.get("language", "")),
        tuple(listed([wanted] if isinstance(wanted, str) else wanted, "resource", where)),
        yes_or_no(row, "in_place", where),
    )  # fmt: skip


def text_of(row: Mapping[str, object], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise TruthWrong(f"{where} says no `{name}`.")
    return value.strip()


def yes_or_no(row: Mapping[str, object], name: str, where: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise TruthWrong(f"{where}: `{name}` is true or false, not {value!r}.")
    return value


def listed(value: object, name: str, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise TruthWrong(f"{where}: `{name}` is a list of texts.")
    return [v.strip() for v in value]


def onset_from(value: object, where: str) -> float:
    try:
        if isinstance(value, str):
            when = datetime.fromisoformat(value.strip())
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, int | float) and math.isfinite(value) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise TruthWrong(f"{where}: `onset` is a time such as 2026-03-02T18:00Z, not {value!r}.")


def seeds_from(value: object) -> tuple[int, ...]:
    good = isinstance(value, list) and value and all(type(seed) is int for seed in value)
    if not good or len(value) > MOST_SEEDS:  # type: ignore[arg-type]
        raise TruthWrong(f"`seeds` is a list of 1 to {MOST_SEEDS} whole numbers.")
    return tuple(value)  # type: ignore[arg-type]


def topics_from(value: object) -> dict[str, dict[str, list[str]]]:
    if not isinstance(value, dict):
        raise TruthWrong('`topics` looks like {"Flood": {"en": ["flood"]}}.')
    topics: dict[str, dict[str, list[str]]] = {}
    for name, terms in value.items():
        if not isinstance(terms, dict):
            raise TruthWrong(f"The topic {name} has no terms by language.")
        topics[name] = {lang: listed(t, lang, f"The topic {name}") for lang, t in terms.items()}
    return topics
