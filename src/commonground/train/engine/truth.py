"""What really happened, and when: the answers a detector is marked against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from commonground.train.engine.scenario import Event, Scenario


def ground_truth(scenario: Scenario, *, start: datetime, hours: int) -> list[dict[str, object]]:
    """One row for each moment and slow burn that begins within `hours`, oldest first."""
    rows = [
        row(scenario, event, start)
        for event in scenario.events
        if event.kind in ("moment", "slow burn") and event.start < hours
    ]
    return sorted(rows, key=lambda r: str(r["onset"]))


def row(scenario: Scenario, event: Event, start: datetime) -> dict[str, object]:
    return {
        "file": f"{scenario.name}.jsonl",
        "event": event.name,
        "title": event.title,
        "onset": stamp(start, event.start * 60),
        "event_terms": event.terms,
        "slow": event.kind == "slow burn",
        "rumours": list(rumours(scenario, event, start)),
    }


def rumours(scenario: Scenario, event: Event, start: datetime) -> Iterator[dict[str, object]]:
    for rumour in scenario.events:
        if rumour.about == event.name:
            corrected = [f.after for f in rumour.facets if f.correction]
            yield {
                "claim": rumour.claim,
                "truth": rumour.truth,
                "onset": stamp(start, rumour.start * 60),
                "corrected_at": stamp(start, rumour.start * 60 + min(corrected))
                if corrected
                else "",
                "event_terms": rumour.terms,
            }


def stamp(start: datetime, minutes: float) -> str:
    return (start + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
