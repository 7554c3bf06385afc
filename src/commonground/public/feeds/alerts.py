"""The alert feed: an Atom list of CAP 1.2 documents, for machines that warn people."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from commonground.agency.models import Agency
from commonground.channels.networks.site.models import Page
from commonground.public import queries
from commonground.public.engine import cap
from commonground.public.feeds import absolute, pictures_of, standing_corrections

# Who polls once an hour must still learn that an alert was taken back.
CANCELLED_STAYS = timedelta(hours=24)


def issue_of(page: Page, agency: Agency) -> cap.Issue:
    """A page that is an alert, in the words of the document."""
    terms = page.warning
    if terms is None:
        raise Http404
    sizes = {p.place: len(p.content) for p in page.pictures.all()}
    resources = [
        cap.Resource(alt, media_type, sizes[place], url)
        for place, (url, media_type, alt) in enumerate(pictures_of(page))
    ]
    return cap.Issue(
        host=urlsplit(settings.ENV.site_url).netloc, key=page.key, sender_name=agency.name,
        language=page.language, headline=page.title, description=page.text, terms=terms,
        web=page.receipt.url, sent=page.published_at, cancelled=page.withdrawn_at, why=page.why,
        resources=resources, updates=earlier(page, agency),
    )  # fmt: skip


def earlier(page: Page, agency: Agency) -> cap.Issue | None:
    """The alert this one corrects: machines then put this in its place."""
    found = page.corrects
    return issue_of(found, agency) if found and found.warning else None


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
        title=agency.name, link=absolute(reverse("public:newsroom")),
        description=agency.motto or agency.name, feed_url=absolute(reverse("public:alerts")),
        author_name=agency.name,
    )  # fmt: skip
    for page in in_the_feed(agency, timezone.now()):
        at = page.withdrawn_at or page.published_at
        shown.add_item(
            title=page.title, link=page.receipt.url, description=page.text, pubdate=at,
            updateddate=at, unique_id=document_address(page), document=document_address(page),
        )  # fmt: skip
    kept = {"Cache-Control": "public, max-age=15", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(
        shown.writeString("utf-8"), content_type=shown.content_type, headers=kept
    )  # fmt: skip


def in_the_feed(agency: Agency, now: datetime) -> list[Page]:
    """Newest change first."""
    pages = queries.alerts_of(agency)
    shown = [page for page in pages if stands(page, now)]
    return sorted(shown, key=lambda p: p.withdrawn_at or p.published_at, reverse=True)


def stands(page: Page, now: datetime) -> bool:
    if page.withdrawn_at:
        return now < page.withdrawn_at + CANCELLED_STAYS
    replaced = any(later.alert for later in standing_corrections(page))
    return page.in_force(now) and not replaced


def document_address(page: Page) -> str:
    name = "public:cancellation" if page.withdrawn_at else "public:alert"
    return absolute(reverse(name, args=[page.key]))


@require_safe
def alert(request: HttpRequest, key: str) -> HttpResponse:
    """The document as it was issued. It stays at its address when it is taken back."""
    agency = queries.the_agency(request)
    return served(cap.document(issue_of(queries.page_of(agency, key), agency)))


@require_safe
def cancellation(request: HttpRequest, key: str) -> HttpResponse:
    agency = queries.the_agency(request)
    page = queries.page_of(agency, key)
    if page.withdrawn_at is None:
        raise Http404
    return served(cap.cancellation(issue_of(page, agency)))


def served(document: bytes) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
    return HttpResponse(document, content_type=cap.MEDIA_TYPE, headers=headers)
