"""The one client for reaching other people's servers: it cannot be talked into our own network.

An address somebody typed, or a server sent us to, may lead to this machine, its neighbours or
a cloud's secrets. So the name is resolved once, every answer is checked, and we connect to the
address that was checked. Size is counted after unpacking, time over the whole exchange.
"""

from __future__ import annotations

import http.client
import ipaddress
import math
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from commonground.kit import troubles
from commonground.kit.naming import looked_up

CONNECT_SECONDS = 10.0
LEAST_SECONDS = 0.05  # to connect in: none at all would mean for ever
TOTAL_SECONDS = 30.0
MOST_REDIRECTS = 3
JSON_BYTES = 1 << 20
FEED_BYTES = 5 << 20
MEDIA_BYTES = 20 << 20
CHUNK = 1 << 16
DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}
SECURE = {"https", "wss"}
LONGEST_WAIT = 3600.0  # seconds; "come back in ten years" is a mistake or a trap
SECRET_HEADERS = {"authorization", "cookie"}
NAME = "Commonground"

# Python's own idea of a public address lets some of these through (3.13.0, measured).
NEVER = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
PUBLIC_SIX = ipaddress.ip_network("2000::/3")


class Unreachable(Exception):
    """We did not get it. The message says why, in words for the person who typed the address."""


class TurnedAway(Unreachable):
    """The server answered, and the answer is no. `status` is its own number for why."""

    def __init__(self, status: int, again_after: float = 0.0) -> None:
        super().__init__(troubles.ANSWERED % {"what": status})
        self.status = status
        self.again_after = again_after  # seconds the server asks us to wait


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    url: str  # after redirects


def fetch(
    url: str, *, headers: Mapping[str, str] | None = None, most: int = JSON_BYTES,
    seconds: float = TOTAL_SECONDS, partly: bool = False,
) -> Answer:  # fmt: skip
    """GET it, following up to three redirects; each hop is checked like the first, and all of
    them together have the one time. `partly`: of what is longer than `most`, its beginning."""
    sent, until = dict(headers or {}), time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        with exchange(url, sent, until - time.monotonic()) as reply:
            named = {name.lower(): value for name, value in reply.getheaders()}
            if reply.status not in (301, 302, 303, 307, 308) or "location" not in named:
                return Answer(reply.status, named, body_of(reply, named, most, partly), url)
        url, sent = redirected(url, named["location"], sent)
    raise Unreachable(_("It sends us on and on."))


def post(
    url: str, body: bytes, *, headers: Mapping[str, str], most: int = JSON_BYTES,
    seconds: float = TOTAL_SECONDS,
) -> Answer:  # fmt: skip
    """POST it, once, there and nowhere else: what is meant for one server is not carried on."""
    with exchange(url, headers, seconds, body) as reply:
        named = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, named, body_of(reply, named, most), url)


@contextmanager
def exchange(
    url: str, headers: Mapping[str, str], seconds: float, body: bytes | None = None
) -> Iterator[http.client.HTTPResponse]:
    """One request and its reply. The connection is cut when the time is over, even mid-header."""
    place, until = checked(url), time.monotonic() + seconds
    with (
        held(place, seconds) as sock,
        cut_after(until - time.monotonic(), sock),
        closing(asked(sock, place, headers, body)) as reply,
    ):
        yield reply


@contextmanager
def held(place: SplitResult, seconds: float = TOTAL_SECONDS) -> Iterator[socket.socket]:
    """A connection, secured if the address says so. Whatever breaks it is told in words."""
    until = time.monotonic() + seconds
    sock = dial(place, min(seconds, CONNECT_SECONDS))
    try:
        if place.scheme in SECURE:
            sock = secured(sock, place)
            with cut_after(min(until - time.monotonic(), CONNECT_SECONDS), sock):
                sock.do_handshake()
        yield sock
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise Unreachable(troubles.BROKE % {"what": type(error).__name__}) from error
    finally:
        shut(sock)


