"""What a visitor's request says of where it comes from. No cookie is needed for either answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def from_our_page(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of ours. Browsers say so themselves, so that no cookie is
    needed for it; a script can say what it likes, and gains nothing by it."""
    where = request.headers.get("Sec-Fetch-Site", "")
    origin = urlsplit(request.headers.get("Origin", ""))
    if where:
        return where in ("same-origin", "none")
    return not origin.netloc or origin.netloc == request.get_host()


def peer(request: HttpRequest) -> str:
    """Whose request it is: the nearest address that none of our own proxies wrote down."""
    passed = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()]
    ours: int = settings.ENV.proxies
    # The last entry was written by the proxy next to us, the one before by the one before it.
    # What stands further left anybody may have written.
    if ours and len(passed) >= ours:
        return passed[-ours]
    return str(request.META.get("REMOTE_ADDR", ""))
