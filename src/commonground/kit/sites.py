"""Several agencies may speak from one installation, each at an address of its own. Which address
is whose says a setting, so that nobody on the desk can claim another's; the desk is at none."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.utils.deprecation import MiddlewareMixin


def own_site() -> str:
    """The installation's own address: the desk's, and its first agency's if it has no other."""
    return str(settings.ENV.site_url).rstrip("/")


def site_called(name: str) -> str:
    """Where the public finds whoever has this short name."""
    sites: dict[str, str] = settings.PUBLIC_SITES
    return sites.get(name) or own_site()


def name_at(request: HttpRequest) -> str:
    """Whose address a request came to; "" at the installation's own. However the name of the host
    is written, and at whichever port: there must be no way round to the desk."""
    sites: dict[str, str] = settings.PUBLIC_SITES
    if not sites:
        return ""
    host, _port = split_domain_port(request.get_host())
    return next((name for name, site in sites.items() if urlsplit(site).hostname == host), "")


def site_at(request: HttpRequest) -> str:
    """The address a request came to, as we write it."""
    return site_called(name_at(request))


class OnlyForThePublic(MiddlewareMixin):
    """At an agency's own address there is what it shows to everybody, and no desk: neither a
    sign-in to be imitated, nor a page that knows a cookie."""

    def process_request(self, request: HttpRequest) -> None:
        """A session of the desk is worth nothing here, however it came."""
        if settings.PUBLIC_SITES and name_at(request):
            from django.contrib.auth.models import AnonymousUser  # no models before the rooms

            request.user = AnonymousUser()

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> None:
        match = request.resolver_match
        if not settings.PUBLIC_SITES or match is None or not name_at(request):
            return
        if not {match.namespace, match.view_name} & settings.FOR_THE_PUBLIC:
            raise Http404
