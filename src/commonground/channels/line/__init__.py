"""The line to a platform that speaks JSON: our own wire carries, and we judge what came back."""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
from django.conf import settings
from django.utils import timezone

from commonground.channels import engine
from commonground.channels.contract import (
    Busy,
    Declined,
    Login,
    Message,
    Picture,
    Receipt,
    Sighting,
    SignInNeeded,
    TooFarBack,
    Unsure,
)
from commonground.channels.contract.verdict import LOST, NOT_SENT, verdict
from commonground.kit.wire import Errand, NotOutside

ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
PAGES = 5  # how far back we look among our own posts
CLOCKS_DIFFER = timedelta(minutes=2)  # the platform's, from ours


class NoSuccess(Exception):
    """The server answered with something other than success."""


def usual_waits(headers: Mapping[str, str]) -> list[str | None]:
    return [headers.get("retry-after")]


@dataclass(frozen=True, slots=True)
class Manners:
    """How one platform says no. What it is given was written by a stranger: any shape may come."""

    words: Callable[[Mapping[str, Any]], object]  # its reason, in its own words
    # The status that its answer should have had, had it used them as others do.
    status: Callable[[int, Mapping[str, Any]], int] = lambda status, said: status
    waits: Callable[[Mapping[str, str]], list[str | None]] = usual_waits


@contextmanager
def asking(
    errand: Errand, manners: Manners, *, acting: bool = False, hidden: Iterable[str] = ()
) -> Iterator[None]:
    """Whatever goes wrong in here is one of the three ways to fail."""
    try:
        yield
    except (Declined, Busy, Unsure):
        raise
    except Exception as error:
        raise judge(errand, manners, acting=acting, hidden=hidden) from error


def judge(
    errand: Errand, manners: Manners, *, acting: bool, hidden: Iterable[str] = ()
) -> Exception:
    """What the last answer of an errand means, or that there is none.

    Some platforms repeat a bad token in what they say of it, and everybody on the desk may
    read what they said: `hidden` words are taken out.
    """
    if isinstance(errand.trouble, NotOutside):
        return Declined(str(errand.trouble))
    if errand.answer is None:
        return verdict(LOST if errand.spoke else NOT_SENT, "", acting=acting)
    answer, said = errand.answer, body_of(errand.answer)
    status, words = answer.status_code, ""
    if not answer.is_success:
        words = a_word(tried(lambda: manners.words(said), None))
        for secret in hidden:
            words = words.replace(secret, "…")
        status = tried(lambda: manners.status(answer.status_code, said), status)
    nothing: list[str | None] = []
    asked = tried(lambda: manners.waits(answer.headers), nothing)
    again_at = engine.again_at(timezone.now(), *asked)
    return verdict(status, words, acting=acting, again_at=again_at)


def body_of(answer: httpx2.Response) -> Mapping[str, Any]:
    """The JSON object of an answer; an empty one for anything else."""
    try:
        said = json.loads(answer.content)
    except Exception:  # anything at all may be in there
        return {}
    return said if isinstance(said, dict) else {}


def tried[T](read: Callable[[], T], otherwise: T) -> T:
    """What a stranger's answer says, if it has the shape that their documents promise."""
    try:
        return read()
    except Exception:
        return otherwise


def a_word(said: object) -> str:
    return said if isinstance(said, str) else ""


@dataclass
class Line:
    """One errand to one platform, however many questions it takes."""

    base: str
    patience: float
    manners: Manners
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)  # what no message may repeat

    def __post_init__(self) -> None:
        self.base = base_of(self.base)
        self.errand = Errand(self.patience)

    @contextmanager
    def asking(self, *, acting: bool = False) -> Iterator[None]:
        with asking(self.errand, self.manners, acting=acting, hidden=self.hidden):
            yield

    def ask(self, method: str, path: str, **question: Any) -> Any:
        """The JSON of a success; everything else is an error, for `asking` to judge."""
        answer = self.send(method, path, **question)
        return json.loads(answer.content)

    def send(self, method: str, path: str, **question: Any) -> httpx2.Response:
        headers = {**self.headers, **question.pop("headers", {})}
        answer = self.errand.ask(method, self.base + path, headers=headers, **question)
        if not answer.is_success:
            raise NoSuccess(answer.status_code)
        return answer

    @property
    def status(self) -> int:
        """Of the last answer; none at all if there is none."""
        return self.errand.answer.status_code if self.errand.answer else 0


