"""An account as its network shows it to anybody, and what can be counted about its readers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """What stands above an account's posts: its name, what it calls itself, its picture."""

    handle: str
    url: str
    called: str = ""
    portrait: str = ""  # where its picture is


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about a channel's readers, and what it counts."""

    words: str
    number: int
