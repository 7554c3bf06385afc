"""Reads a feed, and the page of an article, from an outlet's own server.

Everything goes over the one client (kit/outbound), with its bounds; what comes back is read in a
process apart. A server that asks programs to stay away (robots.txt) is obeyed.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from email.message import Message as Header
from threading import Lock
from urllib.robotparser import RobotFileParser

from django.utils.translation import gettext_noop as _

from commonground.hear.engine import feeds
from commonground.hear.engine.feeds import NewsItem
from commonground.hear.listening.feeds import IN_WORDS, conditions, cursor_of, marks_of
from commonground.kit import outbound, troubles
from commonground.kit.apart import Unusable, apart
from commonground.kit.outbound import FEED_BYTES, Answer, TurnedAway, Unreachable, again_after
from commonground.learn.engine import extracting

PAGE_BYTES = 3_000_000
SECONDS = 20.0  # for a page, its redirects included
WORK_SECONDS, WORK_MEMORY = 15, 900_000_000
WANTED = {"Accept": "text/html, application/xhtml+xml;q=0.9"}
PAGES = ("text/html", "application/xhtml+xml")
ROBOTS_BYTES, ROBOTS_KEPT, MOST_HOSTS = 200_000, 3600.0, 200
GONE = (404, 410, 451)  # nothing to come back for


class NotRead(Exception):
    """The page will not be had, now or later. The message says why, for a person."""


class NotNow(NotRead):
    """It was not had this time; another time it may."""


@dataclass(frozen=True, slots=True)
class FeedSaid:
    """Nothing in `items` may mean that nothing changed. cursor: "" keeps the old one."""

    items: list[NewsItem]
    cursor: str


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What was fetched, byte by byte, and the words in it. part: there was more than we take."""

    url: str
    status: int
    type: str
    body: bytes = field(repr=False)
    headline: str
    text: str
    part: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def feed_at(address: str, cursor: str) -> FeedSaid:
    """What a feed holds, if it changed since. Raises Unreachable, TurnedAway."""
    answer = outbound.fetch(address, headers=conditions(marks_of(cursor)), most=FEED_BYTES)
    if answer.status == 304:
        return FeedSaid([], "")
    if answer.status != 200:
        raise TurnedAway(answer.status, again_after(answer.headers))
    given = feeds.asked(answer.body, answer.url)
    try:
        told = apart(feeds.WORK, given, seconds=WORK_SECONDS, memory=WORK_MEMORY)
    except Unusable as why:
        raise Unreachable(
            IN_WORDS.get(why.code, _("The feed is more than this desk reads."))
        ) from why
    return FeedSaid(feeds.answered(told), cursor_of(answer))


def page_at(url: str) -> PageSaid:
    """The page of an article, and its words. Raises NotRead for good, NotNow for a while."""
    try:
        if not ROBOTS.let_in(url):
            raise NotRead(_("The outlet asks programs not to read its pages (robots.txt)."))
        answer = outbound.fetch(
            url, headers=WANTED, most=PAGE_BYTES, seconds=SECONDS, partly=True
        )  # fmt: skip
    except Unreachable as trouble:
        raise NotNow(str(trouble)) from trouble
    if answer.status in GONE:
        raise NotRead(troubles.ANSWERED % {"what": answer.status})
    if answer.status != 200:
        raise NotNow(troubles.ANSWERED % {"what": answer.status})
    return words_of(answer)


def words_of(answer: Answer) -> PageSaid:
    kind = Header()
    told = answer.headers.get("content-type", "text/html").replace("\n", " ")[:200]
    kind["Content-Type"] = told
    if kind.get_content_type() not in PAGES:
        raise NotRead(_("This leads to a file, not to a page."))
    given = extracting.asked(
        answer.body, charset=str(kind.get_param("charset") or ""), address=answer.url
    )
    try:
        said = apart(extracting.WORK, given, seconds=WORK_SECONDS, memory=WORK_MEMORY)
    except Unusable as why:
        raise NotRead(
            _("No article was found on the page.") if why.code == extracting.NO_WORDS
            else _("The page is more than this desk reads.")
        ) from why  # fmt: skip
    headline, text = extracting.answered(said)
    part = len(answer.body) >= PAGE_BYTES
    return PageSaid(answer.url, answer.status, told[:80], answer.body, headline, text, part)


class Robots:
    """What servers ask programs not to read, each asked once an hour."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, tuple[float, RobotFileParser | None]] = OrderedDict()
        self.lock = Lock()

    def let_in(self, url: str) -> bool:
        """Raises Unreachable where the server does not say: then it is not asked for more."""
        place = outbound.checked(url)
        host = f"{place.scheme}://{place.netloc}"
        rules = self.rules_of(host)
        return rules is None or rules.can_fetch(outbound.NAME, url)

    def rules_of(self, host: str) -> RobotFileParser | None:
        with self.lock:
            asked_at, rules = self.known.get(host, (0.0, None))
        if asked_at and time.monotonic() - asked_at < ROBOTS_KEPT:
            return rules
        rules = asked_for(host)
        with self.lock:
            self.known[host] = (time.monotonic(), rules)
            while len(self.known) > MOST_HOSTS:
                self.known.popitem(last=False)
        return rules


def asked_for(host: str) -> RobotFileParser | None:
    """The rules of a host; None where it has none."""
    answer = outbound.fetch(
        f"{host}/robots.txt", most=ROBOTS_BYTES, seconds=SECONDS, partly=True
    )  # fmt: skip
    if 400 <= answer.status < 500:
        return None
    if answer.status != 200:
        raise Unreachable(troubles.ANSWERED % {"what": answer.status})
    rules = RobotFileParser()
    rules.parse(answer.body.decode("utf-8", "replace").splitlines())
    return rules


ROBOTS = Robots()
