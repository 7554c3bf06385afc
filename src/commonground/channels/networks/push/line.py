"""One notice to one push service, and what its answer means. pywebpush seals, our wire carries."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels import engine
from commonground.channels.contract.verdict import tidy
from commonground.channels.line.readers.handing import Answer
from commonground.channels.networks.push.endpoints import Endpoint, NoEndpoint, place
from commonground.channels.networks.push.models import Fate
from commonground.kit.wire import Errand, NotOutside

if TYPE_CHECKING:
    import httpx2

PATIENCE = 10.0  # seconds; the large services answer within one
SIGNED_FOR = 12 * 3600  # seconds; services refuse more than a day (RFC 8292, 2)
GONE = (404, 410)
ABOUT_US = (401, 403, 413)  # our keys, or our words: no fault of the device
# They say that they did not do it, or not yet. Of a gateway's 502 and 504 nobody knows what the
# service behind it did, unless it says itself when to come again.
NOT_NOW = (429, 500, 503)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notice, sealed for one device, with what its service must know of it."""

    to: Endpoint
    body: bytes
    headers: dict[str, str]


def is_installed() -> bool:
    """Whether this desk has the part that seals notices (the extra `push`)."""
    return find_spec("pywebpush") is not None


def sealed(to: Endpoint, words: bytes) -> bytes:
    """The words as only this device can open them (RFC 8291)."""
    from pywebpush import WebPusher  # slow to load, and not on every desk

    keys = {"p256dh": to.p256dh, "auth": to.auth}
    pusher = WebPusher({"endpoint": to.url, "keys": keys})
    return bytes(pusher.encode(words, "aes128gcm")["body"])


def signed(private: str, to: Endpoint) -> dict[str, str]:
    """Who is sending, so that no other can send to what was subscribed with our key."""
    from py_vapid import Vapid02

    claims = {"sub": reach_us(), "aud": to.origin, "exp": int(time.time()) + SIGNED_FOR}
    header: dict[str, str] = Vapid02.from_raw(private.encode()).sign(claims)
    return header


def reach_us() -> str:
    """Where a push service finds somebody to talk to about what we send."""
    site = urlsplit(settings.ENV.site_url)
    if site.scheme == "https" and "." in (site.hostname or ""):
        return f"https://{site.hostname}"
    written: str = settings.DEFAULT_FROM_EMAIL
    return f"mailto:{written.rpartition('<')[2].rstrip('> ').strip()}"


def hand_over(parcel: Parcel) -> Answer:
    """Send it, once. From its first byte on, no answer means that we do not know."""
    try:
        place(parcel.to.url)
    except NoEndpoint:
        return Answer(Fate.REFUSED, _("Its address is none that we send to."), gone=True)
    errand = Errand(PATIENCE, most=100_000)
    try:
        answer = errand.ask("POST", parcel.to.url, headers=parcel.headers, content=parcel.body)
    except NotOutside:
        return Answer(Fate.REFUSED, _("Its address leads into a private network."), gone=True)
    except Exception as trouble:  # a stranger's server may break in any way
        why = tidy(str(trouble)) or type(trouble).__name__
        if errand.spoke:
            return Answer(Fate.UNCERTAIN, why)
        return Answer(Fate.WAITING, why, all_of_it=True)
    return meaning(answer)


def meaning(answer: httpx2.Response) -> Answer:
    status = answer.status_code
    why = tidy(f"{status} {answer.content[:300].decode(errors='replace')}")
    if answer.is_success:
        return Answer(Fate.TAKEN)
    asked = engine.again_at(timezone.now(), answer.headers.get("retry-after"))
    if status in NOT_NOW or (status >= 500 and asked):
        return Answer(Fate.WAITING, why, again_at=asked, all_of_it=True)
    if status >= 500 or status == 408:
        return Answer(Fate.UNCERTAIN, why)
    return Answer(Fate.REFUSED, why, gone=status in GONE, about_us=status in ABOUT_US)


def seconds_left(not_after: datetime, now: datetime) -> int:
    """How long a service may keep it for a device that is off: never past the post's own time."""
    return max(0, int((not_after - now) / timedelta(seconds=1)))
