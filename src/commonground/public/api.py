"""What other servers of the fediverse ask of us, in their own language (ActivityPub)."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from commonground.agency.models import Agency
from commonground.channels.networks.fediverse import documents, incoming, reading, signatures
from commonground.channels.networks.fediverse.documents import TYPE, Document
from commonground.channels.networks.fediverse.models import Note, NotePicture
from commonground.channels.networks.fediverse.people import is_streams
from commonground.kit.media import for_all
from commonground.kit.paging import by_time
from commonground.kit.serving import waits_elsewhere
from commonground.kit.sites import site_at
from commonground.public import queries

ANYONE = {"Access-Control-Allow-Origin": "*"}
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.0"
LINKED = f'application/ld+json; profile="{documents.STREAMS}"'
PAGE = 20


def streams(document: Document, status: int = 200, kind: str = TYPE) -> JsonResponse:
    return JsonResponse(document, status=status, content_type=kind, headers=ANYONE)


def asks_for_streams(request: HttpRequest) -> bool:
    """A server says which type it wants; a browser wants a page."""
    return request.get_preferred_type(["text/html", TYPE, LINKED]) in (TYPE, LINKED)


def either(
    request: HttpRequest, document: Callable[[], HttpResponse], page: Callable[[], HttpResponse]
) -> HttpResponse:
    answer = document() if asks_for_streams(request) else page()
    patch_vary_headers(answer, ["Accept"])
    return answer


@require_safe
def webfinger(request: HttpRequest) -> HttpResponse:
    """Where somebody finds the account whose address was typed."""
    asked = request.GET.get("resource", "")
    if not asked:
        return HttpResponse(_("Say which account: ?resource=acct:name@host"), status=400)
    actor = queries.actor_called(queries.the_agency(request), asked)
    return streams(documents.webfinger(actor), kind="application/jrd+json")


@require_safe
def nodeinfo_place(request: HttpRequest) -> HttpResponse:
    told = {"links": [{"rel": SCHEMA, "href": f"{site_at(request)}/nodeinfo/2.0"}]}
    return streams(told, kind="application/json")


@require_safe
def nodeinfo(request: HttpRequest) -> HttpResponse:
    """What this server is, for those who count servers. Nobody but our own accounts is on it."""
    actors = queries.actors(queries.the_agency(request))
    posts = Note.objects.standing().filter(actor__in=actors).count()
    told = documents.nodeinfo(version("commonground"), posts, actors.count())
    return streams(told, kind=f'application/json; profile="{SCHEMA}#"')


@require_safe
def actor(request: HttpRequest, name: str) -> HttpResponse:
    """One of our accounts: for servers a document, for people a page that says how to follow."""
    found = queries.actor_named(queries.the_agency(request), name)
    if found.channel.state == "closed":
        return HttpResponse(_("This account is closed for good."), status=410)

    def page() -> HttpResponse:
        notes = found.notes.standing()[:PAGE]
        return show(request, found.channel.agency, "actor", actor=found, notes=notes)

    return either(request, lambda: streams(documents.actor_document(found)), page)


@require_safe
def outbox(request: HttpRequest, name: str) -> HttpResponse:
    """What the account said and still says, newest first, a page at a time."""
    found = queries.open_actor(queries.the_agency(request), name)
    rows = found.notes.standing().select_related("actor").prefetch_related("pictures")
    if not request.GET.keys() & {"page", "before"}:
        return streams(documents.outbox(found, rows.count()))
    page = by_time(rows, "published_at", request.GET.get("before", ""), PAGE)
    asked = urlencode({k: request.GET[k] for k in ("page", "before") if k in request.GET})
    older = urlencode({"before": page.older}) if page.older else ""
    return streams(documents.outbox_page(found, page.rows, asked, older))


@require_safe
def followers(request: HttpRequest, name: str) -> HttpResponse:
    """How many follow. Who they are is nobody's business."""
    found = queries.open_actor(queries.the_agency(request), name)
    return streams(documents.followers(found, found.followers.count()))


@require_safe
def note(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One thing we said: for people the newsroom's page of the same post, where there is one."""
    found = queries.note_of(queries.the_agency(request), name, key)
    status = 410 if found.withdrawn_at else 200

    def page() -> HttpResponse:
        if address := queries.newsroom_page_of(found):
            return HttpResponseRedirect(address)
        return show(request, found.actor.channel.agency, "note", status, note=found)

    return either(request, lambda: streams(documents.note_document(found), status), page)


@require_safe
@for_all
def note_picture(request: HttpRequest, name: str, key: str, place: int) -> HttpResponse:
    """A picture of a note that still stands. Its bytes were drawn anew by us."""
    ours = queries.whose_pictures(request)
    standing = Note.objects.standing().filter(
        actor__name=name, actor__channel__agency__in=ours, key=key
    )
    found = get_object_or_404(NotePicture, note__in=standing.values("pk"), place=place)
    kept = {"Cache-Control": "public, max-age=3600", **ANYONE}
    return HttpResponse(bytes(found.content), content_type=found.type, headers=kept)


@waits_elsewhere
@csrf_exempt
@require_POST
def inbox(request: HttpRequest, name: str = "") -> HttpResponse:
    """Where other servers tell us things. Whoever they are, their signature must say so."""
    if name:
        queries.open_actor(queries.the_agency(request), name)
    if not is_streams(request.headers.get("Content-Type", "")):
        return HttpResponse("This inbox reads application/activity+json.", status=415)
    body = request.read(reading.MOST_BYTES + 1)
    if len(body) > reading.MOST_BYTES:
        return HttpResponse("It is too long.", status=413)
    said = signatures.Request(
        "POST", site_at(request).lower() + request.get_full_path(),
        {name.lower(): value for name, value in request.headers.items()}, body,
    )  # fmt: skip
    heard = incoming.receive(said, timezone.now())
    later = {"Retry-After": "300"} if heard.status == 503 else {}
    return HttpResponse(heard.words, status=heard.status, content_type="text/plain", headers=later)


def show(
    request: HttpRequest, agency: Agency, name: str, status: int = 200, **context: object
) -> HttpResponse:
    timezone.activate(agency.time_zone)
    return render(request, f"public/{name}.html", {"agency": agency, **context}, status=status)
