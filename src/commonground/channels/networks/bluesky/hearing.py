"""What people said to an account on Bluesky: its notifications of replies, mentions and quotes.

They are told newest first, each at the time its writer's own clock says, unless that is later than
when it was seen. So what was written with a slow clock, or seen late, turns up among what we know:
every minute a longer stretch is read again. And an AppView that saw a reply before the post it
answers never tells of it: what stands beneath our newest posts is read then, too. Whoever receives
it keeps each message once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from commonground.channels.contract import Busy, Declined, Login
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.line import moment_of
from commonground.channels.networks.bluesky.repo import DID, POSTS, Repo, owner_and_key

log = logging.getLogger(__name__)

ANSWERS, STANDING = "app.bsky.notification.listNotifications", "app.bsky.feed.getPosts"
RECORDS, THREAD = "com.atproto.repo.listRecords", "app.bsky.feed.getPostThread"
THREADS = 5  # of our newest posts; a busy one is read by its notifications
REASONS = ["reply", "mention", "quote"]
A_PAGE = 100  # what a server gives at most
PAGES = 60  # read in one go; see the decision page for what is older
AT_ONCE = 100  # handed on in one batch: a longer one would hold up others at the record
PATIENCE = 45.0  # seconds for all pages; if another asks meanwhile, only the first is kept
SPARE = 10.0  # of them, in which no new page is begun
KEY = re.compile(r"[A-Za-z0-9._:~-]{1,60}")
LONGEST_CURSOR = 1_000
LONGEST = 10_000  # characters; a post has 300, but who knows what a server lets in
AGAIN, FURTHER = timedelta(minutes=1), timedelta(minutes=10)
BEFORE_US = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """How far we are: the newest time we were told of, and when we last read further back."""

    at: datetime
    again: datetime

    @staticmethod
    def read(cursor: str) -> Place | None:
        """None: nothing was heard yet, or not in a way that we understand."""
        at, _, again = cursor.partition(" ")
        try:
            return Place(moment_of(at), moment_of(again))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.again.isoformat()}"


@dataclass(frozen=True, slots=True)
class Told:
    """One notification, and when it stands in the list."""

    at: datetime
    said: Incoming | None  # None: it is none of our business


@dataclass(frozen=True, slots=True)
class Found:
    """What is still to be handed on, oldest first, and where we are when all of it is."""

    told: Sequence[Told]
    here: Place
    then: Place


# Pages come newest first, and are handed on oldest first: what was read and waits for its turn.
# Lost with the process, it is read again.
AHEAD: dict[str, tuple[str, Found]] = {}


def hears(login: Login, cursor: str) -> Batch:
    """What came since a place, oldest first; without one a page, for nobody answers last year's."""
    before, found = AHEAD.pop(login.channel_id, ("", None))
    if found is None or before != cursor:
        found = looked(login, Place.read(cursor))
    return portion(login.channel_id, found)


def portion(channel: str, found: Found) -> Batch:
    now, rest = found.told[:AT_ONCE], found.told[AT_ONCE:]
    here = Place(max([found.here.at, *(t.at for t in now)]), found.here.again)
    cursor = str(here if rest else found.then)
    if rest:
        AHEAD[channel] = (cursor, Found(rest, here, found.then))
    return Batch(tuple(t.said for t in now if t.said), cursor, bool(rest))


def looked(login: Login, place: Place | None) -> Found:
    """All that is newer than the place, and now and then what should have been before it."""
    repo, now = Repo(login, PATIENCE), timezone.now()
    here = place or Place(now - BEFORE_US, now)
    is_first, again = place is None, now - here.again >= AGAIN
    told: list[Told] = []
    for number, page in enumerate(pages(repo)):
        whole = number == 0 and (is_first or again)
        since = here.at - (FURTHER if again else timedelta(0))
        told += [one for one in page if whole or one.at >= since]
        if is_first or (page and page[-1].at < since):
            break
    else:
        if number + 1 >= PAGES or repo.errand.left <= SPARE:
            log.warning("More was said on %s than is read in one go.", login.channel_id)
    # A time that is still to come would have us believe that we know all until then.
    newest = min(max([here.at, *(one.at for one in told)]), now)
    if again:
        known = {one.said.id for one in told if one.said}
        told += [one for one in beneath_ours(repo) if one.said and one.said.id not in known]
    told.reverse()
    told.sort(key=lambda one: one.at)
    return Found(told, here, Place(newest, now if again or is_first else here.again))


