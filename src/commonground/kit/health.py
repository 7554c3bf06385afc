"""Three addresses for machines that look after the desk: /healthz, /readyz and /metrics.

They are answered before anything else: a load balancer calls the desk by a number, brings no
cookie, and must hear from a process that has lost its database.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from commonground.kit import watching
from commonground.kit.upkeep import mark
from commonground.kit.upkeep.versions import applied, unapplied, unknown

log = logging.getLogger(__name__)

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded")
HERE = ("localhost", "127.0.0.1", "::1")


class ForWatchers(MiddlewareMixin):
    """First of all middlewares, so that these three cost no session, no name and no page."""

    async_capable = False

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        answer = ANSWERS.get(request.path_info)
        if answer is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return plain("Only GET.\n", 405)
        return answer(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info in ANSWERS:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def plain(said: str, status: int = 200) -> HttpResponse:
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=status)


def healthz(_: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked."""
    return plain("alive\n")


def readyz(_: HttpRequest) -> HttpResponse:
    """The whole desk does its work: pages, worker, listener."""
    return as_said([*of_the_web(), *of_the_others()])


def readyz_web(_: HttpRequest) -> HttpResponse:
    """Pages can be read here. What a load balancer asks: a dead worker must not close the site."""
    return as_said(of_the_web())


def as_said(troubles: list[str]) -> HttpResponse:
    if not troubles:
        return plain("ready\n")
    return plain("".join(f"{trouble}\n" for trouble in troubles), 503)


def of_the_web() -> list[str]:
    try:
        missing, strange = unapplied(), unknown(applied())
        upgrading = mark.standing()
    except DatabaseError:
        log.warning("the database does not answer")
        return ["The database does not answer."]
    if upgrading:
        return ["An upgrade is under way."]
    if strange:
        return ["The database is of a newer version than this process. Start it anew."]
    if missing:
        return [f"{len(missing)} migrations are not applied. Run: commonground upgrade"]
    return []


def of_the_others() -> list[str]:
    try:
        silent = watching.silent()
    except DatabaseError:  # told above
        return []
    return [f"No {kind} is at work: {since(ago)}." for kind, ago in sorted(silent.items())]


def since(ago: timedelta | None) -> str:
    if ago is None:
        return "none gave a sign of life"
    minutes, seconds = divmod(int(ago.total_seconds()), 60)
    return f"the last sign of life was {minutes} min {seconds} s ago"


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures, for whoever has the token, or asks from this machine itself."""
    if not may_read(request):
        return plain(
            "Figures are for this machine, or for the token of the desk's settings.\n", 403
        )
    # Not before somebody asks: few processes are ever asked.
    from commonground.kit.metrics import exposed

    body, kind = exposed(request.headers.get("Accept", ""))
    return HttpResponse(body, content_type=kind)


def may_read(request: HttpRequest) -> bool:
    token = settings.ENV.metrics_token
    said = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return True
    return from_this_machine(request)


def from_this_machine(request: HttpRequest) -> bool:
    """Not through a web server of ours: that one comes from this machine for everybody."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        name = urlsplit(f"//{request.headers.get('Host', '')}").hostname
        near = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and name in HERE


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/readyz/web": readyz_web,
    "/metrics": metrics,
}
