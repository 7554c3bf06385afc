"""For programs: what was done, in sentences, with what proves it."""

from __future__ import annotations

import json
from datetime import datetime
from html import unescape
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import strip_tags
from ninja import Path, Query, Router, Schema
from pydantic import Field

from commonground.kit.api.asking import MOST_A_PAGE, Listed, needs, next_page
from commonground.kit.paging import by_number
from commonground.record.models import Entry, EntryQuerySet
from commonground.record.queries import log
from commonground.record.templatetags.sentences import sentence

router = Router(tags=["record"])
READ = "record:read"
TEXT = "text/plain; charset=utf-8"
A_WORD = r"^[A-Za-z0-9_.:-]*$"
Number = Annotated[int, Path(ge=1, le=2**53)]
A_TEXT = {"200": {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}}


class EntryShown(Schema):
    """One thing that happened."""

    number: int
    at: datetime
    verb: str
    subject: str = Field(description="What it was done to: its kind, a colon, its key.")
    sentence: str
    who: str = Field(description='Who did it; "" once that was erased.')
    erased: bool


class EntryWhole(EntryShown):
    """The entry, and what opens its leaf in the log: enough to check it without us."""

    detail: dict[str, Any]
    index: int = Field(description="Its place in the log, which counts from 0.")
    leaf: dict[str, Any]
    shown: list[str]


class Entries(Listed):
    items: list[EntryShown]


def entries_of(request: Any) -> EntryQuerySet:
    return Entry.objects.of(request.auth.agency_id)


def readable(request: Any) -> EntryQuerySet:
    """Those whose facts the program's member may read."""
    return entries_of(request).readable_by(request.auth.member.roles)


def told(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number, "at": entry.at, "verb": entry.verb, "subject": entry.subject,
        "sentence": unescape(strip_tags(sentence(entry))), "who": entry.who,
        "erased": entry.is_erased,
    }  # fmt: skip


@router.get("/entries", response=Entries, summary="What was done, newest first", **needs(READ))
def entries(
    request: HttpRequest,
    verb: Annotated[str, Query(max_length=40, pattern=A_WORD)] = "",
    subject: Annotated[str, Query(max_length=80, pattern=A_WORD)] = "",
    before: Annotated[str, Query(max_length=18, pattern=r"^[0-9]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """Only one kind of step with `verb`; only what happened to one thing with `subject`."""
    rows = entries_of(request)
    wanted = {name: value for name, value in (("verb", verb), ("subject", subject)) if value}
    page = by_number(rows.filter(**wanted), before, limit)
    items = [told(entry) for entry in page.rows]
    return {"items": items, "next": next_page(request, page, before)}


@router.get("/entries/{number}", response=EntryWhole, summary="One entry", **needs(READ))
def entry(request: HttpRequest, number: Number) -> dict[str, Any]:
    """With what its leaf in the log says, and what opens it. What people wrote to us opens for a
    program only where its member may read that."""
    found = get_object_or_404(readable(request), number=number)
    return {
        **told(found), "detail": found.detail, "index": found.index,
        "leaf": json.loads(bytes(found.leaf)), "shown": found.disclosures,
    }  # fmt: skip


def as_text(summary: str) -> dict[str, Any]:
    """An operation that answers a text instead of JSON."""
    how = needs(READ)
    how["openapi_extra"]["responses"] |= A_TEXT
    return {**how, "summary": summary}


@router.get("/entries/{number}/proof", **as_text("The proof that it stands in the log"))
def proof(request: HttpRequest, number: Number) -> HttpResponse:
    """A text that can be checked without us (C2SP tlog-proof). Not there until the next
    checkpoint, which is five minutes away at most."""
    found = log.proof_of(get_object_or_404(entries_of(request), number=number))
    if found is None:
        raise Http404
    return HttpResponse(str(found), content_type=TEXT)


@router.get("/checkpoint", **as_text("Where the log stands"))
def checkpoint(request: HttpRequest) -> HttpResponse:
    """How many entries it has and the hash over them, signed."""
    shown = log.last_checkpoint()
    if shown is None:
        raise Http404
    return HttpResponse(shown.note, content_type=TEXT)
