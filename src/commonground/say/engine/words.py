"""What an author typed, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from commonground.channels.contract.alert import Alert


@dataclass(frozen=True, slots=True)
class Words:
    """The shared words, and a detached text for some channels."""

    title: str
    text: str
    language: str
    channels: frozenset[UUID]
    detached: Mapping[UUID, str] = field(default_factory=dict)
    go_out_at: datetime | None = None
    urgent: bool = False
    good_for: int | None = None  # minutes; None: the usual
    parting: str = ""  # what becomes of words that are too long for a network: engine.threads
    alert: Alert | None = None  # also a public alert, in these terms
    alert_asked: bool = True  # whether the page asked for an alert at all
