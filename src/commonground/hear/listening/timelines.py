"""A Mastodon server's timelines, page by page: what was said while no stream told us."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from django.utils.translation import gettext_noop as _

from commonground.hear.engine.firehose import GAP
from commonground.hear.engine.heard import Heard
from commonground.hear.engine.statuses import id_of, read_status
from commonground.hear.listening.got import Got
from commonground.hear.models import Source
from commonground.kit.outbound import TurnedAway, Unreachable, again_after, fetch

POLL_SECONDS = 30.0
PAGE = 40  # statuses, the most a server gives
MOST_PAGES = 250  # ten thousand statuses; a server bears 300 questions in five minutes
LONGEST_CURSOR = 300

# A post that reached the server late has an id of when it was written, so the newest id is not
# the end of what is new. Ids of sixteen digits and more are times (milliseconds times 65,536).
LATE_MILLISECONDS = 60_000
TIME_BITS = 16
DIGITS_OF_A_TIME = 16

MOST_ASKED_AGAIN = 200  # the newest, at every poll: ten questions, far below what a server bears
ASKED_AT_ONCE = 20  # statuses in one question, the most a server takes


class Named(msgspec.Struct):
    id: str


@dataclass(slots=True)
class Places:
    """The newest id of each hashtag; of the public timeline under no name."""

    newest: dict[str, str] = field(default_factory=dict)
    lately: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_ASKED_AGAIN))

    def after(self, raw: bytes, tag: str) -> str:
        """The cursor once this status was heard."""
        try:
            self.note(msgspec.json.decode(raw, type=Named).id, tag)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return ""
        return self.written

    def note(self, status_id: str, tag: str) -> None:
        """Ids are numbers that grow, written as text."""
        if status_id not in self.lately:
            self.lately.append(status_id)
        ids = (self.newest.get(tag, ""), status_id)
        self.newest[tag] = max(ids, key=lambda one: (len(one), one))

    @property
    def written(self) -> str:
        text = msgspec.json.encode(self.newest).decode()
        return text if len(text) <= LONGEST_CURSOR else ""  # too many hashtags to remember

    def a_little_before(self, tag: str) -> str:
        newest = self.newest.get(tag, "")
        if not newest.isdigit() or len(newest) < DIGITS_OF_A_TIME:
            return newest
        return str(int(newest) - (LATE_MILLISECONDS << TIME_BITS))


def places_of(source: Source) -> Places:
    try:
        return Places(msgspec.json.decode(source.cursor or "{}", type=dict[str, str]))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Places()


def headers(source: Source) -> dict[str, str]:
    token = source.token
    return {"Authorization": f"Bearer {token}"} if token else {}


def polled(source: Source, stop: threading.Event, every: float, *, until: float) -> Iterator[Got]:
    """The timeline again and again; `until` is in seconds of the monotonic clock."""
    places = places_of(source)
    yield from catch_up(source, places)
    while not stop.wait(every) and time.monotonic() < until:
        yield None, ""
        yield from catch_up(source, places)
        yield from taken_back(source, places)


def taken_back(source: Source, places: Places) -> Iterator[Got]:
    """Deletions no stream tells us of: the newest statuses are asked for once more.

    A server that does not answer such questions is left alone; then texts go with their hours.
    """
    server = urlsplit(source.address).netloc
    asked = list(places.lately)
    for at in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[at : at + ASKED_AT_ONCE]
        if (there := still_there(source, some)) is None:
            return
        for gone in sorted(set(some) - there):
            places.lately.remove(gone)
            yield Heard(id_of(gone, server), 0.0, deleted=True), ""


def still_there(source: Source, ids: Sequence[str]) -> set[str] | None:
    """Those of the statuses that the server still shows; nothing if it does not say."""
    asked = urlencode([("id[]", one) for one in ids])
    address = f"{source.address.rstrip('/')}/api/v1/statuses?{asked}"
    answer = fetch(address, headers=headers(source), most=4 << 20)
    if answer.status != 200:
        return None
    try:
        return {one.id for one in msgspec.json.decode(answer.body, type=list[Named])}
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def catch_up(source: Source, places: Places) -> Iterator[Got]:
    """Statuses after our place, oldest first."""
    for tag in source.hashtags or [""]:
        yield from caught_up(source, places, tag)


def caught_up(source: Source, places: Places, tag: str) -> Iterator[Got]:
    server = urlsplit(source.address).netloc
    after = places.a_little_before(tag)
    for _page in range(MOST_PAGES):
        page = timeline(source, tag, after)
        for raw in reversed(page):
            yield read_status(bytes(raw), server), places.after(bytes(raw), tag)
        newest = msgspec.json.decode(page[0], type=Named).id if page else after
        if len(page) < PAGE or not after or newest == after:
            return
        after = newest
    yield GAP, ""


def timeline(source: Source, tag: str, after: str) -> list[msgspec.Raw]:
    path = f"/api/v1/timelines/tag/{quote(tag)}" if tag else "/api/v1/timelines/public"
    asked = {"limit": str(PAGE)} | ({"min_id": after} if after else {})
    address = f"{source.address.rstrip('/')}{path}?{urlencode(asked)}"
    answer = fetch(address, headers=headers(source), most=4 << 20)
    if answer.status != 200:
        raise TurnedAway(answer.status, again_after(answer.headers))
    try:
        page = msgspec.json.decode(answer.body, type=list[msgspec.Raw])
        return [raw for raw in page if msgspec.json.decode(raw, type=Named).id]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Unreachable(_("The server’s answer is not a timeline.")) from None
