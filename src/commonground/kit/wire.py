"""One careful errand to a server that we do not control and should not trust."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import certifi
import httpcore2
import httpx2
from django.conf import settings

from commonground.kit.naming import looked_up
from commonground.kit.outbound import private

LONGEST_CONNECT = 10.0  # seconds, to one of a name's addresses


class NotOutside(Exception):
    """The name leads into our own network, where no errand of ours may go."""


class TooMuch(Exception):
    """The answer is larger than any honest answer would be."""


@dataclass(frozen=True)
class Leash:
    """What holds for every errand of somebody's, however many it takes."""

    until: float  # of the monotonic clock: no byte leaves later than this
    before_acting: Callable[[], None]  # raises if nothing may be changed out there any more


LEASH: ContextVar[Leash | None] = ContextVar("leash", default=None)


@contextmanager
def on_a_leash(until: float, before_acting: Callable[[], None]) -> Iterator[None]:
    """Errands in here end with the leash, and ask before each request that may change a thing."""
    held = LEASH.set(Leash(until, before_acting))
    try:
        yield
    finally:
        LEASH.reset(held)


HEARD: ContextVar[list[httpx2.Response] | None] = ContextVar("heard", default=None)


@contextmanager
def overhearing() -> Iterator[list[httpx2.Response]]:
    """What errands in here are answered, in its order: the network's own words, for the record."""
    heard: list[httpx2.Response] = []
    before = HEARD.set(heard)
    try:
        yield heard
    finally:
        HEARD.reset(before)


@dataclass
class Errand:
    """However many questions it takes, one deadline for all of them.

    Ordinary timeouts start again with each byte, so that a server which drips can hold a
    worker for ever. Redirects are not followed, bodies not unpacked, and nothing is kept
    open: each question is a connection of its own.
    """

    seconds: float = 30.0
    most: int = 5_000_000  # bytes of one answer; a page of posts is a tenth of that
    inside: bool = False  # the operator named the place: it may be a machine of their own
    spoke: bool = field(default=False, init=False)  # did the last question leave this machine?
    answer: httpx2.Response | None = field(default=None, init=False)  # to the last question
    trouble: Exception | None = field(default=None, init=False)  # why there is no answer

    def __post_init__(self) -> None:
        trusted()  # reading the certificates for the first time is not part of the errand
        self.leash = LEASH.get()
        self.until = time.monotonic() + self.seconds
        if self.leash:
            self.until = min(self.until, self.leash.until)

    @property
    def left(self) -> float:
        """Seconds that remain; never none at all, which would mean for ever."""
        return max(self.until - time.monotonic(), 0.001)

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    def ask(self, method: str, url: str, **question: Any) -> httpx2.Response:
        """Send one request and read its whole answer."""
        self.spoke, self.answer, self.trouble = False, None, None
        try:
            if self.leash and method not in ("GET", "HEAD"):
                self.leash.before_acting()
            request = httpx2.Request(method, url, **question)
            request.headers["Accept-Encoding"] = "identity"
            request.read()
            self.answer = self.exchange(request)
        except Exception as error:
            self.trouble = error
            raise
        if (heard := HEARD.get()) is not None:
            heard.append(self.answer)
        return self.answer

    def exchange(self, request: httpx2.Request) -> httpx2.Response:
        pool = httpcore2.ConnectionPool(
            ssl_context=trusted(), network_backend=Backend(self), max_keepalive_connections=0
        )
        with (
            pool,
            pool.stream(
                request.method, str(request.url), headers=request.headers.raw,
                content=request.content, extensions={"timeout": {"pool": self.left}},
            ) as raw,
        ):  # fmt: skip
            body = self.swallow(raw.iter_stream())
        headers = [(name, value) for name, value in raw.headers if name.lower() not in UNPACKING]
        return httpx2.Response(raw.status, headers=headers, content=body, request=request)

    def swallow(self, chunks: Iterable[bytes]) -> bytes:
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > self.most:
                raise TooMuch(f"more than {self.most} bytes")
        return bytes(body)


# We asked for a plain body. Were it packed all the same, unpacking could fill the memory.
UNPACKING = {b"content-encoding"}


@cache
def trusted() -> ssl.SSLContext:
    """The authorities this machine trusts, and the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass
class Backend(httpcore2.NetworkBackend):
    """Connects only where an errand may go, and never waits longer than it may."""

    errand: Errand

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        trouble: Exception = httpcore2.ConnectError(f"{host} has no address")
        wait = min(self.errand.left / 2, LONGEST_CONNECT)
        places = addresses(host, port, inside=self.errand.inside, seconds=wait)
        for tried, address in enumerate(places):
            # The first may lead nowhere: half the time is for the others, and for the question.
            wait = min(self.errand.left / 2 / (len(places) - tried), LONGEST_CONNECT)
            try:
                found = httpcore2.SyncBackend().connect_tcp(address, port, wait)
                return Stream(self.errand, found)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
        raise trouble


def addresses(
    host: str, port: int, *, inside: bool = False, seconds: float = LONGEST_CONNECT
) -> list[str]:
    """Where a name leads. We connect to what was checked, not to the name once more."""
    try:
        found = looked_up(host, port, seconds)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} was not found") from error
    places = list(dict.fromkeys(str(where[0]) for *_, where in found))
    anywhere = inside or settings.ENV.allow_private_addresses
    if not anywhere and not all(map(is_outside, places)):
        raise NotOutside(f"{host} is inside our own network")
    return places


def is_outside(address: str) -> bool:
    return not private(address)


@dataclass
class Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends when the errand ends."""

    errand: Errand
    inner: httpcore2.NetworkStream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.errand.over:
            raise httpcore2.ReadTimeout("the errand took too long")
        return self.inner.read(max_bytes, self.errand.left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self.errand.over:
            raise httpcore2.WriteTimeout("the errand took too long")
        self.errand.spoke = True
        self.inner.write(buffer, self.errand.left)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self.inner.start_tls(ssl_context, server_hostname, self.errand.left)
        return Stream(self.errand, inner)

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def must_be_private_or_sealed(url: str) -> None:
    """Without https only to machines of one's own: others on the way would read along."""
    place = urlsplit(url)
    if place.scheme == "https":
        return
    if any(map(is_outside, addresses(place.hostname or "", place.port or 80, inside=True))):
        raise NotOutside("an address outside needs https")
