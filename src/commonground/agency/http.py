"""What a view may rely on: someone is signed in, and they belong to an agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from commonground.agency.models import Member

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class DeskRequest(HttpRequest):
    user: Member
    htmx: HtmxDetails
