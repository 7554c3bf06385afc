"""The one client for reaching other people's servers: it cannot be talked into our own network.

An address somebody typed, or a server sent us to, may lead to this machine, its neighbours or
a cloud's secrets. So the name is resolved once, every answer is checked, and we connect to the
address that was checked. Size is counted after unpacking, time over the whole exchange.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
MOST_REDIRECTS = 3
JSON_BYTES = 1 << 20
FEED_BYTES = 5 << 20
MEDIA_BYTES = 20 << 20
CHUNK = 1 << 16
DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}
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


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    url: str  # after redirects


def fetch(
    url: str, *, headers: Mapping[str, str] | None = None, most: int = JSON_BYTES,
    seconds: float = TOTAL_SECONDS,
) -> Answer:  # fmt: skip
    """GET it, following up to three redirects; each hop is checked like the first."""
    sent = dict(headers or {})
    for _ in range(MOST_REDIRECTS + 1):
        with exchange(url, sent, seconds) as reply:
            named = {name.lower(): value for name, value in reply.getheaders()}
            if reply.status not in (301, 302, 303, 307, 308) or "location" not in named:
                return Answer(reply.status, named, body_of(reply, named, most), url)
        url, sent = redirected(url, named["location"], sent)
    raise Unreachable("It sends us on and on.")


@contextmanager
def exchange(
    url: str, headers: Mapping[str, str], seconds: float | None
) -> Iterator[http.client.HTTPResponse]:
    """One request and its reply. The connection is cut when the time is over, even mid-header."""
    place = checked(url)
    sock = dial(place)
    secure = place.scheme == "https"
    over = threading.Event()
    cut = threading.Timer(seconds, cut_off, [sock, over]) if seconds else None
    try:
        if cut:
            cut.daemon = True
            cut.start()
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        connection.sock = secured(sock, place) if secure else sock
        connection.request("GET", target(place), headers={**basics(place), **headers})
        yield connection.getresponse()
        if over.is_set():  # what was read until then is not the whole
            raise Unreachable("It takes too long.")
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise Unreachable(f"The connection broke: {type(error).__name__}.") from error
    finally:
        if cut:
            cut.cancel()
        shut(sock)


def basics(place: SplitResult) -> dict[str, str]:
    return {"Host": place.netloc, "User-Agent": NAME, "Accept-Encoding": "gzip"}


def target(place: SplitResult) -> str:
    return (place.path or "/") + (f"?{place.query}" if place.query else "")


def redirected(url: str, location: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    onward = urljoin(url, location)
    before, after = urlsplit(url), urlsplit(onward)
    if before.scheme == "https" and after.scheme != "https":
        raise Unreachable("It sends us from a secure address to an open one.")
    if before.netloc != after.netloc:
        headers = {k: v for k, v in headers.items() if k.lower() not in SECRET_HEADERS}
    return onward, headers


def body_of(reply: http.client.HTTPResponse, headers: Mapping[str, str], most: int) -> bytes:
    return b"".join(chunks_of(reply, headers, most))


def chunks_of(
    reply: http.client.HTTPResponse, headers: Mapping[str, str], most: int
) -> Iterator[bytes]:
    """The body unpacked, piece by piece, never more than `most` bytes."""
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity", "gzip"):
        raise Unreachable("It is packed in a way we did not ask for.")
    unpack = zlib.decompressobj(wbits=31) if packed == "gzip" else None
    size = 0
    while chunk := reply.read(CHUNK):
        while chunk:
            plain = unpack.decompress(chunk, CHUNK) if unpack else chunk
            chunk = unpack.unconsumed_tail if unpack else b""
            size += len(plain)
            if size > most:
                raise Unreachable(f"It is longer than {most // 1024} kB.")
            yield plain
    if reply.length or (unpack and size and not unpack.eof):
        raise Unreachable("It broke off before its end.")


def lines(url: str, *, headers: Mapping[str, str] | None = None, longest: int) -> Iterator[bytes]:
    """The lines of an answer that never ends (server-sent events). Each is bounded."""
    with exchange(url, {**(headers or {}), "Accept-Encoding": "identity"}, None) as reply:
        if reply.status != http.HTTPStatus.OK:
            raise Unreachable(f"It answered {reply.status}.")
        while line := reply.readline(longest):
            yield line


def checked(url: str) -> SplitResult:
    """The address in its parts, if it is one we may use at all."""
    if any(ord(c) <= 32 or c in '\\"<>' or ord(c) == 127 for c in url):
        raise Unreachable("That is not an address.")
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        raise Unreachable("That is not an address.") from None
    if not place.hostname or place.scheme not in DEFAULT_PORTS:
        raise Unreachable("That is not an address.")
    if place.username is not None or place.password is not None:
        raise Unreachable("An address with a name or password in it is refused.")
    if settings.ENV.allow_private_addresses:
        return place
    if place.scheme not in ("https", "wss"):
        raise Unreachable("Only secure addresses (https) are used.")
    if port not in (None, 443):
        raise Unreachable("Only the usual port is used.")
    return place


def dial(place: SplitResult) -> socket.socket:
    """Connect to an address that was looked up once and checked: no second look-up can differ."""
    port = place.port or DEFAULT_PORTS[place.scheme]
    found = addresses(place.hostname or "", port)
    trouble: OSError | None = None
    for family, address in found:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(CONNECT_SECONDS)
        try:
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            trouble = error
    raise Unreachable("Nobody answers there.") from trouble


type Place = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]


def addresses(host: str, port: int) -> list[Place]:
    """Every address of the name; one bad one among them spoils them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("There is no such name.") from None
    places: list[Place] = [(family, address) for family, *_, address in found]  # type: ignore[misc]
    if not settings.ENV.allow_private_addresses and any(private(a[0]) for _, a in places):
        raise Unreachable("That address is inside a private network.")
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
    return ssl.create_default_context().wrap_socket(sock, server_hostname=place.hostname)


def cut_off(sock: socket.socket, over: threading.Event) -> None:
    over.set()
    shut(sock)


def shut(sock: socket.socket) -> None:
    with suppress(OSError):  # it may be shut already
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
