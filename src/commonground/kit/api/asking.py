"""What an operation says of itself, and how programs read long lists and change things safely."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import Field

from commonground.kit.api.problems import TYPE, Problem, not_valid
from commonground.kit.paging import Page

MOST_A_PAGE = 100
TAGS = re.compile(r'(?:W/)?"[^"]*"|\*')
PROBLEMS = {
    "4XX": {
        "description": "What went wrong, in plain words. The page of the API lists every word.",
        "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class Bearer(HttpBearer):
    """Who a token speaks for, if it may do what this operation needs."""

    openapi_description = "A token made on the desk, under Programs."

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        enter: Callable[..., Any] = import_string(settings.API_CALLER)
        return enter(token, self.scope, writes=request.method not in ("GET", "HEAD"))


def needs(scope: str) -> dict[str, Any]:
    """What a token must be allowed, for this operation; "" where any token will do."""
    return {
        "auth": Bearer(scope),
        "openapi_extra": {"x-scope": scope, "responses": dict(PROBLEMS)},
    }


def one_of(words: Iterable[str]) -> Any:
    """Of a text: one of these words, and the document lists them."""
    known = [str(word) for word in words]
    pattern = "^(" + "|".join(map(re.escape, known)) + ")$"
    return Field(pattern=pattern, json_schema_extra={"enum": list(known)})


class Listed(Schema):
    """One page of a long list. `next` leads to the page after it."""

    next: str | None


def next_page(request: HttpRequest, page: Page[Any], before: str) -> str | None:
    """Where the next page begins; a mark that is not one of ours is refused, not passed over."""
    if before and page.first:
        raise not_valid("before", _("This is not a mark of ours. Follow `next` instead."))
    if not page.older:
        return None
    asked = {name: value for name, value in request.GET.items() if name != "before"}
    return f"{request.path}?{urlencode({**asked, 'before': page.older})}"


def etag_of(shown: Schema) -> str:
    """Changes whenever anything that is shown does."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def must_be_as_read(request: HttpRequest, shown: Schema) -> None:
    """Whoever changes a thing says which version they read; another one is not overwritten."""
    said = TAGS.findall(request.headers.get("If-Match", ""))
    if not said:
        raise Problem("say-which", _("Send If-Match with the ETag of what you read."))
    if etag_of(shown) not in said:
        raise Problem("changed-since", _("It was changed since you read it. Read it again."))


def with_etag[S: Schema](
    request: HttpRequest, response: HttpResponse, shown: S
) -> S | HttpResponse:
    """The thing with its version; nothing but the version where the program holds it already."""
    tag = etag_of(shown)
    if request.method == "GET" and tag in TAGS.findall(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return shown
