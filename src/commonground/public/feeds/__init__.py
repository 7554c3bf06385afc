"""The newsroom for feed readers: RSS, Atom, JSON Feed. A withdrawn post says so there too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from commonground.agency.models import Agency
from commonground.answer.models import ChatHour
from commonground.answer.states import HourState
from commonground.channels.engine import writable
from commonground.channels.line.own import site_of
from commonground.channels.networks.site.models import Page
from commonground.protect.models import Hold
from commonground.public import queries
from commonground.public.http import asked_for
from commonground.public.templatetags import truth

MOST = 50  # what a reader sees who comes back after a busy week


def last_change(request: HttpRequest) -> datetime | None:
    return queries.last_change(queries.the_agency(request))


def newest(agency: Agency) -> QuerySet[Page]:
    return queries.said_by(agency).order_by("-published_at", "-pk")[:MOST]


def media_address(site: str, path: str) -> str:
    return (settings.MEDIA_ORIGIN or site) + path


def words_of(page: Page) -> tuple[str, str]:
    """Title and text as a feed shows them; a withdrawal replaces what was said, title and all."""
    if page.withdrawn_at:
        return _("We took a post back"), page.why or _("No reason was given.")
    # Who reads only the feed learns of a correction there too.
    later = [_("We corrected this: %s") % c.receipt.url for c in standing_corrections(page)]
    return str(page), "\n\n".join([page.text, *later])


def read_in(pages: Iterable[Page], wanted: str) -> list[Page]:
    """In the language that a feed was asked for, where they have it."""
    return [page.speak(wanted) if wanted else page for page in pages]


def where(page: Page, wanted: str) -> str:
    """Its address, in the language it was asked for."""
    return page.receipt.url + (f"?in={page.language}" if wanted and page.also else "")


def in_languages(page: Page, text: str, wanted: str) -> str:
    """The words as a page shows them; where no language was asked for, in each there is."""
    shown = linebreaks(writable(text), autoescape=True)
    if wanted or page.withdrawn_at or not page.also:
        return shown
    others = [
        format_html(
            '<div lang="{}"><p><strong>{}</strong></p>{}</div>', one.language, writable(one.title),
            mark_safe(linebreaks(writable(one.text), autoescape=True)),  # noqa: S308 - escaped there
        )
        for one in page.renderings[1:]
    ]  # fmt: skip
    return "".join([f'<div lang="{page.language}">{shown}</div>', *others])


def standing_corrections(page: Page) -> list[Page]:
    return [c for c in page.corrections.all() if not c.withdrawn_at]


def changed_at(page: Page) -> datetime:
    """When it last became another: taken back, corrected, or else published."""
    later = [at for c in page.corrections.all() for at in (c.published_at, c.withdrawn_at) if at]
    return page.withdrawn_at or max([page.published_at, *later])


def pictures_of(page: Page) -> list[tuple[str, str, str]]:
    """Address, type and words of each picture; none once the page is withdrawn."""
    shown, site = [] if page.withdrawn_at else page.pictures.all(), site_of(page.channel_id)
    return [
        (media_address(site, reverse("public:picture", args=[page.key, p.place])), p.type, p.alt)
        for p in shown
    ]


@require_safe
@condition(last_modified_func=last_change)
def rss(request: HttpRequest) -> HttpResponse:
    return generated(request, Rss201rev2Feed, "public:rss")


@require_safe
@condition(last_modified_func=last_change)
def atom(request: HttpRequest) -> HttpResponse:
    return generated(request, Atom1Feed, "public:atom")


def generated(
    request: HttpRequest, kind: type[Rss201rev2Feed | Atom1Feed], name: str
) -> HttpResponse:
    agency, wanted = queries.the_agency(request), asked_for(request)
    feed = kind(
        title=agency.name, link=agency.site + reverse("public:newsroom"),
        description=agency.motto or agency.name, feed_url=agency.site + reverse(name),
        author_name=agency.name, language=wanted or None,
    )  # fmt: skip
    if hold := queries.what_is_going_on(agency):
        title, text = truth.words(hold)
        feed.add_item(
            title=title, link=address_of(hold), description=linebreaks(text, autoescape=True),
            unique_id=address_of(hold), pubdate=hold.said_at, updateddate=told_at(hold),
        )  # fmt: skip
    for hour in queries.chats_told(agency):
        title, text = words_of_chat(hour)
        feed.add_item(
            title=writable(title), link=hour.url,
            description=linebreaks(writable(text), autoescape=True),
            unique_id=hour.url, pubdate=hour.since, updateddate=hour.until or hour.since,
        )  # fmt: skip
    for page in read_in(newest(agency), wanted):
        title, text = words_of(page)
        feed.add_item(
            title=writable(title), link=where(page, wanted),
            description=in_languages(page, text, wanted), unique_id=page.receipt.url,
            pubdate=page.published_at, updateddate=changed_at(page),
            enclosures=[Enclosure(url, "0", type_) for url, type_, _alt in pictures_of(page)][:1],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
@condition(last_modified_func=last_change)
def json_feed(request: HttpRequest) -> JsonResponse:
    """JSON Feed 1.1."""
    agency, wanted = queries.the_agency(request), asked_for(request)
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": agency.name,
        "home_page_url": agency.site + reverse("public:newsroom"),
        "feed_url": agency.site + reverse("public:json_feed"),
        "description": agency.motto,
        "authors": [{"name": agency.name}],
        "items": [
            *told(agency),
            *map(chat_as_json, queries.chats_told(agency)),
            *(as_json(p, wanted) for p in read_in(newest(agency), wanted)),
        ],
    }
    headers = {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(whole, content_type="application/feed+json", headers=headers)


def address_of(hold: Hold) -> str:
    return f"{hold.agency.site}{reverse('public:newsroom')}#stopped-{hold.pk}"


def told_at(hold: Hold) -> datetime | None:
    return hold.lifted_at or hold.said_at


def told(agency: Agency) -> Iterator[dict[str, object]]:
    """That we stopped speaking, or speak again: for those who read only the feed."""
    if hold := queries.what_is_going_on(agency):
        title, text = truth.words(hold)
        yield {
            "id": address_of(hold), "url": address_of(hold), "title": title, "content_text": text,
            "date_published": hold.said_at, "date_modified": told_at(hold),
        }  # fmt: skip


def words_of_chat(hour: ChatHour) -> tuple[str, str]:
    """That people may ask, then what came of it: at one address, so that it is one item."""
    starts, ends = timezone.localtime(hour.starts_at), timezone.localtime(hour.ends_at)
    when = f"{date_format(starts, 'j F Y, H:i')}–{ends:%H:%M %Z}"
    title = _("Chat: %(title)s") % {"title": hour.title}
    if hour.reason:
        return title, _("Called off: %(why)s") % {"why": hour.reason}
    if hour.state == HourState.OVER:
        return title, _("It is over. What was asked and answered stands on its page.")
    return title, f"{when}. {hour.who}\n\n{hour.about}".strip()


def chat_as_json(hour: ChatHour) -> dict[str, object]:
    title, text = words_of_chat(hour)
    changed = hour.until or hour.since
    return {
        "id": hour.url, "url": hour.url, "title": title, "content_text": text,
        "language": hour.language, "date_published": hour.since and hour.since.isoformat(),
        "date_modified": changed and changed.isoformat(),
    }  # fmt: skip


def as_json(page: Page, wanted: str) -> dict[str, object]:
    title, text = words_of(page)
    others = [] if wanted or page.withdrawn_at else page.renderings[1:]
    text = "\n\n".join([text, *(f"{one.title}\n\n{one.text}".strip() for one in others)])
    item: dict[str, object] = {
        "id": page.receipt.url, "url": page.receipt.url, "title": title, "content_text": text,
        "language": page.language, "date_published": page.published_at.isoformat(),
        "date_modified": changed_at(page).isoformat(),
        "attachments": [
            {"url": url, "mime_type": type_, "title": alt}
            for url, type_, alt in pictures_of(page)
        ],
    }  # fmt: skip
    return item
