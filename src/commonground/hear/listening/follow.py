"""Following every live source at once: each in a thread, all of it written by one."""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from commonground.agency.models import Agency
from commonground.hear import actions
from commonground.hear.engine.firehose import GAP
from commonground.hear.engine.heard import Heard, Skipped, mark_of
from commonground.hear.listening.ear import AGAIN, Ear
from commonground.hear.listening.feeds import follow_feed
from commonground.hear.listening.firehose import follow_firehose
from commonground.hear.listening.got import Got, Known, Line, LostPlace
from commonground.hear.listening.jetstream import follow_jetstream
from commonground.hear.listening.mastodon import follow_mastodon
from commonground.hear.listening.readers import Readers
from commonground.hear.models import Source, SourceKind
from commonground.kit.outbound import TurnedAway, Unreachable
from commonground.kit.watching import gone, here

log = logging.getLogger(__name__)

SLICE_SECONDS = 10.0
WRITE_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 15.0  # for sources switched on or off, and topics approved or ended
MOST_WAITING = 20_000  # posts; then the sources wait for us, and not the memory

type Way = Callable[[Source, threading.Event], Iterator[Got]]
type Ways = Mapping[SourceKind, Way]
WAYS: Ways = {
    SourceKind.JETSTREAM: follow_jetstream,
    SourceKind.FIREHOSE: follow_firehose,
    SourceKind.MASTODON: follow_mastodon,
    SourceKind.FEED: follow_feed,
}


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before a source is asked again, in seconds: longer after each failure."""

    first: float = 1.0
    longest: float = 120.0
    steady: float = 60.0  # a connection that held for so long starts over with short pauses


PAUSES = Pauses()


@dataclass(frozen=True, slots=True)
class Arrival:
    follower: Follower
    item: Heard | Skipped | Line | None  # None: we looked, and there was nothing new
    cursor: str = ""
    mark: bytes = b""
    trouble: str = ""


class Follower(threading.Thread):
    """One source in one thread. It touches no database: what it hears goes into the queue."""

    def __init__(
        self, source: Source, arrivals: queue.Queue[Arrival], way: Way, pauses: Pauses
    ) -> None:
        super().__init__(name=f"follow {source.name}", daemon=True)
        self.source = source
        self.arrivals = arrivals
        self.way = way
        self.pauses = pauses
        self.known = Known(bytes(source.tail))
        self.stop = threading.Event()

    def run(self) -> None:
        pause = self.pauses.first
        while not self.stop.is_set():
            began = time.monotonic()
            wanted = self.once()
            held = time.monotonic() - began > self.pauses.steady
            pause = self.pauses.first if held else pause
            # A little chance, so that a thousand desks do not come back in the same second.
            self.stop.wait(max(wanted, pause * random.uniform(0.8, 1.2)))  # noqa: S311
            pause = min(2 * pause, self.pauses.longest)

    def once(self) -> float:
        """Follow until it breaks. Returns the seconds the server asks us to stay away."""
        try:
            self.follow()
        except LostPlace:
            self.source.cursor = ""
            self.put(GAP)
        except Unreachable as reason:
            self.put(None, trouble=str(reason))
            return reason.again_after if isinstance(reason, TurnedAway) else 0.0
        except Exception:
            log.exception("following %s failed", self.source.name)
            self.put(None, trouble="Something unforeseen went wrong; the log says what.")
        return 0.0

    def follow(self) -> None:
        for item, cursor in self.way(self.source, self.stop):
            self.source.cursor = cursor or self.source.cursor
            self.pass_on(item, cursor)
            if self.stop.is_set():
                return

    def pass_on(self, item: Heard | Skipped | Line | None, cursor: str) -> None:
        """Hand it on, unless it was heard before: then only how far we are.

        Whether a line was heard before shows when it is read.
        """
        mark = mark_of(item.id) if isinstance(item, Heard) and not item.deleted else b""
        if not (mark and self.known.again(mark)):
            self.put(item, cursor, mark)
        elif cursor:
            self.put(AGAIN, cursor)

    def put(
        self, item: Heard | Skipped | Line | None, cursor: str = "", mark: bytes = b"",
        trouble: str = "",
    ) -> None:  # fmt: skip
        """Wait for room in the queue, but not once nobody listens any more."""
        arrival = Arrival(self, item, cursor, mark, trouble)
        while not self.stop.is_set():
            try:
                return self.arrivals.put(arrival, timeout=0.5)
            except queue.Full:
                continue


class Following:
    """The long-running listener: one ear an agency, one follower a source."""

    def __init__(
        self,
        tell: Callable[[str], object] = print,
        *,
        pauses: Pauses = PAUSES,
        ways: Ways = WAYS,
        workers: int = 1,
    ) -> None:
        """`workers`: how many processes read what whole networks say; with one, this one does."""
        self.tell = tell
        self.pauses, self.ways = pauses, ways
        self.arrivals: queue.Queue[Arrival] = queue.Queue(MOST_WAITING)
        self.followers: dict[UUID, Follower] = {}
        self.ears: dict[UUID, tuple[Ear, tuple[object, ...]]] = {}
        self.stopped = threading.Event()
        self.readers = Readers(workers)
        self.idle = False  # and whoever started it was told so

    def run(self) -> None:
        """Listen until stopped (or interrupted); whatever waits is written down before it ends."""
        try:
            self.readers.make_ready()
            while not self.stopped.is_set():
                close_old_connections()
                here("listener")
                self.look_again()
                self.listen_for(LOOK_AGAIN_SECONDS)
        finally:
            for follower in self.followers.values():
                follower.stop.set()
            for ear, _ in self.ears.values():
                ear.pass_on(time.time())
                ear.finish()
            self.readers.close()
            with suppress(DatabaseError):  # where it is away, the row grows old by itself
                gone("listener")

    def look_again(self) -> None:
        on = Source.objects.filter(on=True).exclude(kind=SourceKind.REPLAY)
        wanted = {source.pk: source for source in on.select_related("agency")}
        for key, follower in list(self.followers.items()):
            if key not in wanted or changed(follower.source, wanted[key]):
                follower.stop.set()
                del self.followers[key]
        for key, source in wanted.items():
            if key not in self.followers:
                way = self.ways[SourceKind(source.kind)]
                self.followers[key] = Follower(source, self.arrivals, way, self.pauses)
                self.followers[key].start()
                self.tell(f"Following {source.name}.")
        if not wanted and not self.idle:
            self.tell("No source is on. One that is switched on is followed within 15 seconds.")
        self.idle = not wanted
        for agency in {source.agency for source in wanted.values()}:
            self.ear_of(agency)

    def ear_of(self, agency: Agency) -> Ear:
        """The agency's ear; a new one when its topics changed, for it is made of them."""
        topics = tuple(agency.topics.live().order_by("pk").values_list("pk", flat=True))
        ear, made_of = self.ears.get(agency.pk, (None, ()))
        if ear is None or made_of != topics:
            if ear:
                ear.pass_on(time.time())
                ear.finish()
            salts = ear.salts if ear else None
            ear = Ear(agency, salts=salts, readers=self.readers)
            self.ears[agency.pk] = (ear, topics)
        return ear

    def listen_for(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.stopped.is_set():
            self.take_slice(min(ends, time.monotonic() + SLICE_SECONDS))
            for ear, _ in self.ears.values():
                ear.pass_on(time.time())
                ear.rest()

    def take_slice(self, ends: float) -> None:
        """Take what arrives, and write it down every second, so that a kill undoes no more."""
        while (now := time.monotonic()) < ends and not self.stopped.is_set():
            for arrival in self.until(min(ends, now + WRITE_SECONDS)):
                self.take(arrival)
            for ear, _ in self.ears.values():
                ear.write_down()

    def until(self, ends: float) -> Iterator[Arrival]:
        while (left := ends - time.monotonic()) > 0 and not self.stopped.is_set():
            try:
                yield self.arrivals.get(timeout=min(left, 0.5))
            except queue.Empty:
                continue

    def take(self, arrival: Arrival) -> None:
        source = arrival.follower.source
        if self.followers.get(source.pk) is not arrival.follower:
            return  # of one that was replaced: the new one goes on from what is written down
        if arrival.item is None:
            actions.looked(source, arrival.trouble)
            source.trouble = arrival.trouble
            return
        if source.trouble:
            source.trouble = ""
            actions.looked(source)
        ear, _ = self.ears[source.agency_id]
        if isinstance(arrival.item, Line):
            ear.take_line(arrival.item.raw, source, arrival.cursor, arrival.follower.known)
        else:
            ear.take(arrival.item, source, arrival.cursor, arrival.mark)


def changed(old: Source, new: Source) -> bool:
    return told_apart(old) != told_apart(new)


def told_apart(source: Source) -> tuple[object, ...]:
    return source.address, source.hashtags, source.kind, source.token
