"""Turns a refusal, raised anywhere below a view, into the page that explains it; and gives back
what somebody typed when their session had ended."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.deprecation import MiddlewareMixin

from commonground.kit.forms import typed_in
from commonground.kit.refusals import Refused


class ExplainRefusals(MiddlewareMixin):
    """Works for views of both kinds, so that a live line does not cost a thread."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        fragment = request.headers.get("HX-Request") == "true"
        page = "kit/refused.html#note" if fragment else "kit/refused.html"
        response = render(request, page, {"why": str(error)}, status=error.status)
        if fragment:  # beside what was asked for, not in its place
            response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
        return response


class GiveBackWords(MiddlewareMixin):
    """An hour's words are not lost to a session that ended meanwhile: they stand on the page
    that says so, to be copied. Nothing of them is kept here."""

    # Innermost, and sync alone: so all of them run in one go on the request's own thread. If each
    # could run either way, Django would hop between threads twice for every one of them, which
    # took a quarter and more of a page's processor time. A live line's view still returns at
    # once, and its events are awaited without a thread.
    async_capable = False

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method != "POST" or not is_to_sign_in(response):
            return response
        typed = typed_in(request)
        if not typed:
            return response
        fragment = request.headers.get("HX-Request") == "true"
        page = "kit/signed_out.html#note" if fragment else "kit/signed_out.html"
        told = render(request, page, {"typed": typed, "sign_in": response["Location"]}, status=403)
        if fragment:
            told["HX-Retarget"], told["HX-Reswap"] = "#notes", "innerHTML"
        return told


def is_to_sign_in(response: HttpResponse) -> bool:
    to = response.get("Location", "").partition("?")[0]
    return isinstance(response, HttpResponseRedirect) and to == resolve_url(settings.LOGIN_URL)
