"""Following every live source at once: each in a thread, all of it written by one."""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import close_old_connections

from commonground.agency.models import Agency
from commonground.hear import actions
from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.listening.ear import Ear
from commonground.hear.listening.feeds import follow_feed
from commonground.hear.listening.jetstream import follow_jetstream
from commonground.hear.listening.mastodon import follow_mastodon
from commonground.hear.models import Source, SourceKind
from commonground.kit.outbound import Unreachable

log = logging.getLogger(__name__)

SLICE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 15.0  # for sources switched on or off, and topics approved or ended
MOST_WAITING = 20_000  # posts; then the sources wait for us, and not the memory
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 120.0
STEADY_SECONDS = 60.0  # a connection that held for so long starts over with short pauses

FOLLOW = {
    SourceKind.JETSTREAM: follow_jetstream,
    SourceKind.MASTODON: follow_mastodon,
    SourceKind.FEED: follow_feed,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    source: UUID
    item: Heard | Skipped | None  # None: we looked, and there was nothing new
    cursor: str = ""
    trouble: str = ""


class Follower(threading.Thread):
    """One source in one thread. It touches no database: what it hears goes into the queue."""

    def __init__(self, source: Source, arrivals: queue.Queue[Arrival]) -> None:
        super().__init__(name=f"follow {source.name}", daemon=True)
        self.source = source
        self.arrivals = arrivals
        self.stop = threading.Event()

    def run(self) -> None:
        pause = FIRST_PAUSE
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                self.follow()
            except Unreachable as reason:
                self.arrivals.put(Arrival(self.source.pk, None, trouble=str(reason)))
            except Exception:
                log.exception("following %s failed", self.source.name)
                trouble = "Something unforeseen went wrong; the log says what."
                self.arrivals.put(Arrival(self.source.pk, None, trouble=trouble))
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY_SECONDS else pause
            # A little chance, so that a thousand desks do not come back in the same second.
            self.stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)

    def follow(self) -> None:
        follow = FOLLOW[SourceKind(self.source.kind)]
        for item, cursor in follow(self.source, self.stop):
            self.source.cursor = cursor or self.source.cursor
            self.arrivals.put(Arrival(self.source.pk, item, cursor))
            if self.stop.is_set():
                return


class Following:
    """The long-running listener: one ear an agency, one follower a source."""

    def __init__(self, tell: Callable[[str], object] = print) -> None:
        self.tell = tell
        self.arrivals: queue.Queue[Arrival] = queue.Queue(MOST_WAITING)
        self.followers: dict[UUID, Follower] = {}
        self.ears: dict[UUID, tuple[Ear, tuple[object, ...]]] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        """Listen until stopped (or interrupted); whatever waits is written down before it ends."""
        try:
            while not self.stopped.is_set():
                close_old_connections()
                self.look_again()
                self.listen_for(LOOK_AGAIN_SECONDS)
        finally:
            for follower in self.followers.values():
                follower.stop.set()
            for ear, _ in self.ears.values():
                ear.pass_on(time.time())
                ear.finish()

    def look_again(self) -> None:
        on = Source.objects.filter(on=True).exclude(kind=SourceKind.REPLAY)
        wanted = {source.pk: source for source in on.select_related("agency")}
        for key, follower in list(self.followers.items()):
            if key not in wanted or changed(follower.source, wanted[key]):
                follower.stop.set()
                del self.followers[key]
        for key, source in wanted.items():
            if key not in self.followers:
                self.followers[key] = Follower(source, self.arrivals)
                self.followers[key].start()
                self.tell(f"Following {source.name}.")
        for agency in {source.agency for source in wanted.values()}:
            self.ear_of(agency)

    def ear_of(self, agency: Agency) -> Ear:
        """The agency's ear; a new one when its topics changed, for it is made of them."""
        topics = tuple(agency.topics.live().order_by("pk").values_list("pk", flat=True))
        ear, made_of = self.ears.get(agency.pk, (None, ()))
        if ear is None or made_of != topics:
            if ear:
                ear.finish()
            ear = Ear(agency)
            self.ears[agency.pk] = (ear, topics)
        return ear

    def listen_for(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.stopped.is_set():
            slice_ends = min(ends, time.monotonic() + SLICE_SECONDS)
            for arrival in self.until(slice_ends):
                self.take(arrival)
            for ear, _ in self.ears.values():
                ear.pass_on(time.time())
                ear.rest()

    def until(self, ends: float) -> Iterator[Arrival]:
        while (left := ends - time.monotonic()) > 0 and not self.stopped.is_set():
            try:
                yield self.arrivals.get(timeout=min(left, 0.5))
            except queue.Empty:
                continue

    def take(self, arrival: Arrival) -> None:
        follower = self.followers.get(arrival.source)
        if follower is None:
            return
        source = follower.source
        if arrival.item is None:
            actions.looked(source, arrival.trouble)
            return
        if source.trouble:
            source.trouble = ""
            actions.looked(source)
        ear, _ = self.ears[source.agency_id]
        ear.take(arrival.item, source, arrival.cursor)


def changed(old: Source, new: Source) -> bool:
    return (old.address, old.hashtags, old.kind) != (new.address, new.hashtags, new.kind)
