"""What the clock does for the public pages: hands each to the record as a visitor gets it."""

from __future__ import annotations

import io
import logging
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponseBase
from django.utils import timezone, translation

from commonground.channels.networks.site.models import Page, PageFilm, PagePicture
from commonground.kit.clock import every
from commonground.public import queries
from commonground.public.http import AS_CAPTURED
from commonground.record.actions import capturing as record
from commonground.record.engine.capturing import Answer, Medium

log = logging.getLogger(__name__)
AT_ONCE = 20


@every(seconds=5)
def keep_pages() -> None:
    """Capture every page of the newsroom that is new, or says something else than it did."""
    for page in queries.pages_to_capture(timezone.now())[:AT_ONCE]:
        try:
            keep(page)
        except Exception as trouble:  # one page holds up no other
            log.exception("the page %s could not be captured", page.key)
            record.miss(page, type(trouble).__name__)


def keep(page: Page) -> None:
    channel, as_of = page.channel, queries.as_of(page)
    showing = record.show(
        page, agency=channel.agency_id, channel=channel.name, url=page.receipt.url,
        at=page.published_at,
    )  # fmt: skip
    answer = as_a_visitor(page.receipt.url)
    if answer.status not in (200, 410):
        record.miss(page, f"{answer.status}")
        return
    what = "gone" if page.withdrawn_at else "changed" if showing.captured else "published"
    record.capture(
        page, what, answer, [] if page.withdrawn_at else media_of(page), channel=channel.name,
        agency=channel.agency_id, as_of=as_of,
    )  # fmt: skip


def media_of(page: Page) -> list[Medium]:
    shown: list[PagePicture | PageFilm] = [*page.pictures.all()]
    shown += PageFilm.objects.filter(page=page)
    return [Medium(bytes(m.content), m.type, m.alt) for m in shown]


@cache
def site() -> WSGIHandler:
    return WSGIHandler()


def as_a_visitor(address: str) -> Answer:
    """The page as anybody gets it who comes without a cookie: through every layer of ours."""
    parts = urlsplit(address)
    request = WSGIRequest({
        "REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "SCRIPT_NAME": "",
        "SERVER_NAME": parts.hostname, "SERVER_PORT": str(parts.port or 443),
        "HTTP_HOST": parts.netloc, "wsgi.url_scheme": parts.scheme,
        "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), AS_CAPTURED: "yes",
    })  # fmt: skip
    with timezone.override(None), translation.override(settings.LANGUAGE_CODE):
        shown: HttpResponseBase = site().get_response(request)
        body = getattr(shown, "content", b"")
    type_ = shown.headers.get("Content-Type", "text/html").split(";")[0]
    return Answer(body, type_, address, shown.status_code)
