"""Turns a refusal, raised anywhere below a view, into the page that explains it; and gives back
what somebody typed when their session had ended."""

import logging
import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render, resolve_url
from django.utils.deprecation import MiddlewareMixin

from commonground.kit.forms import typed_in
from commonground.kit.loglines import REQUEST_ID
from commonground.kit.refusals import NotYours, Refused

log = logging.getLogger(__name__)
# What browsers send to pages. The API says itself, address by address, what it takes.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class NameRequest(MiddlewareMixin):
    """Each request has a name of its own: it stands on every line of the log that is written
    meanwhile, and in the answer, so that what somebody saw can be found there."""

    async_capable = False

    def process_request(self, request: HttpRequest) -> None:
        REQUEST_ID.set(secrets.token_hex(8))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if asked := REQUEST_ID.get():
            response.headers["X-Request-Id"] = asked
            # A view that failed is logged after this, still under its name; the next request of
            # this thread gets another one.
        return response


class OnlyForBrowsers(MiddlewareMixin):
    """Pages are read and forms are sent, and nothing else; and what must not lie on the disk of a
    borrowed machine is not kept by its browser."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.method in METHODS or request.path.startswith("/api/"):
            return None
        return HttpResponseNotAllowed(METHODS)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        found = getattr(request, "resolver_match", None)
        room = found.namespaces[0] if found and found.namespaces else ""
        if room in settings.NOT_KEPT_BY_BROWSERS and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response


class ExplainRefusals(MiddlewareMixin):
    """Works for views of both kinds, so that a live line does not cost a thread."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if isinstance(error, NotYours):
            note(request)
        fragment = request.headers.get("HX-Request") == "true"
        page = "kit/refused.html#note" if fragment else "kit/refused.html"
        response = render(request, page, {"why": str(error)}, status=error.status)
        if fragment:  # beside what was asked for, not in its place
            response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
        return response


def note(request: HttpRequest) -> None:
    """Somebody tried what is not theirs: by mistake, or not. Whoever runs the server can count."""
    found = request.resolver_match
    log.warning(
        "refused: %s %s to %s", request.method, found.view_name if found else "?",
        getattr(request.user, "pk", None) or "nobody",
    )  # fmt: skip


class GiveBackWords(MiddlewareMixin):
    """An hour's words are not lost to a session that ended meanwhile: they stand on the page
    that says so, to be copied. Nothing of them is kept here."""

    # Innermost, and sync alone: so all of them run in one go on the request's own thread. If each
    # could run either way, Django would hop between threads twice for every one of them, which
    # took a quarter and more of a page's processor time. A live line's view still returns at
    # once, and its events are awaited without a thread.
    async_capable = False

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_to_sign_in(response):
            return response
        typed = typed_in(request) if request.method == "POST" else []
        if request.headers.get("HX-Request") == "true":
            return beside(request, typed)
        if not typed:
            return response
        context = {"typed": typed, "sign_in": response["Location"]}
        return render(request, "kit/signed_out.html", context, status=403)


def beside(request: HttpRequest, typed: list[str]) -> HttpResponse:
    """A part of a page was asked for: the page stays as it is, for somebody may have typed in it,
    and says that they are signed out. Signing in leads back to the page, not to its part."""
    back = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    part = "kit/signed_out.html#note" if typed else "kit/signed_out.html#old"
    told = render(request, part, {"sign_in": sign_in}, status=403)
    told["HX-Retarget"], told["HX-Reswap"] = "#notes", "innerHTML"
    return told


def is_to_sign_in(response: HttpResponse) -> bool:
    to = response.get("Location", "").partition("?")[0]
    return isinstance(response, HttpResponseRedirect) and to == resolve_url(settings.LOGIN_URL)
