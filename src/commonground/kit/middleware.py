"""Turns a refusal, raised anywhere below a view, into the page that explains it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

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
