"""Joins what the rooms offer to programs under one address, with one document and one manner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from commonground.kit.api import problems
from commonground.kit.api.problems import Problem, StrictParser
from commonground.kit.through import through_nobody

ABOUT = (
    "Read what the desk knows, write drafts and send them for approval. A program never approves, "
    "publishes or stops: that is for people."
)


class Joined(NinjaAPI):
    """The API of all rooms. Its document needs nothing of the server it is read from."""

    def get_openapi_schema(self, **how: Any) -> OpenAPISchema:
        found = super().get_openapi_schema(**how)
        found["components"]["schemas"]["Problem"] = problems.SCHEMA
        return found

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        patterns, app, space = super().urls
        for pattern in patterns:
            if pattern.callback is not None:
                pattern.callback = in_words(pattern.callback)
        return patterns, app, space


def joined(routers: Iterable[tuple[str, str]], *, version: str) -> Joined:
    """One API of these routers: each its prefix, and where it is imported from."""
    api = Joined(
        title="Commonground", version=version, description=ABOUT, docs_url=None,
        parser=StrictParser(), urls_namespace="api",
    )  # fmt: skip
    problems.explain_in(api)
    api.add_decorator(through_nobody, mode="view")
    for prefix, router in routers:
        api.add_router(prefix, router)
    return api


def in_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The library's own refusals, in our words."""

    @csrf_exempt
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return problems.not_there(request)
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        return Problem(
            "no-such-step", _("This address does not know that method."),
            headers={"Allow": answer["Allow"]},
        ).answer()  # fmt: skip

    return answered


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Below the address of the API, and nothing of it."""
    return problems.not_there(request)
