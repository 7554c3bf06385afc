"""Turns a refusal, raised anywhere below a view, into the page that explains it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonground.kit.refusals import Refused


class ExplainRefusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        fragment = request.headers.get("HX-Request") == "true"
        page = "kit/refused.html#note" if fragment else "kit/refused.html"
        return render(request, page, {"why": str(error)}, status=error.status)