def base_of(address: str) -> str:
    """The server's address. A secret never travels where others can read it."""
    address = address.strip().rstrip("/")
    parts = urlsplit(address if "://" in address else f"https://{address}")
    safe = parts.scheme == "https" or settings.ENV.allow_private_addresses
    if not parts.hostname or parts.scheme not in ("http", "https") or not safe:
        raise Declined("The server's address must begin with https://")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def bearing(base: str, patience: float, manners: Manners, token: str, **headers: str) -> Line:
    """A line on which every question bears a token."""
    said = {"Authorization": f"Bearer {token}", **headers}
    return Line(base, patience, manners, said, (token,))


def secret_of(login: Login, name: str = "token") -> str:
    """One secret of a channel, if it can be one: it will stand in a header."""
    secret = login.secrets.get(name, "").strip()
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise SignInNeeded("This channel has not been signed in properly yet.")
    return secret


def address_of(picture: Picture) -> str:
    """Where a platform that fetches its pictures finds this one, as JPEG.

    The public site shows it there under its digest while its post goes out and stands.
    """
    site = settings.ENV.site_url.rstrip("/")
    if not site.startswith("https://") and not settings.ENV.allow_private_addresses:
        raise Declined("This network fetches pictures from the desk, whose address is not public.")
    name = picture.fetched_as or hashlib.sha256(picture.content).hexdigest()
    return f"{settings.MEDIA_ORIGIN or site}/pictures/{name}.jpg"


def id_of(word: object) -> str:
    """An id as a platform gives it, fit to stand in an address."""
    if not isinstance(word, str) or not ID.fullmatch(word):
        raise ValueError("an answer without an id")
    return word


def url_of(word: object) -> str:
    """A page for people, as a platform gives it."""
    if not isinstance(word, str) or not word.startswith("https://"):
        raise ValueError("an answer without an address")
    return word[:300]


def our_id(receipt: Receipt) -> str:
    """The id that we noted ourselves."""
    if not ID.fullmatch(receipt.network_id):
        raise Declined("This was never the id of a post there.")
    return receipt.network_id


def moment_of(word: object) -> datetime:
    """A time as platforms write it: ISO, or seconds since 1970."""
    if isinstance(word, int) and not isinstance(word, bool):
        return datetime.fromtimestamp(word, UTC)
    if not isinstance(word, str):
        raise TypeError("a time that is none")
    at = datetime.fromisoformat(word)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def text_of(word: object) -> str:
    if not isinstance(word, str):
        raise TypeError("a post without words")
    return word


class Looking[L: Line](ABC):
    """What every network does that knows no key, so that only looking can tell."""

    HOME: ClassVar[str]

    def __init__(self, login: Login, patience: float = 30.0, home: str | None = None) -> None:
        self.login, self.patience = login, patience
        self.home = self.HOME if home is None else home

    @abstractmethod
    def line(self) -> L:
        """A new errand, signed in."""

    @abstractmethod
    def own(self, line: L, since: datetime) -> Iterator[Sighting]:
        """Our own posts as the public sees them, newest first."""

    def new_key(self, at: datetime) -> str:
        return uuid4().hex  # the platform never sees it; it is for our own record

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """The newest post that says what we meant to say. Only the words can tell."""
        line = self.line()
        with line.asking():
            ours = self.own(line, since)
            return next((s for s in ours if engine.same_words(s.text, message.text)), None)

    def standing(self, *, since: datetime) -> list[Sighting]:
        line = self.line()
        with line.asking():
            found: list[Sighting] = []
            with suppress(TooFarBack):  # the newest will do
                for sighting in self.own(line, since):
                    found.append(sighting)
            return found


type Page = tuple[list[Sighting], str]


def back_to(since: datetime, page_after: Callable[[str], Page]) -> Iterator[Sighting]:
    """Our own posts, newest first, page by page, no further back than `since`.

    `page_after` gives the page behind a mark ("" for the first), and the next mark.
    """
    mark, since = "", since - CLOCKS_DIFFER
    for _ in range(PAGES):
        page, mark = page_after(mark)
        recent = [s for s in page if s.at is None or s.at >= since]
        yield from recent
        if len(recent) < len(page) or not mark:
            return
    raise TooFarBack("There are too many posts of ours since then to look through.")
