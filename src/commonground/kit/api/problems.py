"""What went wrong, for a program and for whoever reads its log (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.types import DictStrAny

from commonground.kit.api.strict import NotRead, read
from commonground.kit.refusals import MovedOn, NotYours, Refused

log = logging.getLogger(__name__)
TYPE = "application/problem+json"
# Where the page of the API explains each word: the `type` of a problem leads there.
EXPLAINED = "/api/#"
# Every word a program may be told, its status, and what it means for whoever wrote the program.
WORDS = {
    "not-read": (400, "The request could not be read. Sending it again will not help."),
    "who-are-you": (401, "There is no token, or it is unknown, has ended, or its member has left."),
    "not-yours": (403, "The token, or the roles of its member just now, do not reach so far."),
    "not-there": (404, "There is no such thing here. What belongs to others is not there either."),
    "no-such-step": (405, "This address does not know that method. `Allow` says which it knows."),
    "refused": (409, "The desk will not do this as things stand. `detail` says what is missing."),
    "moved-on": (409, "It is not as you last saw it. Read it again before you decide."),
    "stopped": (409, "Everything is stopped. Programs change nothing until two people lift it."),
    "changed-since": (412, "It was changed since you read it. Read it again, then write."),
    "not-json": (415, "A request that carries something carries application/json."),
    "not-valid": (422, "It was read, and something in it is not as it must be: see `errors`."),
    "say-which": (428, "Say in `If-Match` which version you change: the ETag you read."),
    "too-many": (429, "Too many requests. `Retry-After` says for how many seconds to wait."),
    "our-fault": (500, "The desk made a mistake. It is in its log; send the request again later."),
}
SCHEMA: DictStrAny = {
    "title": "Problem", "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Which problem: an address that explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, in words for a person."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object", "required": ["where", "what"],
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}  # fmt: skip


class Problem(Exception):
    """Ends a request with one of the words above."""

    def __init__(
        self, word: str, detail: str, *, errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.word, self.detail, self.errors = word, detail, errors
        self.headers = headers or {}

    def answer(self) -> HttpResponse:
        status, title = WORDS[self.word]
        told: dict[str, Any] = {
            "type": EXPLAINED + self.word, "title": title, "status": status, "detail": self.detail,
        }  # fmt: skip
        if self.errors is not None:
            told["errors"] = self.errors
        headers = {"Cache-Control": "no-store", **self.headers}
        return JsonResponse(told, status=status, content_type=TYPE, headers=headers)


class StrictParser(Parser):
    """Reads what a program sends, or says why it cannot be read."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        if request.content_type != "application/json":
            raise Problem("not-json", _("Send it as application/json."))
        try:
            found: DictStrAny = read(request.body)
        except NotRead as why:
            raise Problem("not-read", str(why)) from None
        return found


def not_valid(where: str, what: str) -> Problem:
    """One field that is read, and wrong."""
    return Problem("not-valid", f"{where}: {what}", errors=[{"where": where, "what": what}])


def explain_in(api: NinjaAPI) -> None:
    """Have every error of this API answered as a problem."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def problem(request: HttpRequest, error: Any) -> HttpResponse:
    answer: HttpResponse = error.answer()
    return answer


def unknown(request: HttpRequest, error: Any) -> HttpResponse:
    log.exception("a request of a program failed", exc_info=error)
    return Problem("our-fault", _("The desk made a mistake.")).answer()


def not_there(request: HttpRequest, error: Any = None) -> HttpResponse:
    return Problem("not-there", _("There is no such thing here.")).answer()


def refused(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem("refused", str(error)).answer()


def moved_on(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem("moved-on", str(error)).answer()


def not_yours(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem("not-yours", str(error)).answer()


def nobody(request: HttpRequest, error: Any = None) -> HttpResponse:
    said = _("Send a token that is in force: “Authorization: Bearer …”.")
    return Problem("who-are-you", said, headers={"WWW-Authenticate": "Bearer"}).answer()


def unread(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja wraps whatever our parser says; Django refuses bodies that are larger still."""
    cause = error.__cause__
    if isinstance(cause, Problem):
        return cause.answer()
    return Problem("not-read", _("The request could not be read.")).answer()


def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Each field that is wrong, by where it stands, without repeating what was sent."""
    found = [
        {"where": ".".join(str(part) for part in one["loc"][1:] or one["loc"]), "what": one["msg"]}
        for one in error.errors[:20]
    ]
    said = "; ".join(f"{one['where']}: {one['what']}" for one in found)
    return Problem("not-valid", said, errors=found).answer()


HANDLERS: dict[type[Exception], Any] = {
    Exception: unknown, Problem: problem, Http404: not_there, Refused: refused, MovedOn: moved_on,
    NotYours: not_yours, AuthenticationError: nobody, HttpError: unread,
    SuspiciousOperation: unread, ValidationError: invalid,
}  # fmt: skip
