"""What people say to us on a network, as each network hands it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message somebody addressed to us: a reply to what we said, or a mention."""

    id: str  # as the network names it, for ever
    author: str  # whose, likewise; a handle may change hands
    handle: str
    text: str
    url: str
    at: datetime | None = None  # as the network says; a stranger may lie
    name: str = ""
    beneath: str = ""  # the id of what it answers; of ours, as its receipt names it
    public: bool = True
    language: str = ""


def nothing() -> None:
    """Where the place to go on from says it all."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was said since a place, oldest first, and the place to go on from."""

    said: tuple[Incoming, ...]
    cursor: str
    more: bool = False  # there is more now
    gone: tuple[str, ...] = ()  # ids of what its author has deleted since
    # Called in the transaction that keeps the batch: a network of our own learns that it is kept.
    kept: Callable[[], None] = nothing