def pages(repo: Repo) -> Iterator[list[Told]]:
    """Page by page, newest first. A short or an empty one need not be the last."""
    cursor, seen = "", set[str]()
    for _ in range(PAGES):
        where = {"cursor": cursor} if cursor else {}
        page = repo.ask(ANSWERS, reasons=REASONS, limit=A_PAGE, **where)
        with repo.reading():
            rows, cursor = list(page["notifications"]), page.get("cursor") or ""
        yield [one for row in rows[: 2 * A_PAGE] if (one := told(row, repo.did))]
        leads_on = isinstance(cursor, str) and 0 < len(cursor) < LONGEST_CURSOR
        if not leads_on or cursor in seen or repo.errand.left <= SPARE:
            return
        seen.add(cursor)


def beneath_ours(repo: Repo) -> list[Told]:
    """Direct replies to our newest posts. Where they cannot be read now, the next minute comes."""
    found: list[Told | None] = []
    with suppress(Declined, Busy):
        page = repo.ask(RECORDS, repo=repo.did, collection=POSTS, limit=THREADS)
        with repo.reading():
            names = [plain(record["uri"]) for record in page["records"][:THREADS]]
        for name in names:
            page = repo.ask(THREAD, uri=name, depth=1, parentHeight=0)
            with repo.reading():
                rows = page["thread"].get("replies") or []
                found += [told_beneath(row, repo.did) for row in rows[:A_PAGE]]
    return [one for one in found if one]


def told_beneath(row: Any, ours: str) -> Told | None:
    """None also for a reply that we are not shown: its writer blocks us."""
    post = row.get("post") if isinstance(row, dict) else None
    return told({**post, "reason": "reply"}, ours) if isinstance(post, dict) else None


def told(row: Any, ours: str) -> Told | None:
    """None for what cannot be read: it must not stand before all that follow."""
    try:
        at = moment_of(row["indexedAt"]).astimezone(UTC)
        return Told(at, incoming(row, at, ours))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return None


def incoming(row: Any, at: datetime, ours: str) -> Incoming | None:
    who, said, address = row["author"], row["record"], uri(row["uri"])
    whose, key = owner_and_key(address)
    if not whose or whose != who["did"] or whose == ours or row["reason"] not in REASONS:
        return None
    beneath = above(row, said)
    if row["reason"] == "reply" and not is_of(beneath, ours, whose):
        return None  # people talking with each other beneath a post of ours
    return Incoming(
        id=address, author=whose, handle=f"@{plain(who.get('handle'))[:200]}",
        name=plain(who.get("displayName"))[:100], text=plain(said["text"])[:LONGEST],
        url=f"https://bsky.app/profile/{whose}/post/{key}", at=at,
        beneath=beneath, language=language_of(said),
    )  # fmt: skip


def above(row: Any, said: Any) -> str:
    """The post it answers, or quotes."""
    if row["reason"] == "quote":
        return uri(row["reasonSubject"])
    reply = said.get("reply")
    return uri(reply["parent"]["uri"]) if reply else ""


def is_of(address: str, *people: str) -> bool:
    """Ours; or their own, where they go on."""
    return owner_and_key(address)[0] in people


def uri(word: Any) -> str:
    """The address of a post, by the lasting name of whose it is."""
    whose, key = owner_and_key(plain(word))
    if not DID.fullmatch(whose) or not KEY.fullmatch(key):
        raise ValueError("no address of a post")
    return f"at://{whose}/{POSTS}/{key}"


def plain(word: Any) -> str:
    """Text as it can be kept: no half letters."""
    return word.encode(errors="replace").decode() if isinstance(word, str) else ""


def language_of(said: Any) -> str:
    first = next(iter(said.get("langs") or []), "")
    return plain(first)[:8]


def deleted(login: Login, names: Sequence[str]) -> list[str]:
    """Which of these stand nowhere any more.

    A list of posts leaves out whoever blocks us, too. So each that is missing there is asked for
    by its name, and only a plain no is one.
    """
    repo = Repo(login, PATIENCE)
    page = repo.ask(STANDING, uris=list(names))
    with repo.reading():
        standing = {post["uri"] for post in page["posts"]}
    return [name for name in names if name not in standing and is_gone(repo, name)]


def is_gone(repo: Repo, name: str) -> bool:
    whose, key = owner_and_key(name)
    try:
        repo.ask("com.atproto.repo.getRecord", repo=whose, collection=POSTS, rkey=key)
    except Declined:
        if repo.is_absent():
            return True
        raise
    return False
