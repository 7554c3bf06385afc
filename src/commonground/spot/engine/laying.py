"""Laying real events into real background: where a back-test's posts come to stand in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from commonground.hear.engine.heard import Told
from commonground.hear.engine.words import words
from commonground.spot.engine.terms import terms_of
from commonground.spot.engine.truth import Event

DAY = 86_400.0
HOUR = 3600.0
ON, OFF = "on-topic", "off-topic"
BURST_HOURS = 6.0  # how long an event's own posts are played, and may take to be found
SLOW_HOURS = 24.0
WATCHED_HOURS = 6.0
QUIET_ENDS = HOUR  # an event is laid no closer to the end of the background


@dataclass(frozen=True, slots=True)
class Recording:
    """A file's posts in order, and what the file itself says of each (often nothing)."""

    name: str
    posts: tuple[Told, ...]
    labels: tuple[str, ...]

    @property
    def labelled(self) -> bool:
        return any(label in (ON, OFF) for label in self.labels)

    def only(self, *wanted: str) -> list[Told]:
        return [p for p, label in zip(self.posts, self.labels, strict=True) if label in wanted]


def event_posts(event: Event, recording: Recording) -> list[Told]:
    """The event's own posts from its onset on: those labelled so, or all where nothing is."""
    posts = recording.only(ON) if recording.labelled else list(recording.posts)
    hours = SLOW_HOURS if event.slow else BURST_HOURS
    since = [p for p in posts if p.at >= event.onset]
    first = since[0].at if since else 0.0
    return [p for p in since if p.at < first + hours * HOUR]


def chatter_of(recording: Recording, events: Iterable[Event]) -> list[Told]:
    """A recording's background: its off-topic posts, or all where nothing is labelled.

    Off-topic posts that hold a term of the recording's own event are left out: labels are
    made by people in a hurry, and a moment made of such posts would be no false one.
    """
    posts = recording.only(OFF) if recording.labelled else list(recording.posts)
    own = {w for e in events if e.file == recording.name for t in e.terms for w in words(t)}
    return [p for p in posts if own.isdisjoint(words(p.text))]


def laid_together(chatter: Sequence[Sequence[Told]]) -> list[Told]:
    """One background of many: each in the middle of the longest, at its own time of day."""
    held = [posts for posts in chatter if posts]
    lengths = [int(posts[-1].at // DAY - posts[0].at // DAY) for posts in held]
    if not held:
        return []
    longest = max(range(len(held)), key=lambda n: lengths[n])
    start = held[longest][0].at // DAY
    laid: list[Told] = []
    for n, posts in enumerate(held):
        shift = (start + (lengths[longest] - lengths[n]) // 2 - posts[0].at // DAY) * DAY
        laid += [replace(p, upstream=f"{n}/{p.upstream}", at=p.at + shift) for p in posts]
    return sorted(laid, key=lambda p: (p.at, p.upstream))


class Leaks:
    """Knows background moments that are an event's after all, whatever their posts' labels say.

    Labels are given post by post, without looking at the hour. When off-topic posts of a
    recording burst with a term that the on-topic posts beside them, within the same hour, are
    full of, the burst is the event's own.
    """

    NEAR = HOUR
    FEWEST = 3

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self.at: dict[str, tuple[str, float]] = {}  # post -> recording, when it was said there
        self.on_topic: dict[str, list[tuple[float, frozenset[str]]]] = {}
        for recording in recordings:
            if recording.labelled:
                self.at |= {p.upstream: (recording.name, p.at) for p in recording.posts}
                self.on_topic[recording.name] = [
                    (p.at, frozenset(terms_of(words(p.text)))) for p in recording.only(ON)
                ]

    def holds(self, term: str, upstreams: Iterable[str]) -> str:
        """The recording whose event these posts are about; "" if they are about none."""
        known = [self.at[u] for name in upstreams if (u := name.partition("/")[2]) in self.at]
        for recording in sorted({name for name, _ in known}):
            times = [at for name, at in known if name == recording]
            if 2 * len(times) >= len(known) and self.said_then(recording, term, times):
                return recording
        return ""

    def said_then(self, recording: str, term: str, times: Sequence[float]) -> bool:
        start, end = min(times) - self.NEAR, max(times) + self.NEAR
        beside = (terms for at, terms in self.on_topic[recording] if start <= at <= end)
        return sum(term in terms for terms in beside) >= self.FEWEST


def injected_at(event: Event, seed: int, start: float, end: float) -> float:
    """When one seed lets the event begin: somewhere in the tested half, the same every time."""
    hours = SLOW_HOURS if event.slow else BURST_HOURS
    room = max(0.0, end - start - hours * HOUR - QUIET_ENDS)
    drawn = blake2b(f"{event.name}/{seed}".encode(), digest_size=8).digest()
    return start + room * int.from_bytes(drawn) / 2**64


def injected(posts: Sequence[Told], at: float) -> list[Told]:
    """The event's posts moved so that its first falls on `at`; its voices are nobody else's."""
    shift = at - posts[0].at
    return [
        replace(p, upstream=f"event/{p.upstream}", at=p.at + shift, voice=f"event/{p.voice}")
        for p in posts
    ]
