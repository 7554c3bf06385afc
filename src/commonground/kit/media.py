"""Pictures and videos are answered so that a browser can do nothing with them but show them, and,
where the operator gave them an origin of their own, from there: whatever slips through our
re-encoding then runs in a place that holds no cookie and no page of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils.deprecation import MiddlewareMixin

NAMES = {
    "image/jpeg": "picture.jpg", "image/png": "picture.png", "image/webp": "picture.webp",
    "video/mp4": "video.mp4", "video/webm": "video.webm", "text/vtt": "captions.vtt",
}  # fmt: skip
# Opened by itself it is a document without an origin, in which nothing is loaded and nothing runs.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"

type View = Callable[..., HttpResponse]


def shown_only(view: View) -> View:
    """Marks a view of bytes that somebody uploaded, whoever may see them."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        return as_shown(answer) if answer.status_code in (200, 206) else answer

    return answered


def for_all(view: View) -> View:
    """The same for what anybody may see: it has the origin of its own."""
    answered = shown_only(view)
    answered.is_media = True  # type: ignore[attr-defined]
    return answered


def as_shown(answer: HttpResponse) -> HttpResponse:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    # Our own name for it: never one that came with the upload.
    answer["Content-Disposition"] = f'inline; filename="{NAMES.get(kind, "file.bin")}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = ALONE
    return answer


class ItsOwnOrigin(MiddlewareMixin):
    """On the origin of pictures there is nothing else; elsewhere they are led there."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: Any
    ) -> HttpResponse | None:
        origin: str = settings.MEDIA_ORIGIN
        if not origin:
            return None
        is_media, here = getattr(view, "is_media", False), is_for_media(request)
        if here and not is_media:
            raise Http404
        if is_media and not here:
            return HttpResponseRedirect(origin + request.get_full_path())
        return None


def is_for_media(request: HttpRequest) -> bool:
    """Whether a request came to that origin, however its name is written."""
    name, port = split_domain_port(request.get_host())
    origin: str = settings.MEDIA_ORIGIN
    return bool(origin) and origin.partition("://")[2] == (f"{name}:{port}" if port else name)
