"""Where a browser says it can be reached. A stranger wrote it: it is looked at before it is kept,
and once more before anything is sent there."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark
from commonground.kit.wire import is_outside

LONGEST = 1000  # those of the large services have 150 to 500 characters
WRITTEN = re.compile(r"[!-~]+")  # ASCII without a space
SECRET = 16  # bytes (RFC 8291, 3.2)
# The services of the large browsers. Any other host may ask for few devices a day, so that nobody
# aims thousands of our requests at somebody's server.
LARGE = ("fcm.googleapis.com", ".push.services.mozilla.com", ".notify.windows.com",
         ".push.apple.com")  # fmt: skip


class NoEndpoint(ValueError):
    """That is nothing a notice can be sent to."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one device is reached, and the keys that only it can open with (RFC 8291)."""

    url: str
    p256dh: str
    auth: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def as_given(url: str, p256dh: str, auth: str) -> Endpoint:
    """What a browser gave us, if it may be one. Whether it exists, only sending tells."""
    place(url)
    point, secret = plain(p256dh), plain(auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise NoEndpoint from error
    if len(point) != 65 or len(secret) != SECRET:
        raise NoEndpoint
    return Endpoint(url, encoded(point), encoded(secret))


def place(url: str) -> SplitResult:
    """The address in its parts, if it leads to a secure server outside."""
    if len(url) > LONGEST or not WRITTEN.fullmatch(url):
        raise NoEndpoint
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NoEndpoint from error
    if not parts.hostname or ":" in parts.hostname:  # a name, and no number of the sixth version
        raise NoEndpoint
    if parts.username is not None or parts.password is not None:
        raise NoEndpoint
    if not settings.ENV.allow_private_addresses and not (
        parts.scheme == "https" and port in (None, 443) and is_public(parts.hostname)
    ):
        raise NoEndpoint
    if parts.scheme not in ("https", "http"):
        raise NoEndpoint
    return parts


def is_public(host: str) -> bool:
    """Whether it may be a name in public. Where it leads is seen when something is sent."""
    try:
        return is_outside(host)
    except ValueError:
        return "." in host.rstrip(".")


def is_large(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == one or (one[0] == "." and host.endswith(one)) for one in LARGE)


def plain(text: str) -> bytes:
    """Base64 of either alphabet, with or without its padding, and nothing else in it."""
    try:
        whole = text.translate(TO_URL).rstrip("=").encode("ascii")
        return base64.b64decode(whole + b"=" * (-len(whole) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoEndpoint from error


TO_URL = str.maketrans("+/", "-_")


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def device(channel_id: object, url: str) -> str:
    """The mark an endpoint is looked up by. Two channels do not know of each other's devices."""
    return mark(lasting_key("endpoints of notices"), f"subscription {channel_id}", url)
