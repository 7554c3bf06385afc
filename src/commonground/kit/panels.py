"""Pieces of a page that other rooms draw: within the page itself, for whoever has no script, and so
that nothing jumps when it comes."""

from __future__ import annotations

import logging
from copy import copy

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import ResolverMatch, resolve
from django_htmx.middleware import HtmxDetails

from commonground.kit.refusals import Refused

log = logging.getLogger(__name__)


def piece_at(request: HttpRequest, address: str) -> str | None:
    """What stands there for this reader. None where nothing can be drawn: the page then says where
    it is, and the script asks once more. A page must not fail because a piece of it does."""
    found = resolve(address)
    try:
        answer = found.func(asking(request, address, found), *found.args, **found.kwargs)
    except (Refused, Http404):
        return None
    except Exception:
        log.exception("%s could not be drawn within a page", found.view_name)
        return None
    if not isinstance(answer, HttpResponse) or answer.status_code not in (200, 204):
        return None
    return answer.content.decode()


def asking(request: HttpRequest, address: str, found: ResolverMatch) -> HttpRequest:
    """The same person, as their browser would ask for the piece alone. No middleware comes in
    between: who they are was settled for the page."""
    get_token(request)  # one for the page and all its forms
    part = copy(request)
    part.method, part.path, part.path_info = "GET", address, address
    part.GET, part.resolver_match = QueryDict(), found
    part.META = {**request.META, "HTTP_HX_REQUEST": "true"}
    vars(part).pop("headers", None)  # they were read already, and kept
    part.htmx = HtmxDetails(part)  # type: ignore[attr-defined]
    return part
