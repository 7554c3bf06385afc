"""Gives each browser of a member a name of its own, so that a new one is noticed."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from commonground.protect.actions.devices import IN_HAND

COOKIE, SALT = "device", "commonground device"
KEPT = 400 * 86_400  # seconds: the longest that browsers keep one


class KnowDevice(MiddlewareMixin):
    """Visitors get no cookie; members get one that says nothing but which browser it is."""

    def process_request(self, request: HttpRequest) -> None:
        token = ""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            token = named_in(request.COOKIES.get(COOKIE, "")) or secrets.token_urlsafe(24)
        IN_HAND.set(token)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        token, _old = IN_HAND.get(), IN_HAND.set("")
        is_new = token and named_in(request.COOKIES.get(COOKIE, "")) != token
        if is_new and getattr(request, "user", None) and request.user.is_authenticated:
            response.set_cookie(
                COOKIE, dumps(token, salt=SALT), max_age=KEPT, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response


def named_in(cookie: str) -> str:
    """What we wrote into it; "" for a cookie that is not ours."""
    try:
        token = loads(cookie, salt=SALT) if cookie else ""
    except BadSignature:
        return ""
    return token if isinstance(token, str) and len(token) <= 64 else ""
