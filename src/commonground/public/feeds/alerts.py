"""The alert feed: an Atom list of CAP 1.2 documents, for machines that warn people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from commonground.agency.models import Agency
from commonground.channels.engine import writable
from commonground.channels.line.own import site_of
from commonground.channels.networks.site.models import Page
from commonground.public import queries
from commonground.public.engine import cap
from commonground.public.feeds import changed_at, pictures_of

# Who polls once an hour must still learn that an alert was taken back.
CANCELLED_STAYS = timedelta(hours=24)
FURTHEST_BACK = 20  # corrections of corrections; no event has as many


def issue_of(page: Page, agency: Agency, depth: int = FURTHEST_BACK) -> cap.Issue:
    """A page that is an alert, in the words of the document."""
    terms, ended = page.warning, end_of(page)
    if terms is None:
        raise Http404
    earlier = page.corrects if depth and page.corrects and page.corrects.warning else None
    return cap.Issue(
        host=urlsplit(agency.site).hostname or "", key=page.key,
        sender_name=agency.name, language=page.language, headline=page.title,
        description=page.text, terms=terms, web=page.receipt.url, sent=page.published_at,
        cancelled=ended.at if ended else None, why=ended.why if ended else "",
        resources=resources_of(page), also=page.renderings[1:],
        updates=issue_of(earlier, agency, depth - 1) if earlier else None,
    )  # fmt: skip


def resources_of(page: Page) -> list[cap.Resource]:
    sizes = {p.place: len(p.content) for p in page.pictures.all()}
    return [
        cap.Resource(alt, media_type, sizes[place], url)
        for place, (url, media_type, alt) in enumerate(pictures_of(page))
    ]


@dataclass(frozen=True, slots=True)
class End:
    at: datetime
    why: str


def end_of(page: Page) -> End | None:
    """When an alert was taken back before its hours were over, and why.

    A correction that is no alert says that there is nothing to warn of. One that is puts
    itself in its place, and speaks for it from then on, also when it is taken back.
    """
    if page.withdrawn_at:
        return End(page.withdrawn_at, page.why)
    later = next((c for c in page.corrections.all() if not c.alert), None)
    if later is None:
        return None
    return End(later.published_at, "" if later.withdrawn_at else later.title)


class AlertFeed(Atom1Feed):
    """Atom, each entry of which leads to the document itself."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, object]) -> None:
        super().add_item_elements(handler, item)
        document = {"href": str(item["document"]), "type": cap.MEDIA_TYPE, "rel": "alternate"}
        handler.addQuickElement("link", "", document)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is in force, and what was taken back of late."""
    agency = queries.the_agency(request)
    shown = AlertFeed(
        title=agency.name, link=agency.site + reverse("public:newsroom"),
        description=agency.motto or agency.name, feed_url=agency.site + reverse("public:alerts"),
        author_name=agency.name, feed_guid=agency.site + reverse("public:alerts"),
    )  # fmt: skip
    for page in in_the_feed(agency, timezone.now()):
        shown.add_item(**entry_of(page))
    kept = {"Cache-Control": "public, max-age=15", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(
        shown.writeString("utf-8"), content_type=shown.content_type, headers=kept
    )  # fmt: skip


def entry_of(page: Page) -> dict[str, Any]:
    """What was taken back is not said again, only that it was, and why."""
    ended, address = end_of(page), document_address(page)
    at = ended.at if ended else page.published_at
    title = _("We took an alert back") if ended else page.title
    words = (ended.why or _("No reason was given.")) if ended else page.text
    return {
        "title": writable(title), "description": writable(words), "link": page.receipt.url,
        "pubdate": at, "updateddate": at, "unique_id": address, "document": address,
    }  # fmt: skip


def in_the_feed(agency: Agency, now: datetime) -> list[Page]:
    """Newest change first."""
    shown = [page for page in queries.alerts_of(agency) if stands(page, now)]
    return sorted(shown, key=changed_at, reverse=True)


def stands(page: Page, now: datetime) -> bool:
    if any(later.alert for later in page.corrections.all()):
        return False
    ended = end_of(page)
    return now < ended.at + CANCELLED_STAYS if ended else page.in_force(now)


def document_address(page: Page) -> str:
    name = "public:cancellation" if end_of(page) else "public:alert"
    return site_of(page.channel_id) + reverse(name, args=[page.key])


@require_safe
def alert(request: HttpRequest, key: str) -> HttpResponse:
    """The document as it was issued; once it was taken back, what took it back, as gone."""
    agency = queries.the_agency(request)
    issue = issue_of(queries.page_of(agency, key), agency)
    if issue.cancelled:
        return served(cap.cancellation(issue), status=410)
    return served(cap.document(issue))


@require_safe
def cancellation(request: HttpRequest, key: str) -> HttpResponse:
    agency = queries.the_agency(request)
    issue = issue_of(queries.page_of(agency, key), agency)
    if issue.cancelled is None:
        raise Http404
    return served(cap.cancellation(issue))


def served(document: bytes, status: int = 200) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60"}
    return HttpResponse(document, status=status, content_type=cap.MEDIA_TYPE, headers=headers)
