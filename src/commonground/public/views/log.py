"""The log of the record as anybody can fetch it (C2SP tlog-tiles), and the archive of what the
public saw. No tile shows more than the newest checkpoint covers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commonground.kit.paging import by_number
from commonground.public import queries
from commonground.public.views import show
from commonground.record.models import Checkpoint, Entry, EntryQuerySet, Restored
from commonground.record.queries import log
from commonground.record.queries.archive import archived as as_archived

FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
FOR_NOW = {"Cache-Control": "public, max-age=5"}
TEXT = "text/plain; charset=utf-8"


@require_safe
def checkpoint(request: HttpRequest, epoch: int) -> HttpResponse:
    """How many entries the log has and the hash over them, signed; also of a log that ended."""
    shown = Checkpoint.objects.filter(epoch=epoch).order_by("-size").first()
    ended = Restored.objects.filter(epoch=epoch).first()
    if shown is None and ended is None:
        raise Http404
    note = ended.lost if ended else shown.note if shown else ""
    return HttpResponse(note, content_type=TEXT, headers=FOR_NOW)


@require_safe
def key(request: HttpRequest, epoch: int) -> HttpResponse:
    """Whose signature a checkpoint must bear."""
    if not 1 <= epoch <= log.epoch():
        raise Http404
    return HttpResponse(f"{log.log_key(epoch)}\n", content_type=TEXT, headers=FOR_NOW)


@require_safe
def tile(request: HttpRequest, epoch: int, place: str) -> HttpResponse:
    """Part of the tree, or of the entries under it. What it says never changes."""
    held = log.served(place) if epoch == log.epoch() else None
    if held is None:
        raise Http404
    return HttpResponse(held, content_type="application/octet-stream", headers=FOR_GOOD)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """What the public saw, newest first, each with its proof; or only decisions about what
    residents wrote."""
    agency = queries.the_agency(request)
    shown = log.last_checkpoint()
    only = request.GET.get("only", "")
    entries = in_public(agency.pk)
    if only == "moderation":
        entries = entries.of_moderation()
    page = by_number(entries, request.GET.get("before", ""))
    acts = [as_archived(entry) for entry in page.rows]
    ended = Restored.objects.order_by("-epoch")
    return show(
        request, agency, "archive", page=page, acts=acts, only=only, checkpoint=shown,
        key=log.log_key(log.epoch()), ended=ended, epoch=log.epoch(),
    )  # fmt: skip


@require_safe
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """That this entry stands in the log: a text that can be checked without us."""
    found = log.proof_of(found_in_public(request, number))
    if found is None:
        raise Http404
    return HttpResponse(str(found), content_type=TEXT, headers=FOR_NOW)


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """The leaf as the log holds it, and the facts of it that anybody may read."""
    act = as_archived(found_in_public(request, number))
    said = {"index": act.index, "leaf": act.leaf, "shown": act.disclosures, "facts": act.facts}
    return JsonResponse(said, headers=FOR_NOW)


def in_public(agency_id: object) -> EntryQuerySet:
    shown = log.last_checkpoint()
    return Entry.objects.in_clear(shown.size if shown else 0).of(agency_id)


def found_in_public(request: HttpRequest, number: int) -> Entry:
    return get_object_or_404(in_public(queries.the_agency(request).pk), number=number)