@contextmanager
def cut_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """However slowly the other side drips, it is over when the time is."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        shut(sock)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if over.is_set():  # an answer without a length looks whole wherever it was cut
        raise Unreachable(_("It took too long."))


def asked(
    sock: socket.socket, place: SplitResult, headers: Mapping[str, str], body: bytes | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.sock = sock
    method = "GET" if body is None else "POST"
    named = {name.lower() for name in headers}  # no header goes out twice
    ours = {name: value for name, value in basics(place).items() if name.lower() not in named}
    connection.request(method, target(place), body, headers={**ours, **headers})
    return connection.getresponse()


def basics(place: SplitResult) -> dict[str, str]:
    return {"Host": place.netloc, "User-Agent": NAME, "Accept-Encoding": "gzip"}


def target(place: SplitResult) -> str:
    return (place.path or "/") + (f"?{place.query}" if place.query else "")


def redirected(url: str, location: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    onward = urljoin(url, location)
    before, after = urlsplit(url), urlsplit(onward)
    if before.scheme == "https" and after.scheme != "https":
        raise Unreachable(_("It sends us from a secure address to an open one."))
    if before.netloc != after.netloc:
        headers = {k: v for k, v in headers.items() if k.lower() not in SECRET_HEADERS}
    return onward, headers


def body_of(
    reply: http.client.HTTPResponse, headers: Mapping[str, str], most: int, partly: bool = False
) -> bytes:
    return b"".join(chunks_of(reply, headers, most, partly))


def chunks_of(
    reply: http.client.HTTPResponse, headers: Mapping[str, str], most: int, partly: bool = False
) -> Iterator[bytes]:
    """The body unpacked, piece by piece, never more than `most` bytes."""
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity", "gzip"):
        raise Unreachable(_("It is packed in a way we did not ask for."))
    unpack = zlib.decompressobj(wbits=31) if packed == "gzip" else None
    size = 0
    while chunk := reply.read(CHUNK):
        while chunk:
            plain = unpack.decompress(chunk, CHUNK) if unpack else chunk
            chunk = unpack.unconsumed_tail if unpack else b""
            size += len(plain)
            if size > most and partly:
                yield plain[: len(plain) - (size - most)]
                return
            if size > most:
                raise Unreachable(troubles.TOO_LONG % {"what": most // 1024})
            yield plain
    # What was promised and never came: half an answer must not pass for all of it.
    if reply.length or (unpack and size and not unpack.eof):
        raise Unreachable(_("The answer broke off in the middle."))


@contextmanager
def listening(
    url: str, *, headers: Mapping[str, str] | None = None, longest: int, silence: float
) -> Iterator[Iterator[bytes]]:
    """The lines of an answer that never ends (server-sent events), once it has begun.

    Each line is bounded; `silence` is how many seconds without a byte mean that it is dead.
    """
    place = checked(url)
    with held(place) as sock:
        with cut_after(TOTAL_SECONDS, sock):
            reply = asked(sock, place, {**(headers or {}), "Accept-Encoding": "identity"})
        with closing(reply):
            if reply.status != http.HTTPStatus.OK:
                raise TurnedAway(reply.status, again_after(dict(reply.getheaders())))
            sock.settimeout(silence)
            yield iter(lambda: reply.readline(longest), b"")


def again_after(headers: Mapping[str, str]) -> float:
    """The seconds a server asks us to wait, held to what a server may reasonably ask."""
    named = {name.lower(): value for name, value in headers.items()}
    try:
        asked_for = float(named.get("retry-after", ""))
    except ValueError:
        asked_for = seconds_until(named.get("retry-after", ""))
    return min(max(asked_for, 0.0), LONGEST_WAIT) if math.isfinite(asked_for) else 0.0


def seconds_until(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return 0.0


def checked(url: str) -> SplitResult:
    """The address in its parts, if it is one we may use at all."""
    if any(ord(c) <= 32 or c in '\\"<>' or ord(c) == 127 for c in url):
        raise Unreachable(_("That is not an address."))
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        raise Unreachable(_("That is not an address.")) from None
    if not place.hostname or place.scheme not in DEFAULT_PORTS:
        raise Unreachable(_("That is not an address."))
    if place.username is not None or place.password is not None:
        raise Unreachable(_("An address with a name or password in it is refused."))
    if settings.ENV.allow_private_addresses:
        return place
    if place.scheme not in SECURE:
        raise Unreachable(_("Only secure addresses (https) are used."))
    if port not in (None, 443):
        raise Unreachable(_("Only the usual port is used."))
    return place


def dial(place: SplitResult, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """Connect to an address that was looked up once and checked: no second look-up can differ.

    However many addresses a name has, they share the time: a name with fifty of them, where
    nobody answers, must not hold us fifty times as long.
    """
    port = place.port or DEFAULT_PORTS[place.scheme]
    until = time.monotonic() + seconds
    found = addresses(place.hostname or "", port, seconds)
    trouble: OSError | None = None
    for tried, (family, address) in enumerate(found):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(max((until - time.monotonic()) / (len(found) - tried), LEAST_SECONDS))
        try:
            sock.connect(address)
            sock.settimeout(CONNECT_SECONDS)
            return sock
        except OSError as error:
            sock.close()
            trouble = error
    raise Unreachable(_("Nobody answers there.")) from trouble


type Place = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]


def addresses(host: str, port: int, seconds: float = CONNECT_SECONDS) -> list[Place]:
    """Every address of the name; one bad one among them spoils them all."""
    try:
        found = looked_up(host, port, seconds)
    except TimeoutError:
        raise Unreachable(_("It took too long to find where that is.")) from None
    except (OSError, UnicodeError):
        raise Unreachable(_("There is no such name.")) from None
    places: list[Place] = [(family, address) for family, *_, address in found]
    if not settings.ENV.allow_private_addresses and any(private(a[0]) for _, a in places):
        raise Unreachable(_("That address is inside a private network."))
    return places


def private(address: str) -> bool:
    """Whether an address is anything but a plain place on the public internet."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return private(str(ip.ipv4_mapped))
        if ip not in PUBLIC_SIX:
            return True
    return not ip.is_global or ip.is_multicast or any(ip in network for network in NEVER)


def secured(sock: socket.socket, place: SplitResult) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(
        sock, server_hostname=place.hostname,
        do_handshake_on_connect=False,  # so that it can be cut
        suppress_ragged_eofs=False,  # who cuts the line must not decide where an answer ends
    )  # fmt: skip


def shut(sock: socket.socket) -> None:
    with suppress(OSError):  # it may be shut already
        # The plain socket's own way: a secured one would first drop what its reader still holds.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    sock.close()
